"""Results, rechecks and alerts of a patient, as few words as a test needs."""

from datetime import UTC, date, datetime
from typing import Any

from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Severity
from monitoring.interpretation.entry import Entry, read_entry
from monitoring.models import Alert, Recheck, Result

A_DAY = date(2026, 11, 2)


def an_entry(analyte: str = "haemoglobin", value: str = "92", unit: str = "g/L", **fields: Any) -> Entry:
    """What somebody types: haemoglobin 92 g/L, unless told otherwise."""
    return Entry(analyte=analyte, value=value, unit=unit, **fields)


def a_result(
    patient: Patient,
    analyte: str = "haemoglobin",
    value: str = "92",
    unit: str = "g/L",
    taken_on: date = A_DAY,
    **fields: Any,
) -> Result:
    """A result on file, its canonical value worked out as the product does; a word such as "positive" takes no unit."""
    read = read_entry(Entry(analyte=analyte, value=value, unit=unit))
    as_read = {
        "reported_value": read.text,
        "comparator": read.comparator,
        "unit": read.unit,
        "number": read.number,
        "coded": read.coded,
        "canonical": read.canonical,
    }
    return Result.objects.create(patient=patient, analyte=analyte, taken_on=taken_on, **as_read | fields)


def a_recheck(patient: Patient, *tests: str, due_on: date = A_DAY, **fields: Any) -> Recheck:
    """A full blood count wanted on 2 November 2026, unless told otherwise."""
    given = {"tests": list(tests or ("fbc",)), "why": "Response to treatment"} | fields
    return Recheck.objects.create(patient=patient, clinic=patient.clinic, due_on=due_on, **given)


def an_alert(patient: Patient, **fields: Any) -> Alert:
    """An open, urgent alert on a low potassium."""
    given = {
        "rule": "K_LOW",
        "subject": "potassium",
        "severity": Severity.URGENT,
        "sentence": "Potassium is 2.9 mmol/L.",
        "source": "Evidence section 6",
        "raised_at": datetime(2026, 11, 2, 9, tzinfo=UTC),
    } | fields
    return Alert.objects.create(patient=patient, clinic=patient.clinic, **given)
