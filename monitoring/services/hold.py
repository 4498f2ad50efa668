"""Who changes a patient's results or rechecks holds the patient, so that two of them go one after the other."""

from b12clinic.patients.models import Patient


def hold_patient(patient_id: int) -> Patient:
    """The patient with the clinic, locked until the transaction ends."""
    return (
        Patient.objects.select_for_update(no_key=True, of=("self",))
        .select_related("clinic")
        .get(pk=patient_id)
    )
