"""The code on a box of ampoules, as a scanner that acts as a keyboard types it: GS1 DataMatrix or its printed form.

Article number (01), lot (10) and expiry (17) are read; anything else is passed over. A lot is of any length, so it ends at
the separator that the code holds; scanners type that one in several ways.
"""

import re
from dataclasses import dataclass
from datetime import date

import biip
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin

_SEPARATORS = re.compile(r"<GS>|\{GS\}|\^\]|[\x1c-\x1e|~]", re.IGNORECASE)
_ELEMENT_STRING = re.compile(r"(?:\][A-Z]\d)?\x1d?\(?01\)?\d{14}", re.IGNORECASE)
_LONGEST = 200
_GTIN, _LOT, _EXPIRY = "01", "10", "17"


class UnreadableCode(ValueError):
    """What was scanned is no code of a medicine's box; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class BoxCode:
    """What a code says. gtin: 14 digits. lot and expires_on may be missing from it; a month without a day means its last."""

    gtin: str
    lot: str
    expires_on: date | None


def is_box_code(text: str) -> bool:
    """Whether a text is the code of a box, which a scanner typed into the field where the cursor stood."""
    return _ELEMENT_STRING.match(_SEPARATORS.sub("\x1d", text.strip())) is not None


def read_box_code(scanned: str) -> BoxCode:
    """Raises UnreadableCode for what is no such code, and for one whose check digit or date is wrong."""
    text = _SEPARATORS.sub("\x1d", scanned.strip())[:_LONGEST]
    found = {element.ai.ai: element for element in _message(text).element_strings}
    if _GTIN not in found:
        raise UnreadableCode("The code names no article (01); enter product, lot and expiry by hand.")
    if found[_GTIN].gtin is None:
        raise UnreadableCode("The article number in the code is wrong; scan it again or enter it by hand.")
    lot, expiry = found.get(_LOT), found.get(_EXPIRY)
    return BoxCode(
        gtin=found[_GTIN].value, lot=lot.value if lot else "", expires_on=expiry.date if expiry else None
    )


def article_number(typed: str) -> str:
    """An article number typed by hand, as 14 digits. Raises UnreadableCode when its length or check digit is wrong."""
    digits = "".join(typed.split()).replace("-", "")
    try:
        return Gtin.parse(digits).as_gtin_14()
    except (biip.ParseError, ValueError) as wrong:
        raise UnreadableCode(
            "This is no article number: 8, 12, 13 or 14 digits, of which the last one checks the others."
        ) from wrong


def _message(text: str) -> GS1Message:
    try:
        message = GS1Message.parse_hri(text) if text.startswith("(") else biip.parse(text).gs1_message
    except (biip.ParseError, ValueError, IndexError):  # a lone bracket is read past its end
        message = None
    if message is None or not message.element_strings:
        raise UnreadableCode(
            "This is not the square code of a medicine's box; scan that one, or enter product, lot and expiry by hand."
        )
    return message
