"""One patient's treatment: what was judged, the plan signed from it, every dose of it and what happened at the chair."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from b12clinic.vocabulary import Certainty, NotGivenReason, PhaseKind, Pregnancy, ReactionGrade
from monitoring.interpretation.entry import Measurement
from regimens.courses import first_review_on
from regimens.facts import facts_to_json
from regimens.models import DoseState, Neuro, Outcome, RegimenState, RevisionKind
from regimens.protocols.facts import LabValue, PatientFacts
from regimens.protocols.policy import DEFAULT
from regimens.seeding.batch import Batch
from regimens.seeding.courses import Course, Slot, protocol_of
from regimens.seeding.tables import (
    ADMINISTRATIONS,
    ASSESSMENTS,
    DOSES,
    PHASES,
    REGIMENS,
    REVISIONS,
)

SITES = (
    ("deltoid", "left"),
    ("deltoid", "right"),
    ("vastus_lateralis", "left"),
    ("ventrogluteal", "right"),
)
REACTIONS = (ReactionGrade.NONE,) * 60 + (ReactionGrade.GRADE_1,)
PRODUCTS = {
    "hydroxocobalamin": "Hydroxocobalamin 1 mg/mL ampoule",
    "cyanocobalamin": "Cyanocobalamin 1,000 mcg/mL vial",
}


@dataclass(frozen=True, slots=True)
class Story:
    """What a protocol is signed for: cause, whether nerves are involved, and the findings that were seen."""

    protocol: str
    cause: str
    neurological: bool = False
    findings: tuple[str, ...] = ("fatigue",)


@dataclass(frozen=True, slots=True)
class Treated:
    """Whom a treatment belongs to: patient, clinic, the member of staff who did everything, and the day they left."""

    patient: int
    clinic: int
    by: int
    moved_on: date | None


def add_treatment(
    batch: Batch, treated: Treated, story: Story, course: Course, labs: list[Measurement], judged_on: date
) -> int:
    """Assessment, regimen, revisions, phases, doses and administrations; the id of the signed revision comes back."""
    assessment = _add_assessment(batch, treated, story, labs, judged_on)
    regimen = _add_regimen(batch, treated, story, course, assessment)
    signed = _add_revisions(batch, treated, story, course, regimen, judged_on)
    phases = {
        ordinal: batch.add(
            PHASES,
            regimen,
            ordinal,
            *values,
            course.finished.get(ordinal),
            _review_on(story, course, ordinal),
            spec,
        )
        for ordinal, (values, spec) in enumerate(_phases(story.protocol))
    }
    next_slot = next((slot for slot in course.slots if not slot.given), None)
    for place, slot in enumerate(course.slots):
        _add_dose(
            batch,
            treated,
            course,
            slot,
            regimen,
            phases[slot.ordinal],
            place,
            is_next=slot is next_slot,
            urgent=story.neurological and course.protocol.phases[slot.ordinal].kind is PhaseKind.LOADING,
        )
    return signed


def add_missed_attempt(batch: Batch, treated: Treated, course: Course) -> None:
    """The patient did not attend on the day of the dose that they wait for; the dose stays owed."""
    place, slot = next((place, slot) for place, slot in enumerate(course.slots) if not slot.given)
    doses, regimens = batch.rows[DOSES], batch.rows[REGIMENS]
    batch.put(
        ADMINISTRATIONS,
        (
            batch.take(ADMINISTRATIONS),
            batch.uuid(),
            treated.patient,
            treated.clinic,
            regimens[-1][0],
            doses[place - len(course.slots)][0],
            Outcome.NOT_GIVEN.value,
            slot.dose.due_on,
            *(None, "", None, "", "", "", None, "", "", "", None, False, "", ""),
            NotGivenReason.DID_NOT_ATTEND,
            slot.dose.due_on + timedelta(days=7),
            "",
            False,
            treated.by,
            batch.uuid(),
        ),
    )


def _add_assessment(
    batch: Batch, treated: Treated, story: Story, labs: list[Measurement], judged_on: date
) -> int:
    facts = PatientFacts(
        guideline=story.protocol.split("/")[0],
        as_of=judged_on,
        age=62,
        cause=story.cause,
        certainty=Certainty.CONFIRMED.value,
        findings=frozenset(story.findings),
        labs=tuple(_lab(read, judged_on) for read in labs),
        neuro_answer=story.neurological,
    )
    return batch.add(
        ASSESSMENTS,
        batch.uuid(),
        treated.patient,
        treated.clinic,
        story.cause,
        Certainty.CONFIRMED,
        "",
        (Neuro.YES if story.neurological else Neuro.NO).value,
        Pregnancy.NONE,
        list(story.findings),
        "",
        judged_on,
        facts_to_json(facts),
        treated.by,
        _moment(judged_on),
    )


def _lab(read: Measurement, taken_on: date) -> LabValue:
    return LabValue(
        analyte=read.analyte,
        value=read.number,
        text=read.text,
        unit=read.unit,
        taken_on=taken_on,
        low=None,
        high=None,
        comparator=None,
    )


def _add_regimen(batch: Batch, treated: Treated, story: Story, course: Course, assessment: int) -> int:
    state = RegimenState.ACTIVE if treated.moved_on is None else RegimenState.STOPPED
    return batch.add(
        REGIMENS,
        batch.uuid(),
        treated.patient,
        treated.clinic,
        assessment,
        state.value,
        1 + len(course.finished) + (treated.moved_on is not None),
        story.cause not in ("medicine_induced", "diet"),
        story.neurological,
        course.slots[0].dose.due_on,
        treated.moved_on,
    )


def _review_on(story: Story, course: Course, ordinal: int) -> date | None:
    """The day of the review that an open-ended neurological loading waits for."""
    spec = course.protocol.phases[ordinal]
    open_loading = spec.kind is PhaseKind.LOADING and spec.is_open_ended and ordinal not in course.finished
    if not story.neurological or not open_loading:
        return None
    given = (slot.dose.due_on for slot in course.slots if slot.given and slot.ordinal == ordinal)
    return first_review_on(spec, given, DEFAULT)


def _add_revisions(
    batch: Batch, treated: Treated, story: Story, course: Course, regimen: int, judged_on: date
) -> int:
    pack, protocol = protocol_of(story.protocol)
    by, kept = treated.by, _snapshots(story.protocol)
    signed = batch.add(
        REVISIONS,
        regimen,
        1,
        RevisionKind.SIGNED.value,
        "",
        by,
        _moment(judged_on),
        pack.code,
        pack.version,
        protocol.code,
        *kept,
    )
    later = [
        (RevisionKind.REVIEWED, "Improvement has stopped.", day) for _, day in sorted(course.finished.items())
    ]
    if treated.moved_on is not None:
        later.append((RevisionKind.STOPPED, "The patient moved away.", treated.moved_on))
    for number, (kind, reason, day) in enumerate(later, start=2):
        batch.add(REVISIONS, regimen, number, kind.value, reason, by, _moment(day), "", "", "", None, None)
    return signed


def _add_dose(
    batch: Batch,
    treated: Treated,
    course: Course,
    slot: Slot,
    regimen: int,
    phase: int,
    place: int,
    *,
    is_next: bool,
    urgent: bool,
) -> None:
    dose_id = batch.take(DOSES)
    dose, gone = slot.dose, treated.moved_on is not None
    owed = DoseState.WITHDRAWN if gone else DoseState.OWED
    batch.put(
        DOSES,
        (
            dose_id,
            batch.uuid(),
            phase,
            treated.clinic,
            treated.patient,
            dose.number,
            dose.earliest_on,
            dose.due_on,
            dose.overdue_on,
            dose.provisional,
            (DoseState.GIVEN if slot.given else owed).value,
            is_next and not gone,
            urgent,
            _add_injection(batch, treated, course, slot, regimen, dose_id, place) if slot.given else None,
        ),
    )


def _add_injection(
    batch: Batch, treated: Treated, course: Course, slot: Slot, regimen: int, dose_id: int, place: int
) -> int:
    number, on, spec = batch.take(ADMINISTRATIONS), slot.dose.due_on, course.protocol.phases[slot.ordinal]
    lot, expires_on = _lot(on)
    site, side = SITES[(place + treated.patient) % len(SITES)]
    batch.put(
        ADMINISTRATIONS,
        (
            number,
            batch.uuid(),
            treated.patient,
            treated.clinic,
            regimen,
            dose_id,
            Outcome.GIVEN.value,
            on,
            _moment(on, 9 + treated.patient % 7),
            spec.drug,
            spec.dose_mcg,
            spec.route,
            PRODUCTS[spec.drug],
            lot,
            expires_on,
            site,
            side,
            "prescription",
            treated.by,
            False,
            REACTIONS[number % len(REACTIONS)],
            "",
            "",
            None,
            "",
            False,
            treated.by,
            batch.uuid(),
        ),
    )
    return number


@lru_cache(maxsize=64)
def _phases(protocol: str) -> tuple[tuple[tuple[object, ...], dict[str, Any]], ...]:
    return tuple(
        (
            (
                spec.kind,
                spec.drug,
                spec.dose_mcg,
                spec.route,
                spec.interval.count,
                spec.interval.unit,
                spec.doses,
                spec.ends_when,
            ),
            spec.to_dict(),
        )
        for spec in protocol_of(protocol)[1].phases
    )


@lru_cache(maxsize=64)
def _snapshots(protocol: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return protocol_of(protocol)[1].to_dict(), DEFAULT.to_dict()


@lru_cache(maxsize=4096)
def _lot(on: date) -> tuple[str, date]:
    return f"L{on:%y%m}A", date(on.year + 1, on.month, 28)


@lru_cache(maxsize=32768)
def _moment(on: date, hour: int = 8) -> datetime:
    return datetime.combine(on, time(hour), UTC)
