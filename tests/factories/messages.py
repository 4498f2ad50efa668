"""Messages owed, as few words as a test needs."""

from datetime import date
from itertools import count
from typing import Any

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Audience, Message
from b12clinic.messages.services.owe import OwedMessage
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Channel
from tests.factories.people import a_clinic, a_patient

KIND = "tests.reminder"
_subjects = count(1)


def a_reachable_patient(clinic: Clinic | None = None, **fields: Any) -> Patient:
    """Somebody who agreed to e-mail, in a clinic with a telephone."""
    clinic = clinic or a_clinic(contact_phone="020 7946 0001")
    return a_patient(clinic, **{"email": "ada@example.org", "consents_to_email": True} | fields)


def owed_to(patient: Patient, **fields: Any) -> OwedMessage:
    """A reminder by e-mail to this patient, about 17 November 2026."""
    given = {
        "clinic_id": patient.clinic_id,
        "patient_id": patient.pk,
        "kind": KIND,
        "subject_id": next(_subjects),
        "about_on": date(2026, 11, 17),
        "step": "overdue",
        "audience": Audience.PATIENT,
        "channel": Channel.EMAIL,
    }
    return OwedMessage(**given | fields)


def a_message(patient: Patient, **fields: Any) -> Message:
    """The row of such a reminder."""
    row = owed_to(patient)
    given = {name: getattr(row, name) for name in row.__slots__ if name != "not_before"}
    return Message.objects.create(**given | fields)
