"""Letters on paper: one PDF for a batch, each letter on a page of its own with the address in the window."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import typst
from structlog import get_logger

from b12clinic.accounts.models import Clinic
from b12clinic.jobs.trace import trace_of
from b12clinic.messages.default_wordings import frame_of
from b12clinic.messages.wording import in_words, one_line
from b12clinic.vocabulary import Language

log = get_logger(__name__)

PAPER = Path(__file__).with_name("letter_paper.typ").read_bytes()


class NotOnPaper(RuntimeError):
    """The PDF cannot be made."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it is printed, line by line."""

    lang: str
    day: str
    address: list[str]
    paragraphs: list[list[str]]


@dataclass(frozen=True, slots=True)
class Printed:
    """The PDF. `accessible`: it keeps to PDF/UA-1, which also means that no sign in it lacked a font."""

    content: bytes
    accessible: bool


def on_paper(clinic: Clinic, letters: Sequence[Letter], at: datetime) -> Printed:
    """The letters as one PDF, with tags for whoever reads by ear. Raises NotOnPaper."""
    name, today = one_line(clinic.name), in_words(clinic.local_date(at), frame_of(Language.ENGLISH))
    said = {
        "title": f"Letters of {name}, {today}",
        "clinic": name,
        "letterhead": [
            line for line in (name, one_line(clinic.contact_phone), one_line(clinic.contact_email)) if line
        ],
        "letters": [asdict(letter) for letter in letters],
    }
    text = json.dumps(said)
    try:
        return Printed(_pdf(text, at, accessible=True), accessible=True)
    except typst.TypstError as error:
        # What it complains of may be somebody's name, so only where it failed is told.
        log.warning("letters.not_accessible", clinic_id=clinic.pk, where=trace_of(error))
    try:
        return Printed(_pdf(text, at, accessible=False), accessible=False)
    except typst.TypstError as error:
        log.error("letters.not_on_paper", clinic_id=clinic.pk, where=trace_of(error))
        raise NotOnPaper("The letters cannot be put on paper; the product's log says more.") from None


def lines_of(text: str) -> list[str]:
    """The lines of a text that hold anything, with nothing invisible in them."""
    return [line for line in map(one_line, text.splitlines()) if line]


def _pdf(text: str, at: datetime, *, accessible: bool) -> bytes:
    return typst.compile(
        PAPER,
        sys_inputs={"letters": text},
        pdf_standards="ua-1" if accessible else [],
        timestamp=int(at.timestamp()),
    )
