"""Messages owed, as few words as a test needs."""

from datetime import date
from itertools import count
from typing import Any

from b12clinic.accounts.models import Clinic
from b12clinic.messages.ladder import DEFAULT
from b12clinic.messages.models import Audience, Message
from b12clinic.messages.services.owe import OwedMessage
from b12clinic.messages.services.owe_found import owe_found
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Channel
from monitoring.services import find_owed as labs
from regimens.services import find_owed as plans
from tests.factories.people import a_clinic, a_patient

KIND = "tests.reminder"
FIRST_RUNGS = tuple(step for step in DEFAULT if step.code == "overdue" and step.kind != "review_due")
"""A ladder of one rung: the patient is written to once something is overdue."""

_subjects = count(1)


def a_reachable_patient(clinic: Clinic | None = None, **fields: Any) -> Patient:
    """Somebody who agreed to e-mail, in a clinic with a telephone."""
    clinic = clinic or a_clinic(contact_phone="020 7946 0001")
    return a_patient(clinic, **{"email": "ada@example.org", "consents_to_email": True} | fields)


def a_letter(clinic: Clinic, patient: Patient | None = None, **fields: Any) -> Message:
    """A letter that waits for somebody who agreed to letters alone, and lives at 1 Example Street."""
    home = {"postal_address": "1 Example Street\nExampleton\nEX1 1EX", "consents_to_letter": True}
    patient = patient or a_patient(clinic, **home)
    return a_message(patient, **{"channel": Channel.LETTER, "urgent": False} | fields)


def owed_to(patient: Patient, **fields: Any) -> OwedMessage:
    """A reminder by e-mail to this patient, about 17 November 2026. Urgent, so that it keeps no hours and needs no day."""
    given = {
        "clinic_id": patient.clinic_id,
        "patient_id": patient.pk,
        "kind": KIND,
        "subject_id": next(_subjects),
        "about_on": date(2026, 11, 17),
        "step": "overdue",
        "audience": Audience.PATIENT,
        "channel": Channel.EMAIL,
        "urgent": True,
    }
    return OwedMessage(**given | fields)


def a_message(patient: Patient, **fields: Any) -> Message:
    """The row of such a reminder."""
    row = owed_to(patient)
    given = {name: getattr(row, name) for name in row.__slots__ if name != "not_before"}
    return Message.objects.create(**given | fields)


def owe_missed_injections(*, clinic: Clinic, today: date) -> int:
    """Owe the first reminder of every injection overdue on a day; how many are new."""
    return owe_found(plans.find_owed, clinic, FIRST_RUNGS, today)


def owe_overdue_rechecks(*, clinic: Clinic, today: date) -> int:
    """Owe the first reminder of every recheck overdue on a day; how many are new."""
    return owe_found(labs.find_owed, clinic, FIRST_RUNGS, today)
