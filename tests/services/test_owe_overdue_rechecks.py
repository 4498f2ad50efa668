from datetime import date

import pytest

from b12clinic.messages.models import Message
from monitoring.models import RecheckState
from tests.factories.labs import a_recheck
from tests.factories.messages import owe_overdue_rechecks
from tests.factories.people import a_clinic, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 11, 22)
YESTERDAY = date(2026, 11, 21)


def owe(clinic):
    return owe_overdue_rechecks(clinic=clinic, today=TODAY)


def test_a_recheck_due_yesterday_is_owed_and_one_due_today_is_not():
    patient = a_patient(a_clinic())
    late = a_recheck(patient, due_on=YESTERDAY)
    a_recheck(patient, due_on=TODAY)

    assert owe(patient.clinic) == 1

    message = Message.objects.get()
    assert (message.kind, message.subject_id, message.about_on, message.step) == (
        "overdue_recheck",
        late.pk,
        YESTERDAY,
        "overdue",
    )
    assert (message.clinic, message.patient) == (patient.clinic, patient)


def test_sweeping_again_owes_nothing_more():
    patient = a_patient(a_clinic())
    a_recheck(patient, due_on=YESTERDAY)

    assert [owe(patient.clinic), owe(patient.clinic)] == [1, 0]
    assert Message.objects.count() == 1


def test_a_change_of_consent_does_not_owe_a_second_reminder():
    patient = a_patient(a_clinic())
    a_recheck(patient, due_on=YESTERDAY)
    owe(patient.clinic)
    patient.email, patient.consents_to_email, patient.consent_noted_on = "ada@example.org", True, TODAY
    patient.save()

    assert owe(patient.clinic) == 0


@pytest.mark.parametrize(
    ("patient_fields", "clinic_fields", "audience", "channel"),
    [
        (
            {"email": "ada@example.org", "consents_to_email": True},
            {"contact_email": "desk@example.org"},
            "patient",
            "email",
        ),
        ({"phone": "020 7946 0002", "consents_to_sms": True}, {}, "patient", "sms"),
        ({"postal_address": "1 Sample Road", "consents_to_letter": True}, {}, "patient", "letter"),
        ({"email": "ada@example.org"}, {"contact_email": "desk@example.org"}, "clinic", "inbox"),
        ({}, {}, "clinic", "inbox"),
    ],
)
def test_the_patient_is_written_to_as_they_agreed_else_the_clinics_inbox_has_it(
    patient_fields, clinic_fields, audience, channel
):
    patient = a_patient(a_clinic(**clinic_fields), **patient_fields)
    a_recheck(patient, due_on=YESTERDAY)

    owe(patient.clinic)

    assert Message.objects.values_list("audience", "channel").get() == (audience, channel)


@pytest.mark.parametrize("gone", ["died_on", "moved_on"])
def test_nobody_is_reminded_of_a_patient_who_died_or_moved(gone):
    patient = a_patient(a_clinic(), **{gone: date(2026, 11, 1)})
    a_recheck(patient, due_on=YESTERDAY)

    assert owe(patient.clinic) == 0


def test_what_is_done_or_dropped_is_not_owed():
    patient = a_patient(a_clinic())
    a_recheck(patient, due_on=YESTERDAY, state=RecheckState.DONE, ended_on=YESTERDAY)
    a_recheck(
        patient, due_on=YESTERDAY, state=RecheckState.DROPPED, ended_on=YESTERDAY, dropped_because="Moved on"
    )

    assert owe(patient.clinic) == 0


def test_a_clinic_is_swept_by_itself():
    here, elsewhere = a_patient(a_clinic()), a_patient(a_clinic())
    a_recheck(here, due_on=YESTERDAY)
    a_recheck(elsewhere, due_on=YESTERDAY)

    assert owe(here.clinic) == 1
    assert Message.objects.get().clinic == here.clinic


def test_a_sweep_takes_one_query_however_much_it_finds(django_assert_num_queries):
    patient = a_patient(a_clinic())
    for day in (10, 10, 10, 12, 15):
        a_recheck(patient, due_on=date(2026, 11, day))

    with django_assert_num_queries(1):
        assert owe(patient.clinic) == 5
