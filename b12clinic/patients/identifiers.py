"""What makes a patient's number well formed, scheme by scheme. Plain Python; schemes are the codes of `IdentifierScheme`.

NHS and CHI numbers share one rule: ten digits, the last a check digit, modulus 11. A CHI number begins with a date of
birth (DDMMYY). A BSN has nine digits and the "elfproef". A clinic's own record number is free text.
"""

import re
from collections.abc import Callable
from datetime import date

from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.gb import nhs
from stdnum.nl import bsn

_HYPHENS = re.compile("[\u002d\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


class IdentifierRefused(ValueError):
    """A number that its scheme does not allow; the message is one sentence for the person who typed it."""


def normalised(scheme: str, value: str) -> str:
    """A number as it is kept: digits alone for a national scheme, capitals without spaces for a clinic's own.

    Raises IdentifierRefused.
    """
    kept = _NORMALISERS[scheme](_closed_up(value))
    if not kept:
        raise IdentifierRefused("Write the number, or leave its row out.")
    return kept


def grouped(scheme: str, value: str) -> str:
    """A kept number as people read it: 999 000 0018."""
    if scheme in ("nhs_number", "chi_number") and len(value) == 10:
        return (
            f"{value[:3]} {value[3:6]} {value[6:]}" if scheme == "nhs_number" else f"{value[:6]} {value[6:]}"
        )
    return value


def search_prefixes(text: str) -> frozenset[str]:
    """The beginnings that a kept number may have when someone searches for this text; none below two characters."""
    closed_up = _closed_up(text)
    digits = closed_up.replace("-", "")
    wanted = {closed_up} | ({digits} if digits.isdecimal() else set())
    return frozenset(prefix for prefix in wanted if len(prefix) >= 2)


def _closed_up(value: str) -> str:
    """Capitals without spaces or control characters, every kind of hyphen as a plain one."""
    return "".join(
        letter for letter in _HYPHENS.sub("-", value.upper()) if letter.isprintable() and letter != " "
    )


def _nhs_number(value: str) -> str:
    return _ten_digits("An NHS number", value)


def _chi_number(value: str) -> str:
    digits = _ten_digits("A CHI number", value)
    try:
        date(
            2000 + int(digits[4:6]), int(digits[2:4]), int(digits[:2])
        )  # leap years repeat from 1900 to 2000
    except ValueError:
        raise IdentifierRefused(
            f"A CHI number begins with the date of birth as day, month and year; {digits[:6]} is no date."
        ) from None
    return digits


def _ten_digits(name: str, value: str) -> str:
    digits = _checked(name, "10 digits", nhs.validate, value)
    if len(set(digits)) == 1:  # every row of ten equal digits passes modulus 11
        raise IdentifierRefused(
            f"{name} is not one digit ten times over; leave the row out if it is not known."
        )
    return digits


def _bsn(value: str) -> str:
    if 0 < sum(letter.isdigit() for letter in value) < 8:  # the library would fill any length up with zeros
        raise IdentifierRefused(_wrong_length("A BSN", "9 digits", value))
    return _checked("A BSN", "9 digits", bsn.validate, value)


def _record_number(value: str) -> str:
    if len(value) > 40:
        raise IdentifierRefused("A clinic record number has at most 40 characters.")
    return value


def _checked(name: str, length: str, validate: Callable[[str], str], value: str) -> str:
    """What a rule of the library makes of a number, its refusals turned into sentences."""
    if not value:
        return ""
    try:
        return validate(value)
    except InvalidLength:
        raise IdentifierRefused(_wrong_length(name, length, value)) from None
    except InvalidChecksum:
        raise IdentifierRefused(
            f"The check digit of this number does not fit, so a digit was mistyped. {name} has {length}."
        ) from None
    except ValidationError:
        raise IdentifierRefused(f"{name} has {length} and nothing else.") from None


def _wrong_length(name: str, length: str, value: str) -> str:
    return f"{name} has {length}; this has {sum(letter.isdigit() for letter in value)}."


_NORMALISERS: dict[str, Callable[[str], str]] = {
    "nhs_number": _nhs_number,
    "chi_number": _chi_number,
    "bsn": _bsn,
    "medical_record": _record_number,
}
