"""Take hold of a patient's row for a change, refusing one that was made from a page gone stale."""

from typing import Any

from b12clinic.patients.models import Patient
from b12clinic.patients.services.refusals import ChangedMeanwhile


def hold(patient: Patient, version: int) -> Patient:
    """The patient's row as it is now, locked until the transaction ends. Raises ChangedMeanwhile on another version."""
    held = (
        Patient.objects.select_for_update(no_key=True, of=("self",))
        .select_related("clinic")
        .get(pk=patient.pk)
    )
    if held.version != version:
        raise ChangedMeanwhile(held)
    return held


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what differs of two pictures of one row, for the audit trail."""
    changed = [field for field in after if before.get(field) != after[field]]
    return {field: before.get(field) for field in changed}, {field: after[field] for field in changed}
