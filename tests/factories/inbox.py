"""Results that lie in the inbox, as few words as a test needs."""

from datetime import UTC, date, datetime
from typing import Any

from b12clinic.patients.models import Patient
from monitoring.models import InboxItem
from tests.factories.labs import a_result

TAKEN = date(2026, 1, 4)
ARRIVED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def an_item(patient: Patient, analyte: str = "haemoglobin", value: str = "130", **fields: Any) -> InboxItem:
    """A result in range that arrived on 5 January 2026 at nine, of nobody, unless told otherwise."""
    units = {"haemoglobin": "g/L", "potassium": "mmol/L", "platelets": "10*9/L", "ferritin": "ug/L"}
    of_result = {name: fields.pop(name) for name in list(fields) if name in RESULT_FIELDS}
    result = a_result(patient, analyte, value, units[analyte], **{"taken_on": TAKEN} | of_result)
    given = {"abnormal": fields.get("critical", False), "arrived_at": ARRIVED} | fields
    return InboxItem.objects.create(result=result, clinic=patient.clinic, **given)


RESULT_FIELDS = frozenset(
    {"taken_on", "reference_low", "reference_high", "comparator", "supersedes", "why", "recorded_by"}
)
