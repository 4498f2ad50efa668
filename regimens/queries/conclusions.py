"""What clinicians concluded from a patient's response."""

from b12clinic.patients.models import Patient
from regimens.models import ResponseConclusion


def conclusions_of(patient: Patient) -> list[ResponseConclusion]:
    """Every conclusion on a patient, the newest first."""
    return list(ResponseConclusion.objects.filter(patient=patient).select_related("by"))
