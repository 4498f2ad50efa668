"""The list of wordings and what stands around one of them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.urls import reverse

from b12clinic.messages.default_wordings import PATIENT_KINDS
from b12clinic.messages.ladder import Step
from b12clinic.messages.models import Audience, WordingTemplate
from b12clinic.messages.presenters.steps import step_label
from b12clinic.messages.services.change_wording import Place
from b12clinic.messages.wording import kind_label
from b12clinic.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Link:
    """One wording: its language, where it is changed and whether it is the clinic's own."""

    label: str
    url: str
    own: bool


@dataclass(frozen=True, slots=True)
class WordingRow:
    """The wordings of one kind at one step, a link a language."""

    step: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class WordingGroup:
    """The wordings of one kind: for all steps, then for those with words of their own."""

    heading: str
    rows: tuple[WordingRow, ...]


def wording_groups(ladder: Sequence[Step], stored: Iterable[WordingTemplate]) -> list[WordingGroup]:
    """Every wording there may be, by kind and step of the clinic's ladder."""
    own = {(row.kind, row.step, row.language) for row in stored}
    return [
        WordingGroup(
            kind_label(kind), tuple(_row(kind.value, step, own) for step in _steps(kind.value, ladder))
        )
        for kind in PATIENT_KINDS
    ]


def steps_of(kind: str, ladder: Iterable[Step]) -> list[str]:
    """The steps of a kind at which patients are written to, in the order of the ladder."""
    rungs = [step for step in ladder if step.kind == kind and step.audience == Audience.PATIENT]
    return list(dict.fromkeys(step.code for step in rungs))


def place_url(name: str, place: Place) -> str:
    """The address of a page about one wording."""
    return f"{reverse(name)}?{urlencode({key: value for key, value in asdict(place).items() if value})}"


def place_heading(place: Place) -> str:
    """A wording by name: Missed injection, second reminder, in French."""
    step = f", {step_label(place.step).lower()}" if place.step else ""
    return f"{kind_label(place.kind)}{step}, in {Language.label_of(place.language)}"


def _steps(kind: str, ladder: Sequence[Step]) -> list[str]:
    """One step alone is all there is: it needs no words beside those for every step."""
    steps = steps_of(kind, ladder)
    return ["", *steps] if len(steps) > 1 else [""]


def _row(kind: str, step: str, own: set[tuple[str, str, str]]) -> WordingRow:
    return WordingRow(
        step_label(step) if step else "Every step",
        tuple(
            Link(
                language.label,
                place_url("messages:edit_wording", Place(kind=kind, step=step, language=language.value)),
                (kind, step, language.value) in own,
            )
            for language in Language
        ),
    )
