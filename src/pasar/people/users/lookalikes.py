"""Can this word be taken for another one that is written with other letters? Pure.

After Unicode's security report (UTS 39): words that mix scripts, and words of one script whose letters all
look like Latin ones. `аnn` with a Cyrillic а, or the wholly Cyrillic `сосо`, would pass for Latin words.
"""

from __future__ import annotations

import unicodedata
from typing import Final

# Scripts that are written together (UTS 39, 5.2, "highly restrictive").
_TOGETHER: Final = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
# Lower-case letters beyond ASCII that are drawn as a Latin one in common fonts (Unicode's confusables.txt,
# those of scripts in daily use).
_LIKE_LATIN: Final = frozenset(
    "асԁеһіјӏорԛѕԝхуүѵ"  # Cyrillic
    "ονικραυχ"  # Greek
    "օոսցհքզ"  # Armenian
)
# Of Latin itself: letters that nobody tells from their plain ones.
_ODD_LATIN: Final = frozenset("ɑɡıɩſʟƽꞵɪʏᴄᴏᴠᴡᴢ")


def is_lookalike(word: str) -> bool:
    """Whether `word` (lower-case, NFKC) mixes scripts or passes for a Latin word. ASCII never does."""
    if word.isascii():
        return False
    letters = [mark for mark in word if mark.isalpha()]
    scripts = {_script(letter) for letter in letters}
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        return True
    if any(letter in _ODD_LATIN for letter in letters):
        return True
    beyond = [letter for letter in letters if not letter.isascii()]
    return bool(beyond) and scripts != {"LATIN"} and all(letter in _LIKE_LATIN for letter in letters)


def _script(letter: str) -> str:
    """The script of a letter, by the first word of its Unicode name."""
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0].partition("-")[0]
