"""How is a letter written without its accents?"""

import unicodedata

# Letters that Unicode does not decompose, with the spelling that shoppers type in their place.
_UNDECOMPOSED = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH", "ı": "i",
        "ħ": "h", "Ħ": "H",
    }
)  # fmt: skip


def without_accents(text: str) -> str:
    """Return `text` with accents removed and compatibility forms resolved; letters keep their case."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare)
