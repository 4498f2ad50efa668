"""A message that a person sends again finds its day free, and still nobody is written to twice on it."""

from datetime import UTC, date, datetime

import pytest

from b12clinic.messages.models import DailyWord, Message
from b12clinic.messages.services.retry import NotRetried, retry
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_user
from tests.sinks.posting import send_now

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.data,
    pytest.mark.usefixtures("dealt_with"),
]


def at(hour, day=22):
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.fixture
def patient():
    return a_reachable_patient()


@pytest.fixture
def lost(patient, mail_sink):
    """Handed over on Sunday the 22nd, and no word came back: it keeps that day."""
    mail_sink.at_data = ["drop the connection without an answer"]
    message = a_message(patient, urgent=False)
    assert send_now(message, at(12)) == "uncertain"
    assert DailyWord.objects.get().on == date(2026, 11, 22)
    return message


def send_again(message, moment):
    nurse = a_user(message.clinic, "nurse")
    retry(message=message, reason="She says that nothing came", by=nurse, at=moment)


@pytest.mark.parametrize("day", [22, 23], ids=["the same day", "the next day"])
def test_an_uncertain_one_sent_again_leaves_that_day(lost, mail_sink, day):
    send_again(lost, at(13, day))
    assert DailyWord.objects.count() == 0

    assert send_now(lost, at(14, day)) == "sent"

    assert DailyWord.objects.get().on == date(2026, 11, day)


@pytest.mark.parametrize("day", [22, 23], ids=["the same day", "the next day"])
def test_no_other_message_goes_besides_it_that_day(lost, mail_sink, day):
    send_again(lost, at(13, day))
    send_now(lost, at(14, day))
    taken = len(mail_sink.taken)

    other = a_message(lost.patient, urgent=False)
    send_now(other, at(15, day))

    assert (other.state, other.next_try_at) == ("owed", at(8, day + 1))
    assert len(mail_sink.taken) == taken


def test_one_sent_again_after_another_took_the_day_waits_for_the_next(lost, mail_sink):
    other = a_message(lost.patient, urgent=False)
    assert send_now(other, at(9, 23)) == "sent"

    send_again(lost, at(10, 23))
    send_now(lost, at(11, 23))

    assert (lost.state, lost.next_try_at) == ("owed", at(8, 24))
    assert lost.why == "The patient gets another message today; this one waits for the next day."


def test_of_two_who_send_it_again_the_second_gives_nothing_back(lost, mail_sink):
    send_again(lost, at(13))
    stale = Message.objects.get(pk=lost.pk)
    stale.state = "uncertain"  # what the second of the two had read
    assert send_now(lost, at(14)) == "sent"

    with pytest.raises(NotRetried):
        send_again(stale, at(15))

    assert DailyWord.objects.get().message == lost
