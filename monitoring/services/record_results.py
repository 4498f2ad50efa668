"""Record laboratory values for one patient, all of them or none."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.patients.models import Patient
from monitoring.interpretation.entry import (
    Entry,
    EntryStopped,
    Measurement,
    Stop,
    doubts,
    hangs_on_treatment,
    read_entry,
)
from monitoring.interpretation.units import UnitFinding
from monitoring.models import LabProfile, Result
from monitoring.services.answer_rechecks import answer_rechecks
from monitoring.services.hold import hold_patient
from monitoring.services.put_in_inbox import put_in_inbox
from monitoring.services.remember_units import remember_units
from monitoring.subjects import RESULTS_RECORDED
from monitoring.told import TREATED


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one entry, counted from 0, is not taken."""

    entry: int
    stop: Stop


class ResultsRefused(ValueError):
    """Nothing was recorded; `refusals` names every entry, field and reason."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(" ".join(refusal.stop.sentence for refusal in refusals))
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class ReadyEntry:
    """An entry that has been read and found sound: what to keep, the day of the sample, the reason that settled a doubt."""

    measurement: Measurement
    taken_on: date
    confirmed_because: str


@transaction.atomic
def record_results(
    *,
    patient: Patient,
    taken_on: date,
    entries: Sequence[Entry],
    laboratory: LabProfile | None = None,
    by: User,
    at: datetime,
    today: date,
) -> list[Result]:
    """Append one result for each entry, answer the rechecks they complete and ask for the rules to be run again.

    Each lies in the inbox, and critical ones alert at once.

    `taken_on` is the day of the sample where an entry names none; `laboratory` is whose report was typed, where that is
    known: the units are offered for its next one. Raises ResultsRefused, with a sentence for each
    entry and field at fault, and then records nothing.
    """
    patient = hold_patient(patient.pk)
    ready = ready_entries(patient, entries, taken_on=taken_on, today=today)
    results = Result.objects.bulk_create(result_from(patient, one, by=by) for one in ready)
    remember_units(laboratory=laboratory, results=results)
    put_in_inbox(clinic=patient.clinic, results=results, by=by, at=at)
    answer_rechecks(patient=patient, results=results, by=by, at=at, today=today)
    tell_of_results(patient, results, action="results.recorded", laboratory=laboratory, by=by, at=at)
    return results


def tell_of_results(
    patient: Patient,
    results: Sequence[Result],
    *,
    action: str,
    laboratory: LabProfile | None = None,
    reason: str = "",
    by: User,
    at: datetime,
) -> None:
    """Ask for the rules to be run again and leave the new rows on the audit trail."""
    ask(kind=RESULTS_RECORDED, subject_id=patient.pk)
    whose = {"laboratory": laboratory.name} if laboratory else {}
    audit.note(
        at=at,
        clinic=patient.clinic,
        by=by,
        action=action,
        subject=f"patient:{patient.public_id}",
        patient_id=patient.pk,
        after={"results": [str(result.public_id) for result in results]} | whose,
        reason=reason,
    )


def ready_entries(
    patient: Patient,
    entries: Sequence[Entry],
    *,
    taken_on: date,
    today: date,
    replacing: Result | None = None,
) -> list[ReadyEntry]:
    """Every entry read and judged; raises ResultsRefused when any is not ready. `replacing`: the row being corrected."""
    if not entries:
        raise ResultsRefused([Refusal(0, Stop("value", "nothing", "Type at least one result."))])
    ready: list[ReadyEntry] = []
    refusals: list[Refusal] = []
    for number, entry in enumerate(entries):
        try:
            ready.append(_ready(entry, patient, entry.taken_on or taken_on, today))
        except EntryStopped as stopped:
            refusals += [Refusal(number, stop) for stop in stopped.stops]
    if not refusals:
        refusals = list(_duplicates(patient, entries, ready, replacing))
    if refusals:
        raise ResultsRefused(refusals)
    return ready


def result_from(patient: Patient, ready: ReadyEntry, *, by: User) -> Result:
    """The row for a sound entry, not saved yet."""
    measured = ready.measurement
    return Result(
        patient=patient,
        analyte=measured.analyte,
        taken_on=ready.taken_on,
        reported_value=measured.text,
        comparator=measured.comparator,
        unit=measured.unit,
        number=measured.number,
        coded=measured.coded,
        canonical=measured.canonical,
        reference_low=measured.low,
        reference_high=measured.high,
        unit_confirmed_because=ready.confirmed_because,
        recorded_by=by,
    )


def _ready(entry: Entry, patient: Patient, taken_on: date, today: date) -> ReadyEntry:
    stops = list(_date_stops(patient, taken_on, today))
    try:
        measurement = read_entry(entry)
    except EntryStopped as stopped:
        raise EntryStopped(*stopped.stops, *stops) from stopped
    doubted = _doubts(measurement, patient, taken_on)
    because = entry.confirmed_because.strip()
    if doubted and not because:
        stops += [Stop("confirmed_because", finding.code, finding.sentence) for finding in doubted]
    if stops:
        raise EntryStopped(*stops)
    return ReadyEntry(measurement, taken_on, because if doubted else "")


def _doubts(measurement: Measurement, patient: Patient, taken_on: date) -> list[UnitFinding]:
    found = doubts(measurement)
    if found and hangs_on_treatment(measurement.analyte):
        spans = TREATED.of([patient.pk]).get(patient.pk, ())
        return doubts(measurement, on_treatment=any(span.holds(taken_on) for span in spans))
    return found


def _date_stops(patient: Patient, taken_on: date, today: date) -> Iterator[Stop]:
    day = f"{taken_on.day} {taken_on:%b %Y}"
    if taken_on > today:
        yield Stop("taken_on", "future", f"The sample cannot be from the future: {day} has not come yet.")
    if taken_on < patient.born_on:
        born = f"{patient.born_on.day} {patient.born_on:%b %Y}"
        yield Stop("taken_on", "before_birth", f"The sample of {day} is older than the patient, born {born}.")


def _duplicates(
    patient: Patient, entries: Sequence[Entry], ready: Sequence[ReadyEntry], replacing: Result | None
) -> Iterator[Refusal]:
    """The same analyte, day and value twice, on file or in this form, unless said to be a second sample."""
    on_file = {_identity(result, result.taken_on) for result in _live_near(patient, ready, replacing)}
    in_form: set[tuple[object, ...]] = set()
    for number, (entry, one) in enumerate(zip(entries, ready, strict=True)):
        identity = _identity(one.measurement, one.taken_on)
        if not entry.second_sample and (identity in on_file or identity in in_form):
            where = "recorded already" if identity in on_file else "entered twice here"
            sentence = (
                f"{one.measurement.comparator}{one.measurement.text} for {one.taken_on.day} {one.taken_on:%b %Y} is {where}. "
                "Clear it, or say that it is a second sample."
            )
            yield Refusal(number, Stop("second_sample", "duplicate", sentence))
        in_form.add(identity)


def _live_near(patient: Patient, ready: Iterable[ReadyEntry], replacing: Result | None) -> Iterator[Result]:
    days = {one.taken_on for one in ready}
    analytes = {one.measurement.analyte for one in ready}
    rows = Result.objects.filter(patient=patient, taken_on__in=days, analyte__in=analytes).live()
    return (row for row in rows if replacing is None or row.pk != replacing.pk)


def _identity(of: Measurement | Result, taken_on: date) -> tuple[object, ...]:
    """What makes two values the same; a value in another unit of the same size counts, since the canonical one is compared."""
    return of.analyte, taken_on, of.comparator, of.canonical, of.coded
