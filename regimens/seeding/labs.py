"""Results before and on treatment, and the rechecks that a plan asked for."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from monitoring.interpretation.entry import Entry, Measurement, read_entry
from monitoring.interpretation.recheck_matching import first_answering_day
from monitoring.models import RecheckState
from regimens.seeding.batch import Batch
from regimens.seeding.tables import PLANNED_RECHECKS, RECHECK_ANSWERS, RECHECKS, RESULTS

RESPONSE_AFTER = timedelta(weeks=8)
TESTS = ("haemoglobin", "mcv")
WHY = "Response to treatment"


@dataclass(frozen=True, slots=True)
class Sampled:
    """What laboratories report of one analyte: its unit and the range in which values are drawn."""

    analyte: str
    unit: str
    low: int
    high: int


BASELINE = (
    Sampled("total_b12", "ng/L", 55, 165),
    Sampled("haemoglobin", "g/L", 82, 134),
    Sampled("mcv", "fL", 94, 122),
    Sampled("ferritin", "ug/L", 24, 190),
    Sampled("folate", "ug/L", 4, 15),
)
ON_TREATMENT = (Sampled("haemoglobin", "g/L", 112, 150), Sampled("mcv", "fL", 84, 97))


def add_baseline(batch: Batch, patient: int, taken_on: date, by: int) -> list[Measurement]:
    """The bloods on which the cause was judged."""
    return [_add_result(batch, patient, sampled, taken_on, by)[1] for sampled in BASELINE]


def add_rechecks(
    batch: Batch,
    patient: int,
    clinic: int,
    revision: int,
    begins_on: date,
    today: date,
    by: int,
    dropped_on: date | None,
) -> None:
    """The check of the response, answered where its day has passed, and the yearly one that is wanted next."""
    chance = batch.chance
    response_on = begins_on + RESPONSE_AFTER
    if response_on >= today:
        _plan(batch, patient, clinic, revision, response_on, begins_on, dropped_on)
        return
    recheck = _plan(batch, patient, clinic, revision, response_on, begins_on, None, answered_on=response_on)
    for sampled in ON_TREATMENT:
        result, _ = _add_result(batch, patient, sampled, response_on, by)
        batch.add(RECHECK_ANSWERS, recheck, sampled.analyte, result, "", response_on)
    next_on = today + timedelta(days=chance.randint(-14, 350))
    _plan(batch, patient, clinic, revision, next_on, begins_on, dropped_on)


def _plan(
    batch: Batch,
    patient: int,
    clinic: int,
    revision: int,
    due_on: date,
    begins_on: date,
    dropped_on: date | None,
    answered_on: date | None = None,
) -> int:
    state = RecheckState.WANTED
    if answered_on is not None:
        state = RecheckState.DONE
    elif dropped_on is not None:
        state = RecheckState.DROPPED
    recheck = batch.add(
        RECHECKS,
        batch.uuid(),
        patient,
        clinic,
        due_on,
        first_answering_day(due_on, begins_on),
        list(TESTS),
        WHY,
        state.value,
        answered_on or dropped_on,
        "The patient moved away." if state is RecheckState.DROPPED else "",
    )
    batch.add(PLANNED_RECHECKS, revision, recheck)
    return recheck


def _add_result(
    batch: Batch, patient: int, sampled: Sampled, taken_on: date, by: int
) -> tuple[int, Measurement]:
    value = batch.chance.randint(sampled.low, sampled.high)
    read = _measured(sampled.analyte, value, sampled.unit)
    number = batch.add(
        RESULTS,
        batch.uuid(),
        patient,
        read.analyte,
        taken_on,
        read.text,
        read.comparator,
        read.unit,
        read.number,
        read.coded,
        read.canonical,
        "",
        "",
        False,
        by,
    )
    return number, read


@lru_cache(maxsize=2048)
def _measured(analyte: str, value: int, unit: str) -> Measurement:
    return read_entry(Entry(analyte=analyte, value=str(value), unit=unit))
