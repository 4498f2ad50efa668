"""Who changes a patient's results or rechecks holds the patient, so that two of them go one after the other."""

from collections.abc import Iterable

from b12clinic.patients.models import Patient

HELD_AT_ONCE = 5_000


def hold_patient(patient_id: int) -> Patient:
    """The patient with the clinic, locked until the transaction ends."""
    return (
        Patient.objects.select_for_update(no_key=True, of=("self",))
        .select_related("clinic")
        .get(pk=patient_id)
    )


def hold_patients(patient_ids: Iterable[int]) -> None:
    """Lock thousands of patients until the transaction ends, in an order of their own so that no two holders cross."""
    wanted = sorted(set(patient_ids))
    for at in range(0, len(wanted), HELD_AT_ONCE):
        held = Patient.objects.select_for_update(no_key=True, of=("self",))
        some = held.filter(pk__in=wanted[at : at + HELD_AT_ONCE]).order_by("pk")
        list(some.values_list("pk", flat=True))
