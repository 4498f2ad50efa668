"""A clinic's ladder and its pause, written out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from b12clinic.accounts.models import Clinic
from b12clinic.messages.hours import messaging_of
from b12clinic.messages.ladder import BY_PHASE, Kind, PhaseGroup, Step
from b12clinic.messages.models import Audience
from b12clinic.messages.presenters.steps import step_label
from b12clinic.messages.services.change_ladder import BEFORE
from b12clinic.messages.wording import kind_label
from b12clinic.vocabulary import Channel

PHASES = {
    "": "",
    PhaseGroup.NEUROLOGICAL_LOADING.value: "Neurological loading",
    PhaseGroup.LOADING.value: "Loading",
    PhaseGroup.MAINTENANCE.value: "Maintenance",
}
COUNTED_FROM = {
    Kind.INJECTION_DUE.value: "the day the injection is due",
    Kind.MISSED_INJECTION.value: "the first day outside the injection's window",
    Kind.RECHECK_DUE.value: "the day the recheck is due",
    Kind.OVERDUE_RECHECK.value: "the day the recheck was due",
    Kind.REVIEW_DUE.value: "the day of the review",
    Kind.RESULT_WAITING.value: "the day the result came in",
    Kind.UNSIGNED_REGIMEN.value: "the day of the assessment",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung of the ladder as a row."""

    days: str
    step: str
    whom: str
    how: str
    urgent: bool
    url: str


@dataclass(frozen=True, slots=True)
class LadderGroup:
    """The rungs of one kind and phase."""

    heading: str
    counted: str
    rungs: tuple[Rung, ...]
    add_url: str


def ladder_groups(ladder: Sequence[Step]) -> list[LadderGroup]:
    """Every place on the ladder, also one that a clinic emptied."""
    return [
        _group(kind.value, phase, [step for step in ladder if (step.kind, step.phase) == (kind.value, phase)])
        for kind in COUNTED_KINDS
        for phase in (PHASES_WITH_RUNGS if kind in BY_PHASE else [""])
    ]


COUNTED_KINDS = [kind for kind in Kind if kind.value in COUNTED_FROM]
PHASES_WITH_RUNGS = [phase.value for phase in PhaseGroup]


def rung_heading(rung: Step) -> str:
    """Where a rung stands: Missed injection, maintenance."""
    phase = PHASES.get(rung.phase, "")
    return kind_label(rung.kind) + (f", {phase.lower()}" if phase else "")


def pause_sentence(clinic: Clinic) -> str:
    """Who paused the clinic's messages, when and why; empty while they go."""
    set_up = messaging_of(clinic)
    if set_up.paused_at is None or set_up.paused_by is None:
        return ""
    local = set_up.paused_at.astimezone(ZoneInfo(clinic.time_zone))
    when = f"{local:%a} {local.day} {local:%b %Y at %H:%M}"
    return f"{set_up.paused_by.display_name} paused them on {when}: {set_up.paused_why}"


def severe_heading(number: int, *, paused: bool) -> str:
    """That messages about severe reactions wait with the rest, or would; empty where there are none."""
    if number == 0:
        return ""
    said = "1 message about a severe reaction" if number == 1 else f"{number} messages about severe reactions"
    return f"{said} {'wait' if number > 1 else 'waits'} too" if paused else f"{said} would wait too"


def _group(kind: str, phase: str, steps: Iterable[Step]) -> LadderGroup:
    heading = rung_heading(Step(kind, phase, "", 0, ""))
    ordered = sorted(steps, key=lambda step: (step.days, step.code))
    return LadderGroup(
        heading=heading,
        counted=f"Counted from {COUNTED_FROM[kind]}",
        rungs=tuple(map(_rung, ordered)),
        add_url=_url(kind, phase, ""),
    )


def _rung(step: Step) -> Rung:
    return Rung(
        days=_days(step),
        step=step_label(step.code),
        whom=str(Audience(step.audience).label),
        how=_how(step),
        urgent=step.urgent,
        url=_url(step.kind, step.phase, step.code),
    )


def _days(step: Step) -> str:
    number = abs(step.days)
    if number == 0:
        return "On the day"
    unit = "day" if number == 1 else "days"
    return f"{number} {unit} {'before' if step.kind in BEFORE else 'after'}"


def _how(step: Step) -> str:
    if step.channel:
        return Channel.label_of(step.channel)
    return "Whichever was agreed to" if step.audience == Audience.PATIENT else Channel.INBOX.label


def _url(kind: str, phase: str, code: str) -> str:
    place = {"kind": getattr(kind, "value", kind), "phase": getattr(phase, "value", phase), "code": code}
    return f"{reverse('messages:rung')}?{urlencode({name: value for name, value in place.items() if value})}"
