"""What messages to patients say where the clinic has no words of its own: `wordings.yaml`, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from b12clinic.messages.ladder import Kind
from b12clinic.vocabulary import Language

FILE = Path(__file__).with_name("wordings.yaml")
PATIENT_KINDS = (Kind.INJECTION_DUE, Kind.MISSED_INJECTION, Kind.RECHECK_DUE, Kind.OVERDUE_RECHECK)
"""The kinds of which patients are written to."""

THING = {
    Kind.INJECTION_DUE.value: "appointment",
    Kind.MISSED_INJECTION.value: "appointment",
    Kind.RECHECK_DUE.value: "check",
    Kind.OVERDUE_RECHECK.value: "check",
}
"""What each kind is about, as the file names it."""


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one kind: a subject, the sentences of a mail or letter, and the same for a text message."""

    subject: str
    body: str
    short: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A language: how a day is written, what stands around every text, and the texts that come with the product."""

    language: str
    day: str
    first_day: str
    greeting: str
    telephone: str
    contact: str
    done: str
    stop: str
    short_stop: str
    about: Mapping[str, Mapping[str, str]]
    withheld: tuple[str, ...]
    texts: Mapping[str, Text]

    def text_of(self, kind: str) -> Text:
        """The words of a kind; of one without words of its own the plainest."""
        return self.texts.get(kind, self.texts["other"])

    def about_of(self, kind: str, *, detail: bool) -> str:
        """What a message of this kind is about, in as much detail as was agreed to."""
        return self.about[THING.get(kind, "appointment")]["detail" if detail else "plain"]


@cache
def frames() -> dict[str, Frame]:
    """Every language, by its code."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {code: _frame(code, said) for code, said in data.items()}


def frame_of(language: str) -> Frame:
    """A patient's language; English where none is on record."""
    return frames().get(language) or frames()[Language.ENGLISH.value]


def _frame(code: str, said: dict[str, Any]) -> Frame:
    subject = said.pop("subject")
    texts = {kind: Text(subject, text["body"], text["short"]) for kind, text in said.pop("texts").items()}
    first_day = said.pop("first_day", said["day"])
    withheld = tuple(said.pop("withheld"))
    return Frame(language=code, first_day=first_day, withheld=withheld, texts=texts, **said)
