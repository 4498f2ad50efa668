"""A course that has begun: which phase each dose belongs to, what is due next, and whether it begins again.

Doses already given are counted, not repeated. A loading is begun again where the table of late doses suggests it, or
where neurological signs appear on maintenance; the answer says so, and a clinician signs it (evidence section 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from b12clinic.vocabulary import PhaseKind
from regimens.protocols.pack import Indication, Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.reading.exposure import is_oral
from regimens.protocols.schedule import forecast
from regimens.protocols.situation import Situation
from regimens.protocols.windows import LateAction, LateAdvice, Restart, late_advice

Given = dict[int, tuple[date, ...]]

_LATE = frozenset({LateAction.GIVE_AND_CONTINUE, LateAction.GIVE_AND_REANCHOR, LateAction.CLINICIAN_REVIEW})


@dataclass(frozen=True, slots=True)
class NextDose:
    """The next dose of a running course as its pattern had it, before it is moved to the day of the question."""

    spec: PhaseSpec
    due_on: date
    overdue_on: date


@dataclass(frozen=True, slots=True)
class Course:
    """Where a patient stands in a protocol.

    given and finished are what `forecast` wants. `advice` speaks of the next dose if it is late today, or of new signs.
    `restarted` means that the loading begins again, so nothing counts as given. `loading_began_on` is the first dose of
    the loading that counts, None before it.
    """

    given: Given
    finished: frozenset[int]
    next_dose: NextDose | None
    advice: LateAdvice | None
    restarted: bool
    loading_began_on: date | None

    @property
    def is_late(self) -> bool:
        return self.advice is not None and self.advice.action in _LATE

    @property
    def loading_resumes_late(self) -> bool:
        """LATE_LOADING, or a loading begun again: its rechecks count from today."""
        late = (
            self.is_late
            and self.next_dose is not None
            and self.next_dose.spec.kind is not PhaseKind.MAINTENANCE
        )
        return self.restarted or late

    @property
    def spoken_of(self) -> LateAdvice | None:
        """The advice where it bears on the dates: the dose is late, or the loading begins again."""
        return self.advice if self.is_late or self.restarted else None

    @property
    def count(self) -> int:
        return sum(len(days) for days in self.given.values())


NOT_BEGUN = Course({}, frozenset(), None, None, False, None)


def course_of(protocol: Protocol, specs: Sequence[PhaseSpec], situation: Situation) -> Course:
    """The course of a patient, seen through a protocol's phases as they are in force."""
    given, finished = _placed(specs, situation)
    if not given:
        return NOT_BEGUN
    began_on = _loading_began_on(specs, given)
    next_dose = _next_dose(specs, given, finished, situation)
    if _nerves_appeared(protocol, specs, given, situation):
        advice = _advice(next_dose, given, situation, new_neuro_symptoms=True)
        return Course({}, frozenset(), next_dose, advice, True, None)
    advice = _advice(next_dose, given, situation)
    again = advice is not None and advice.restart is Restart.LOADING and _loads(specs[0])
    if again:
        return Course({}, frozenset(), next_dose, advice, True, None)
    return Course(given, finished, next_dose, advice, False, began_on)


def _loads(spec: PhaseSpec) -> bool:
    return spec.kind in (PhaseKind.LOADING, PhaseKind.TAPER)


def _placed(specs: Sequence[PhaseSpec], situation: Situation) -> tuple[Given, frozenset[int]]:
    """Each injection given, put into its phase: loading doses fill the loading phases in order, the rest is maintenance.

    A loading that gave way to maintenance counts as finished, whatever its number of doses.
    """
    doses = sorted(
        (one.given_on, one.phase == PhaseKind.MAINTENANCE)
        for one in situation.facts.doses_given
        if not is_oral(one) and one.given_on <= situation.facts.as_of
    )
    loading = [day for day, is_maintenance in doses if not is_maintenance]
    maintenance = [day for day, is_maintenance in doses if is_maintenance]
    loading_phases = [place for place, spec in enumerate(specs) if _loads(spec)]
    upkeep = next((place for place, spec in enumerate(specs) if spec.kind is PhaseKind.MAINTENANCE), None)
    given: Given = {}
    for place in loading_phases:
        wanted = specs[place].doses
        taken, loading = (loading, []) if wanted is None else (loading[:wanted], loading[wanted:])
        if taken:
            given[place] = tuple(taken)
    rest = sorted(loading + maintenance)
    if not rest or not any(spec.is_injected for spec in specs):
        return given, frozenset()
    if upkeep is None:
        last = loading_phases[-1]
        given[last] = tuple(sorted((*given.get(last, ()), *rest)))
        return given, frozenset()
    given[upkeep] = tuple(rest)
    return given, frozenset(place for place in loading_phases if maintenance)


def _loading_began_on(specs: Sequence[PhaseSpec], given: Given) -> date | None:
    days = [day for place, dates in given.items() if _loads(specs[place]) for day in dates]
    return min(days, default=None)


def _next_dose(
    specs: Sequence[PhaseSpec], given: Given, finished: frozenset[int], situation: Situation
) -> NextDose | None:
    """The dose that follows by the pattern, even where its day has passed; None where nothing is left or decided."""
    phases = forecast(
        specs, start_on=situation.facts.as_of, given=given, finished=finished, policy=situation.policy
    )
    first = ((phase.spec, phase.doses[0]) for phase in phases if phase.doses)
    return next((NextDose(spec, dose.due_on, dose.overdue_on) for spec, dose in first), None)


def _advice(
    next_dose: NextDose | None, given: Given, situation: Situation, new_neuro_symptoms: bool = False
) -> LateAdvice | None:
    """What the table of late doses says of giving the next dose today; None where it lies ahead."""
    today = situation.facts.as_of
    if next_dose is None or (today < next_dose.due_on and not new_neuro_symptoms):
        return None
    return late_advice(
        next_dose.spec,
        due_on=next_dose.due_on,
        given_on=today,
        last_given_on=max(day for days in given.values() for day in days),
        neurological=situation.reading.neurological,
        new_neuro_symptoms=new_neuro_symptoms,
        policy=situation.policy,
    )


def _nerves_appeared(
    protocol: Protocol, specs: Sequence[PhaseSpec], given: Given, situation: Situation
) -> bool:
    """Neurological signs in a patient on maintenance, whose loading was not the long neurological one.

    Signs that a long neurological loading left behind are no news; a clinician who sees them as new assesses again.
    """
    on_maintenance = any(specs[place].kind is PhaseKind.MAINTENANCE for place in given)
    if protocol.indication is not Indication.NEUROLOGICAL or not on_maintenance or not _loads(specs[0]):
        return False
    if specs[0].doses is not None:
        return True
    return len(given.get(0, ())) <= _standard_count(situation)


def _standard_count(situation: Situation) -> int:
    """How many doses a loading without neurological signs has in this pack."""
    standard = next(
        (
            one
            for one in situation.pack.protocols
            if one.indication is Indication.STANDARD and one.first_choice
        ),
        None,
    )
    return sum(spec.doses or 0 for spec in standard.phases if _loads(spec)) if standard else 0
