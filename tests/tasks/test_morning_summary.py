"""Each morning a clinic is told in numbers what waits; with nothing to say, nothing is sent."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from b12clinic.messages.digest import TOPICS, counts, counts_of
from b12clinic.messages.models import ClinicMessaging, Message
from b12clinic.messages.still_owed import check_for
from b12clinic.messages.tasks import owe_digests
from b12clinic.messages.wording import words_for
from b12clinic.patients.models import Patient
from monitoring.models import Recheck
from tests.factories.lab_files import a_waiting_row
from tests.factories.labs import a_recheck
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_clinic, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.data]
TODAY = date(2026, 11, 23)


def at(hour, minute=0, day=23):
    return time_machine.travel(datetime(2026, 11, day, hour, minute, tzinfo=UTC), tick=False)


@pytest.fixture
def clinic():
    return a_clinic(name="Riverside Example", contact_email="clinic@example.org")


@pytest.fixture
def waiting(clinic):
    """Something to say: a failed message and a recheck overdue."""
    patient = a_patient(clinic, name="Carla Canary")
    a_message(a_reachable_patient(clinic), state="failed")
    a_recheck(patient, due_on=date(2026, 11, 2))


def owed():
    return Message.objects.filter(kind="digest")


@pytest.mark.usefixtures("waiting")
def test_it_is_owed_once_from_the_hour_of_the_clinics_morning(clinic):
    with at(6, 59):
        assert owe_digests() == 0
    with at(7):
        assert owe_digests() == 1
    with at(7, 5):
        assert owe_digests() == 0

    message = owed().get()
    assert (message.clinic, message.patient, message.subject_id) == (clinic, None, clinic.pk)
    assert (message.about_on, message.step) == (TODAY, "morning")
    assert (message.audience, message.channel) == ("clinic", "email")


def test_with_nothing_to_say_there_is_none_also_when_something_comes_up_later(clinic):
    with at(7):
        assert owe_digests() == 0
    a_message(a_reachable_patient(clinic), state="failed")
    with at(11):
        assert owe_digests() == 0
    with at(7, day=24):
        assert owe_digests() == 1


@pytest.mark.usefixtures("waiting")
def test_it_says_how_many_and_names_nobody(clinic):
    with at(7):
        owe_digests()

    wording = words_for(owed().get())
    assert wording.subject == "This morning at Riverside Example"
    assert wording.body == (
        "This morning at Riverside Example:\n\n- 1 recheck is overdue\n- 1 message failed\n\n"
        "Please sign in to B12 Clinic to see them.\n"
    )
    assert "Canary" not in wording.body


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (1, "- 1 row of a laboratory's file waits to be settled\n"),
        (2, "- 2 rows of laboratories' files wait to be settled\n"),
    ],
)
def test_it_says_how_many_rows_of_files_became_no_result(clinic, number, line):
    for _ in range(number):
        a_waiting_row(clinic)
    with at(7):
        owe_digests()

    assert line in words_for(owed().get()).body


@pytest.mark.usefixtures("waiting")
def test_it_is_counted_anew_when_it_is_sent(clinic):
    with at(7):
        owe_digests()
    check = check_for("digest")
    assert check(subject_id=clinic.pk, about_on=TODAY, today=TODAY)
    assert not check(subject_id=clinic.pk, about_on=TODAY, today=date(2026, 11, 24))

    Message.objects.filter(state="failed").delete()
    Recheck.objects.all().delete()
    assert not check(subject_id=clinic.pk, about_on=TODAY, today=TODAY)


@pytest.mark.usefixtures("waiting")
def test_a_clinic_may_do_without(clinic):
    ClinicMessaging.objects.create(clinic=clinic, daily_digest=False)
    with at(7):
        assert owe_digests() == 0


@pytest.mark.usefixtures("waiting")
def test_a_clinic_sets_the_hour(clinic):
    ClinicMessaging.objects.create(clinic=clinic, sweeps_from=time(9))
    with at(8, 59):
        assert owe_digests() == 0
    with at(9):
        assert owe_digests() == 1


def test_without_an_address_it_lies_in_the_inbox_until_the_next_morning():
    clinic = a_clinic()
    failed = a_message(a_reachable_patient(clinic), state="failed")
    with at(7):
        owe_digests()
    assert owed().get().channel == "inbox"
    owed().update(state="sent", sent_at=datetime(2026, 11, 23, 7, tzinfo=UTC))

    failed.delete()
    with at(7, day=24):
        assert owe_digests() == 0

    assert (owed().get().state, owed().get().why) == ("withdrawn", "The morning of another day has come.")


@pytest.mark.usefixtures("waiting")
def test_one_that_failed_ends_with_the_next_morning_and_is_not_counted_in_it(clinic):
    with at(7):
        owe_digests()
    owed().update(state="failed", attempts=7)

    with at(7, day=24):
        owe_digests()

    yesterday, today = owed().order_by("about_on")
    assert (yesterday.state, yesterday.why) == ("withdrawn", "The morning of another day has come.")
    assert today.state == "owed"
    assert counts_of(clinic, date(2026, 11, 24))["failed"] == 1


def test_one_clinic_that_cannot_be_counted_stops_no_other(clinic, waiting, monkeypatch):
    broken = a_clinic()

    def count(asked, today):
        if asked == broken:
            raise RuntimeError
        return {"failed": 1}

    monkeypatch.setattr("b12clinic.messages.services.owe_digest.counts_of", count)
    with at(7):
        assert owe_digests() == 1


def test_every_topic_is_counted_in_one_query_each(clinic, django_assert_max_num_queries):
    counts_of(clinic, TODAY)
    with django_assert_max_num_queries(8):
        assert counts_of(clinic, TODAY) == {}


def test_a_topic_that_is_not_on_the_list_cannot_be_counted():
    with pytest.raises(ValueError, match="no topic"):
        counts("holidays")(lambda clinic, today: {})
    assert "holidays" not in TOPICS


@pytest.mark.parametrize("left", ["died_on", "moved_on"])
def test_a_message_to_somebody_who_died_or_moved_awaits_no_decision(clinic, left):
    patient = a_reachable_patient(clinic)
    a_message(patient, state="failed")
    assert counts_of(clinic, date(2026, 11, 24))["failed"] == 1

    Patient.objects.filter(pk=patient.pk).update(**{left: date(2026, 11, 23)})

    assert "failed" not in counts_of(clinic, date(2026, 11, 24))
