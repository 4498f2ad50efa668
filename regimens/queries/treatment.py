"""When a patient's treatment here began, and the policy it runs under."""

from datetime import date

from django.db.models import Min

from b12clinic.patients.models import Patient
from regimens.facts import live_injections, running_tablets, tablets_begun_on
from regimens.models import Regimen
from regimens.policies import policy_of
from regimens.protocols.policy import DEFAULT, Policy


def treated_since(patient: Patient) -> date | None:
    """The first day of treatment: of the first injection that stands, else of planned tablets; None before it."""
    first: date | None = live_injections(patient).aggregate(first=Min("given_on"))["first"]
    return first or tablets_begun_on(running_tablets(patient))


def policy_for_patient(patient: Patient) -> Policy:
    """The figures of the running regimen; the defaults where none runs."""
    running = Regimen.objects.filter(patient=patient, ended_on=None).first()
    return DEFAULT if running is None else policy_of(running)
