"""An HL7 v2 file split into messages, each with its segments; what its trailers count must be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import hl7

from .bounds import MOST_FIELDS, MOST_MESSAGES, MOST_PARTS, MOST_SEGMENTS, MOST_STRUCTURED_BYTES
from .kinds import text_of
from .rows import FileRefused, Layout

VERSIONS = ("2.3", "2.3.1", "2.4", "2.5", "2.5.1")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
_ENDS = re.compile(r"\r\n|\r|\n")
_ENVELOPE = ("FHS", "BHS", "BTS", "FTS")
_CHARSETS = {
    "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "8859/1": "latin-1", "ISO8859-1": "latin-1", "ASCII": "utf-8",
    "UNICODE UTF-16": "utf-16",
}  # fmt: skip
_SEPARATORS = re.compile(r"MSH([^\w\s])([^\w\s])([^\w\s])([^\w\s])([^\w\s])?\1")


@dataclass
class Message:
    """One message: its header's fields as text, and its segments; `problem` says why it is not read."""

    header: hl7.Segment | None = None
    segments: list[hl7.Segment] = field(default_factory=list)
    problem: str = ""

    def told(self, place: int, component: int = 0) -> str:
        """A component of a field of the header; empty where it is not there."""
        return part(self.header, place, component) if self.header is not None else ""


def messages_of(content: bytes, layout: Layout) -> Iterator[Message]:
    """The messages in order. Raises FileRefused for a file that is too large, cut off, or none."""
    if len(content) > MOST_STRUCTURED_BYTES:
        raise FileRefused(
            f"An HL7 file may have {MOST_STRUCTURED_BYTES // 1024 // 1024} MB; ask for it in parts."
        )
    lines = _lines(content, layout)
    if len(lines) > MOST_SEGMENTS:
        raise FileRefused(f"The file has more than {MOST_SEGMENTS:,} segments; ask for it in parts.")
    starts = [at for at, line in enumerate(lines) if line.startswith("MSH")]
    if not starts:
        raise FileRefused("The file holds no HL7 message: none of its lines begins with MSH.")
    if len(starts) > MOST_MESSAGES:
        raise FileRefused(f"The file has more than {MOST_MESSAGES:,} messages; ask for it in parts.")
    _refuse_cut_off(lines, len(starts))
    for at, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _message([line for line in lines[at:end] if not line.startswith(_ENVELOPE)])


def part(segment: hl7.Segment, place: int, component: int = 0, repetition: int = 0) -> str:
    """A component of a field as text, escapes undone; empty where it is not there."""
    found = parts(segment, place, repetition)
    return found[component] if component < len(found) else ""


def parts(segment: hl7.Segment, place: int, repetition: int = 0) -> list[str]:
    """The components of one repetition of a field."""
    if place >= len(segment):
        return []
    repetitions = segment[place]
    if isinstance(repetitions, str):
        return [_plain(segment, repetitions)]
    if repetition >= len(repetitions):
        return []
    one = repetitions[repetition]
    return [_plain(segment, one)] if isinstance(one, str) else [_plain(segment, str(each)) for each in one]


def repetitions_of(segment: hl7.Segment, place: int) -> int:
    """How often a field is repeated."""
    if place >= len(segment):
        return 0
    return 1 if isinstance(segment[place], str) else len(segment[place])


def _plain(segment: hl7.Segment, text: str) -> str:
    """Escapes undone by hand: the library's own way reads hexadecimal that a sender has mangled as a crash."""
    if text == '""':  # HL7's way to say that there is nothing
        return ""
    if "\\" not in text:
        return text.strip()
    for escaped, meant in (
        ("\\F\\", "|"),
        ("\\S\\", "^"),
        ("\\R\\", "~"),
        ("\\T\\", "&"),
        ("\\.br\\", " "),
        ("\\E\\", "\\"),
    ):
        text = text.replace(escaped, meant)
    return text.strip()


def _lines(content: bytes, layout: Layout) -> list[str]:
    text = text_of(content, _charset(content) or layout.encoding).read()
    return [line for line in _ENDS.split(text.replace("\x0b", "").replace("\x1c", "")) if line.strip()]


def _charset(content: bytes) -> str:
    """The encoding that the first message declares in MSH-18; empty where it declares none."""
    start = content.find(b"MSH")
    line = (
        re.split(rb"[\r\n]", content[start : start + 4096], maxsplit=1)[0].decode("latin-1")
        if start >= 0
        else ""
    )
    fields = line.split(line[3]) if len(line) > 3 else []
    told = fields[17].split("~")[0].split("^")[0].strip().upper() if len(fields) > 17 else ""
    if told and told not in _CHARSETS:
        raise FileRefused(
            f"The message says that it is written in “{told[:20]}”, which is not read; ask for UTF-8."
        )
    return _CHARSETS.get(told, "")


def _refuse_cut_off(lines: list[str], messages: int) -> None:
    """What a batch's own header opens its trailer must close, with the count that it tells."""
    for opens, closes in (("FHS", "FTS"), ("BHS", "BTS")):
        opened = sum(line.startswith(opens) for line in lines)
        if opened != sum(line.startswith(closes) for line in lines):
            raise FileRefused(f"The file is cut off: {opens} and {closes} do not pair.")
    told = [_count(line) for line in lines if line.startswith("BTS")]
    if told and None not in told and sum(count or 0 for count in told) != messages:
        raise FileRefused(
            f"The batch tells of {sum(count or 0 for count in told)} messages and holds {messages}."
        )


def _count(trailer: str) -> int | None:
    told = trailer[4:].split(trailer[3])[0].strip() if len(trailer) > 4 else ""
    return int(told) if told.isdecimal() and len(told) < 9 else None


def _message(lines: list[str]) -> Message:
    """The segments of one message; a line that is no segment spoils it, since it may be the end of the one above."""
    if not _SEPARATORS.match(lines[0]):
        return Message(problem="The message's header is not well formed.")
    separator = lines[0][3]
    if sum(line.count(mark) for line in lines for mark in set(lines[0][3:8])) > MOST_PARTS:
        return Message(problem=f"The message has more than {MOST_PARTS:,} fields; ask for it in parts.")
    for line in lines:
        if not _SEGMENT.match(line) or line[3:4] not in (separator, ""):
            return Message(header=_parsed(lines[0]), problem=f"The line “{line[:20]}” is no segment.")
        if line.count(separator) > MOST_FIELDS:
            return Message(header=_parsed(lines[0]), problem=f"A segment has more than {MOST_FIELDS} fields.")
    try:
        segments = list(hl7.parse("\r".join(lines) + "\r"))
    except Exception:  # whatever the library makes of a mangled message, the others are read
        return Message(header=_parsed(lines[0]), problem="The message is not well formed.")
    message = Message(header=segments[0], segments=segments[1:])
    message.problem = _unsuited(message)
    return message


def _parsed(line: str) -> hl7.Segment | None:
    try:
        return next(iter(hl7.parse(line + "\r")))
    except Exception:
        return None


def _unsuited(message: Message) -> str:
    kind = (message.told(9), message.told(9, 1))
    if kind[0] != "ORU" or kind[1] not in ("R01", ""):
        return f"A message of the kind {'^'.join(kind)[:20] or 'nothing'} holds no results: ORU^R01 is read."
    version = message.told(12)
    return "" if version in VERSIONS else f"HL7 version “{version[:10]}” is not read: 2.3 to 2.5.1 are."
