"""How many parts a text message takes: a network cuts a long one, and each part is paid for."""

PART, PART_OF_MANY = 160, 153
WIDE_PART, WIDE_PART_OF_MANY = 70, 67
MOST_PARTS = 2

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO_PLACES = frozenset("^{}\\[~]|€\f")
"""The alphabet of 3GPP TS 23.038; a letter outside it makes the whole message wide."""


_NARROWER = str.maketrans("âêîôûëïçáíóúÂÊÎÔÛ’‘“”–", "aeioueicaiouAEIOU''\"\"-")


def narrow(text: str) -> str:
    """The text with letters that would make it wide written without their marks: août becomes aout."""
    return text.translate(_NARROWER)


def parts_of(text: str) -> int:
    """The parts that a network cuts this text into."""
    if set(text) <= _BASIC | _TWO_PLACES:
        places = len(text) + sum(letter in _TWO_PLACES for letter in text)
        return _parts(places, PART, PART_OF_MANY)
    return _parts(len(text.encode("utf-16-be")) // 2, WIDE_PART, WIDE_PART_OF_MANY)


def _parts(places: int, one: int, of_many: int) -> int:
    return 1 if places <= one else -(-places // of_many)
