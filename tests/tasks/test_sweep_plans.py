"""The sweep that finds missed injections: each owed once, to somebody who can act, never to the dead."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from b12clinic.messages.models import Message
from b12clinic.messages.tasks import send_due
from b12clinic.patients.models import Patient
from regimens.services.correct_administration import enter_in_error
from regimens.services.stop_regimen import stop_regimen
from regimens.tasks import sweep_plans
from tests.factories.messages import owe_missed_injections
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

DUE = date(2026, 1, 5)  # alternate days: on time until the 6th, overdue from the 7th
OVERDUE = date(2026, 1, 7)


@pytest.fixture
def nurse():
    return a_user(a_clinic(contact_email="clinic@example.org"), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


@pytest.fixture
def regimen(clinic, nurse):
    patient = a_patient(clinic, email="ada@example.org", consents_to_email=True)
    return a_regimen(patient, nurse, starts_on=DUE)


def owed():
    return list(Message.objects.order_by("id").values_list("about_on", "audience", "channel", "state"))


@pytest.mark.parametrize(("today", "count"), [(date(2026, 1, 6), 0), (OVERDUE, 1)])
def test_a_reminder_is_owed_from_the_first_day_outside_the_window(clinic, regimen, today, count):
    assert owe_missed_injections(clinic=clinic, today=today) == count


def test_any_number_of_sweeps_owes_it_once(clinic, regimen):
    first = owe_missed_injections(clinic=clinic, today=OVERDUE)
    later = [owe_missed_injections(clinic=clinic, today=OVERDUE + timedelta(days=days)) for days in range(3)]

    assert (first, later) == (1, [0, 0, 0])
    assert owed() == [(DUE, "patient", "email", "owed")]


def test_somebody_who_agreed_to_nothing_is_the_clinics_to_call(clinic, nurse):
    a_regimen(a_patient(clinic, email="ada@example.org"), nurse, starts_on=DUE)

    owe_missed_injections(clinic=clinic, today=OVERDUE)

    assert owed() == [(DUE, "clinic", "inbox", "owed")]


def test_consent_given_later_makes_no_second_message(clinic, nurse):
    patient = a_patient(clinic, email="ada@example.org")
    a_regimen(patient, nurse, starts_on=DUE)
    owe_missed_injections(clinic=clinic, today=OVERDUE)
    patient.consents_to_email, patient.consent_noted_on = True, OVERDUE
    patient.save()

    assert owe_missed_injections(clinic=clinic, today=OVERDUE) == 0


@pytest.mark.parametrize("field", ["died_on", "moved_on"])
def test_nothing_is_owed_for_somebody_who_died_or_moved(clinic, regimen, field):
    setattr(regimen.patient, field, OVERDUE)
    regimen.patient.save()

    assert owe_missed_injections(clinic=clinic, today=OVERDUE) == 0


def test_what_a_mistaken_move_withdrew_is_owed_again(clinic, regimen, mail_sink):
    patient = regimen.patient
    with time_machine.travel(datetime(2026, 1, 7, 9, 0, tzinfo=UTC), tick=False) as clock:
        sweep_plans()
        Patient.objects.filter(pk=patient.pk).update(moved_on=OVERDUE)
        send_due()
        assert owed() == [(DUE, "patient", "email", "withdrawn")]

        Patient.objects.filter(pk=patient.pk).update(moved_on=None)
        clock.shift(timedelta(minutes=5))
        assert sweep_plans() == 1
        send_due()

    assert owed() == [(DUE, "patient", "email", "sent")]
    assert len(mail_sink.taken) == 1


def test_consent_taken_back_hands_it_to_the_clinic_and_consent_given_again_doubles_nothing(
    clinic, regimen, mail_sink
):
    consents = Patient.objects.filter(pk=regimen.patient.pk)
    with time_machine.travel(datetime(2026, 1, 7, 9, 0, tzinfo=UTC), tick=False):
        sweep_plans()
        for agreed in (False, True):
            consents.update(consents_to_email=agreed)
            for _ in range(2):
                send_due()
                sweep_plans()

    assert owed() == [(DUE, "patient", "email", "withdrawn"), (DUE, "clinic", "inbox", "sent")]
    assert mail_sink.taken == []


def test_recording_withdraws_the_reminder_and_an_error_brings_it_back(clinic, nurse, regimen):
    owe_missed_injections(clinic=clinic, today=OVERDUE)

    given = give(regimen, nurse, OVERDUE).administration
    assert owed() == [(DUE, "patient", "email", "withdrawn")]

    enter_in_error(
        administration=given,
        reason="Wrong patient",
        form_key=uuid4(),
        by=nurse,
        at=datetime(2026, 1, 7, 13, 0, tzinfo=UTC),
        today=OVERDUE,
    )
    assert owed() == [(DUE, "patient", "email", "owed")]


def test_stopping_withdraws_the_reminder(clinic, nurse, regimen):
    owe_missed_injections(clinic=clinic, today=OVERDUE)

    stop_regimen(
        regimen=regimen,
        version=regimen.version,
        reason="Moved to tablets",
        by=nurse,
        at=datetime(2026, 1, 7, 12, 0, tzinfo=UTC),
        today=OVERDUE,
    )

    assert owed() == [(DUE, "patient", "email", "withdrawn")]


def test_a_dose_given_late_owes_for_the_next_one_anew(clinic, nurse, regimen):
    owe_missed_injections(clinic=clinic, today=OVERDUE)
    give(regimen, nurse, OVERDUE)

    owe_missed_injections(clinic=clinic, today=date(2026, 1, 12))

    assert next_dose(regimen).due_on == date(2026, 1, 9)
    assert owed()[1:] == [(date(2026, 1, 9), "patient", "email", "owed")]


@pytest.mark.parametrize(
    ("zone", "count"),
    [("Pacific/Kiritimati", 1), ("Europe/London", 0)],
    ids=["already the 7th", "still the 6th"],
)
def test_each_clinic_has_its_own_day(nurse, clinic, regimen, zone, count):
    clinic.time_zone = zone
    clinic.save()

    with time_machine.travel(datetime(2026, 1, 6, 18, 0, tzinfo=UTC), tick=False):
        assert sweep_plans() == count


def test_one_mail_leaves_however_often_it_runs(mail_sink, regimen):
    with time_machine.travel(datetime(2026, 1, 7, 9, 0, tzinfo=UTC), tick=False):
        for _ in range(3):
            sweep_plans()
            send_due()

    assert [mail["To"] for mail in mail_sink.taken] == ["ada@example.org"]
    assert owed() == [(DUE, "patient", "email", "sent")]
