"""Answers to HL7 messages: AA where all of a message was taken, AE where rows wait, AR where it was not read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from .hl7_rows import Answerable

_ESCAPES = (
    ("\\", "\\E\\"),
    ("|", "\\F\\"),
    ("^", "\\S\\"),
    ("~", "\\R\\"),
    ("&", "\\T\\"),
    ("\r", " "),
    ("\n", " "),
)


def answers_to(messages: Iterable[Answerable], refused: Collection[int], at: datetime) -> bytes:
    """One ACK for each message, in order. `refused` are the numbers of the rows that were not taken."""
    return "".join(_answer(each, refused, at) for each in messages).encode()


def refusal_of_all(sentence: str, at: datetime) -> bytes:
    """The one answer to a file of which no message could be read."""
    return _segments(["", "", "", ""], "", "2.5.1", "P", "AR", sentence, at).encode()


def _answer(each: Answerable, refused: Collection[int], at: datetime) -> str:
    waiting = sum(number in refused for number in range(each.first, each.last + 1)) if each.last else 0
    code, sentence = "AA", ""
    if each.problem:
        code, sentence = "AR", each.problem
    elif waiting:
        code, sentence = "AE", f"{waiting} of {each.last - each.first + 1} results wait for somebody."
    turned = [each.header[place] for place in (5, 6, 3, 4)]
    version, processing = each.header[12] or "2.5.1", each.header[11] or "P"
    return _segments(turned, each.header[10], version, processing, code, sentence, at)


def _segments(
    turned: list[str], control_id: str, version: str, processing: str, code: str, sentence: str, at: datetime
) -> str:
    """The ACK, sender and receiver turned round; its own control id is the message's with an A before it."""
    kind = "ACK^R01^ACK" if version in ("2.5", "2.5.1") else "ACK^R01"
    names = "|".join(_escaped(each) for each in turned)
    control, stamp = _escaped(control_id), f"{at:%Y%m%d%H%M%S}+0000"
    header = f"MSH|^~\\&|{names}|{stamp}||{kind}|A{control}|{_escaped(processing)}|{_escaped(version)}"
    return f"{header}\rMSA|{code}|{control}|{_escaped(sentence[:80])}\r"


def _escaped(text: str) -> str:
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text
