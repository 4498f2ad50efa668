"""The ladder: which messages follow one another about one thing, after how many days, to whom and how.

The rungs that come with the product are local policy: no guideline says when to write to whom. A clinic may set its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Audience, LadderStep


class Kind(str, Enum):
    """What a message may speak of, and which date it speaks of.

    `injection_due` counts days from the day an injection is due, `missed_injection` from the first day outside its
    window, the rechecks from their due day, `review_due` from the review's day, `result_waiting` from the day a result
    came in, `unsigned_regimen` from the day of the assessment.
    """

    INJECTION_DUE = "injection_due"
    MISSED_INJECTION = "missed_injection"
    RECHECK_DUE = "recheck_due"
    OVERDUE_RECHECK = "overdue_recheck"
    REVIEW_DUE = "review_due"
    RESULT_WAITING = "result_waiting"
    UNSIGNED_REGIMEN = "unsigned_regimen"


class PhaseGroup(str, Enum):
    """The kinds of phase that have ladders of their own: nerves cannot wait as long as stores can."""

    NEUROLOGICAL_LOADING = "neurological_loading"
    LOADING = "loading"
    MAINTENANCE = "maintenance"


BY_PHASE = frozenset({Kind.INJECTION_DUE, Kind.MISSED_INJECTION})
"""The kinds whose rungs differ from phase to phase."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rung: owed from `days` after the date its kind speaks of. An empty channel to a patient is whichever they chose."""

    kind: str
    phase: str
    code: str
    days: int
    audience: str
    channel: str = ""
    urgent: bool = False

    def cut_off(self, today: date) -> date:
        """The latest date spoken of for which this rung has been reached on a day."""
        return today - timedelta(days=self.days)


def _missed(phase: PhaseGroup, again: int, nurse: int, long: int) -> tuple[Step, ...]:
    kind, urgent = Kind.MISSED_INJECTION.value, phase is PhaseGroup.NEUROLOGICAL_LOADING
    return (
        Step(kind, phase.value, "overdue", 0, Audience.PATIENT),
        Step(kind, phase.value, "overdue_again", again, Audience.PATIENT),
        Step(kind, phase.value, "to_call", nurse, Audience.NURSE, urgent=urgent),
        Step(kind, phase.value, "long_overdue", long, Audience.PRESCRIBER, urgent=urgent),
    )


DEFAULT: tuple[Step, ...] = (
    Step(Kind.INJECTION_DUE, PhaseGroup.NEUROLOGICAL_LOADING, "due_soon", -1, Audience.PATIENT),
    Step(Kind.INJECTION_DUE, PhaseGroup.LOADING, "due_soon", -1, Audience.PATIENT),
    Step(Kind.INJECTION_DUE, PhaseGroup.MAINTENANCE, "due_soon", -7, Audience.PATIENT),
    *_missed(PhaseGroup.NEUROLOGICAL_LOADING, again=2, nurse=0, long=3),
    *_missed(PhaseGroup.LOADING, again=3, nurse=2, long=7),
    *_missed(PhaseGroup.MAINTENANCE, again=7, nurse=7, long=28),
    Step(Kind.RECHECK_DUE, "", "due_soon", -7, Audience.PATIENT),
    Step(Kind.OVERDUE_RECHECK, "", "overdue", 1, Audience.PATIENT),
    Step(Kind.OVERDUE_RECHECK, "", "to_call", 14, Audience.NURSE),
    Step(Kind.OVERDUE_RECHECK, "", "long_overdue", 28, Audience.PRESCRIBER),
    Step(Kind.REVIEW_DUE, "", "due", 0, Audience.PRESCRIBER),
    Step(Kind.REVIEW_DUE, "", "overdue", 3, Audience.PRESCRIBER),
    Step(Kind.RESULT_WAITING, "", "unread", 2, Audience.PRESCRIBER),
    Step(Kind.RESULT_WAITING, "", "long_unread", 7, Audience.CLINIC),
    Step(Kind.UNSIGNED_REGIMEN, "", "unsigned", 1, Audience.PRESCRIBER),
    Step(Kind.UNSIGNED_REGIMEN, "", "long_unsigned", 7, Audience.CLINIC),
)
"""Local policy; a clinic changes it on its page of reminders."""


def ladder_of(clinic: Clinic) -> tuple[Step, ...]:
    """The clinic's own rungs, or those that come with the product where it has set none."""
    own = tuple(map(_step, LadderStep.objects.filter(clinic=clinic)))
    return own or DEFAULT


def of_kind(ladder: Iterable[Step], *kinds: str) -> list[Step]:
    """The rungs of these kinds, in their order."""
    return [step for step in ladder if step.kind in kinds]


def _step(row: LadderStep) -> Step:
    return Step(row.kind, row.phase, row.code, row.days, row.audience, row.channel, row.urgent)
