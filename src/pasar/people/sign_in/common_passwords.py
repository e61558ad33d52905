"""Is this password one of those that everybody tries first?

The 30,000 most used ones of public leaks come with the library zxcvbn; the site's own words are as easy to
guess. OWASP ASVS 5.0, 6.2.4 and 6.2.11.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

# Guessed first wherever they are typed in.
OUR_WORDS: Final = ("pasar", "pasarshop", "password", "kata sandi", "katasandi", "toko", "admin", "owner")
# What people put around a word to make it "strong".
_TRIMMINGS: Final = "0123456789!@#$%&*.-_ "


@cache
def _known() -> frozenset[str]:
    """The leaked passwords, in lower case. Read at the first use: it takes 40 ms."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def words_of(*names: str, email: str = "") -> tuple[str, ...]:
    """What guessers try for this person: each name whole and in its parts, and likewise what stands before
    the @ of the e-mail."""
    texts = [*names, email.partition("@")[0]]
    return tuple(word for text in texts for word in (text, *re.split(r"[\W_\d]+", text)) if word)


def is_common(password: str, words: Iterable[str] = ()) -> bool:
    """Whether `password` is a common one, or one of `words` (names of the person, the shop) with digits or
    signs around it. Letters' case does not matter; `words` shorter than four letters are left aside."""
    folded = password.casefold()
    bare = folded.strip(_TRIMMINGS)
    own = {word.casefold().replace(" ", "") for word in (*OUR_WORDS, *words) if len(word) >= 4}
    return folded in _known() or bare.replace(" ", "") in own or folded.replace(" ", "") in own
