"""What kind of file it is, by its first bytes and its declared encoding, never by its name."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

from .bounds import MOST_BYTES
from .rows import FileRefused

CSV, HL7, FHIR = "csv", "hl7", "fhir"

_NOT_TEXT: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook: save the sheet as CSV"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"BZh", "a bzip2 archive: unpack it first"),
    (b"\xfd7zXZ", "an xz archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"%PDF", "a PDF: ask the laboratory for CSV, HL7 or FHIR"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file: save the sheet as CSV"),
    (b"{\\rtf", "a text document: save the table as CSV"),
    (b"\x7fELF", "a program"),
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SHOWN = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "latin-1": "Latin-1"}
_PIECE = 1 << 16


def kind_of(content: bytes) -> str:
    """`csv`, `hl7` or `fhir`. Raises FileRefused for what is empty, too large, or none of the three."""
    if len(content) > MOST_BYTES:
        raise FileRefused(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB; ask for it in parts.")
    for magic, what in _NOT_TEXT:
        if content.startswith(magic):
            raise FileRefused(f"This is {what}.")
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise FileRefused("The file is written in UTF-32; ask the laboratory for UTF-8.")
    start = _start_of(content)
    if not start:
        raise FileRefused("The file is empty.")
    if start.startswith("<"):
        raise FileRefused(
            "This is XML or HTML, which is not read; ask the laboratory for CSV, HL7 or FHIR JSON."
        )
    if start.startswith(("MSH", "FHS", "BHS")):
        return HL7
    return FHIR if start.startswith(("{", "[")) else CSV


def text_of(content: bytes, declared: str) -> io.TextIOWrapper:
    """The file as lines of text, decoded as it declares itself to be, else as the laboratory does.

    Raises FileRefused before the first line for bytes that are not so encoded, and for NUL. Line ends stay as they are.
    """
    mark, encoding = _declared(content, declared)
    _check_decodes(content[len(mark) :] if mark else content, encoding)
    stream = io.BytesIO(content)
    stream.seek(len(mark))
    return io.TextIOWrapper(stream, encoding=encoding, newline="")


def _declared(content: bytes, declared: str) -> tuple[bytes, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return mark, encoding
    if declared.casefold().startswith("utf-16"):
        raise FileRefused(
            "The file should be UTF-16 but does not begin with the mark that says in which order."
        )
    return b"", declared


def _check_decodes(content: bytes, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    shown = _SHOWN.get(encoding, encoding)
    try:
        for piece in _pieces(content):
            if "\0" in decoder.decode(piece):
                raise FileRefused("The file holds NUL characters, so it is damaged or no text.")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise FileRefused(
            f"The file is not written in {shown}: say in the laboratory's profile which encoding it uses."
        ) from None


def _pieces(content: bytes) -> Iterator[bytes]:
    view = memoryview(content)
    return (bytes(view[at : at + _PIECE]) for at in range(0, len(content), _PIECE))


def _start_of(content: bytes) -> str:
    """The first characters that are not space, whatever the encoding: enough to tell the kind."""
    head = content[:4096]
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, errors="ignore").lstrip(" \t\r\n\x0b")
    return head.decode("latin-1").lstrip(" \t\r\n\x0b")
