"""Letters on paper: one PDF for a batch, each letter on a page of its own with the address in the window."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from b12clinic.accounts.models import Clinic
from b12clinic.messages.default_wordings import frame_of
from b12clinic.messages.wording import in_words, one_line
from b12clinic.paper import Printed, typeset
from b12clinic.vocabulary import Language

PAPER = Path(__file__).with_name("letter_paper.typ").read_bytes()


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it is printed, line by line."""

    lang: str
    day: str
    address: list[str]
    paragraphs: list[list[str]]


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
    return typeset(PAPER, said, at, what="letters", clinic_id=clinic.pk)


def lines_of(text: str) -> list[str]:
    """The lines of a text that hold anything, with nothing invisible in them."""
    return [line for line in map(one_line, text.splitlines()) if line]
