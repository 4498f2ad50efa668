"""Where a patient's name leads."""

from uuid import UUID

from django.urls import NoReverseMatch, reverse


def patient_url(public_id: UUID) -> str:
    """The patient's chart; their entry in the register where no chart is installed."""
    try:
        return reverse("regimens:chart", args=[public_id])
    except NoReverseMatch:
        return reverse("patients:edit", args=[public_id])


def scoring_url(public_id: UUID) -> str:
    """Where the patient's symptoms are scored; empty where no chart is installed."""
    try:
        return reverse("regimens:symptoms", args=[public_id])
    except NoReverseMatch:
        return ""
