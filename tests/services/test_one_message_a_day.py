"""A patient is written to at most once a day, in the hours of the clinic, by the clock of where they live."""

from datetime import UTC, date, datetime, time

import pytest

from b12clinic.messages.models import ClinicMessaging, DailyWord, Message
from b12clinic.messages.queries import due_ids
from b12clinic.messages.services.owe import owe
from b12clinic.messages.services.release import unmerge_orphans
from b12clinic.messages.services.send import claim
from b12clinic.messages.services.withdraw import withdraw
from tests.factories.messages import KIND, a_message, a_reachable_patient, owed_to
from tests.sinks.posting import send_now

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.data,
    pytest.mark.usefixtures("dealt_with"),
]


def at(hour, minute=0, day=22):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def quiet_message(patient, **fields):
    return a_message(patient, urgent=False, **fields)


@pytest.mark.parametrize(
    ("moment", "state", "next_try_at"),
    [
        (at(7, 59), "owed", at(8)),
        (at(8, 0), "sent", None),
        (at(19, 59), "sent", None),
        (at(20, 0), "owed", at(8, day=23)),
    ],
)
def test_it_waits_for_the_hours_of_sending(mail_sink, moment, state, next_try_at):
    message = quiet_message(a_reachable_patient())

    send_now(message, moment)

    assert (message.state, message.next_try_at, message.attempts) == (
        state,
        next_try_at,
        int(state == "sent"),
    )


def test_the_hours_are_those_of_where_the_patient_lives(mail_sink):
    """Eight in the morning in Kiritimati is six in the evening of the day before in London."""
    message = quiet_message(a_reachable_patient(time_zone="Pacific/Kiritimati"))

    send_now(message, at(17, 59, day=21))
    assert message.next_try_at == at(18, day=21)
    send_now(message, at(18, 0, day=21))
    assert message.state == "sent"
    assert DailyWord.objects.get().on == date(2026, 11, 22)


def test_an_urgent_one_keeps_no_hours_and_needs_no_day(mail_sink):
    patient = a_reachable_patient()
    send_now(quiet_message(patient), at(12))

    message = a_message(patient, urgent=True)
    send_now(message, at(23))

    assert message.state == "sent"


def test_a_clinic_sets_its_own_hours(mail_sink):
    patient = a_reachable_patient()
    ClinicMessaging.objects.create(clinic=patient.clinic, sends_from=time(10), sends_until=time(11))
    message = quiet_message(patient)

    send_now(message, at(9, 59))
    assert message.next_try_at == at(10)
    send_now(message, at(10, 0))
    assert message.state == "sent"


def test_what_waits_for_the_same_patient_is_said_in_one_mail(mail_sink):
    patient = a_reachable_patient()
    first, second = quiet_message(patient, about_on=date(2026, 11, 16)), quiet_message(patient)

    send_now(first, at(12))

    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("merged", first)
    [mail] = mail_sink.taken
    assert mail["To"] == "ada@example.org"


def test_the_second_of_a_day_waits_for_the_next_morning(mail_sink):
    patient = a_reachable_patient()
    send_now(quiet_message(patient), at(12))

    later = quiet_message(patient)
    send_now(later, at(13))

    assert (later.state, later.next_try_at, later.attempts) == ("owed", at(8, day=23), 0)
    assert later.why == "The patient gets another message today; this one waits for the next day."
    send_now(later, at(8, day=23))
    assert later.state == "sent"


def test_a_message_that_was_refused_leaves_the_day_to_another(mail_sink):
    patient = a_reachable_patient()
    mail_sink.at_rcpt = ["550 no such mailbox"]
    refused = quiet_message(patient)
    send_now(refused, at(12))
    assert (refused.state, DailyWord.objects.count()) == ("failed", 0)

    other = quiet_message(patient)
    send_now(other, at(13))

    assert other.state == "sent"


def test_an_uncertain_one_keeps_the_day(mail_sink):
    patient = a_reachable_patient()
    mail_sink.at_data = ["drop the connection without an answer"]
    lost = quiet_message(patient)
    send_now(lost, at(12))
    assert lost.state == "uncertain"

    other = quiet_message(patient)
    send_now(other, at(13))

    assert (other.state, other.next_try_at) == ("owed", at(8, day=23))


def test_what_has_been_dealt_with_is_not_said_beside_another(mail_sink, dealt_with):
    patient = a_reachable_patient()
    first, second = quiet_message(patient), quiet_message(patient)
    dealt_with.add(second.subject_id)

    send_now(first, at(12))

    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("withdrawn", None)


def test_what_was_merged_into_one_that_is_merged_in_its_turn_is_still_said(mail_sink):
    patient = a_reachable_patient()
    newest, middle = quiet_message(patient, about_on=date(2026, 11, 18)), quiet_message(patient)
    oldest = quiet_message(patient, about_on=date(2026, 11, 16))
    Message.objects.filter(pk=oldest.pk).update(state="merged", merged_into=middle)

    send_now(newest, at(12))

    into = Message.objects.order_by("pk").values_list("state", "merged_into")
    assert list(into) == [("sent", None), ("merged", newest.pk), ("merged", newest.pk)]
    assert len(mail_sink.taken) == 1


def test_what_was_merged_is_owed_again_when_the_other_is_withdrawn(mail_sink):
    patient = a_reachable_patient()
    first, second = quiet_message(patient), quiet_message(patient)
    mail_sink.at_data = ["451 later"]
    send_now(first, at(12))
    second.refresh_from_db()
    assert (first.state, second.state) == ("owed", "merged")

    withdraw(kinds=(KIND,), subject_id=first.subject_id, why="The injection was recorded.")
    assert unmerge_orphans() == 1

    send_now(second, at(12, 5))
    assert second.state == "sent"
    assert len(mail_sink.taken) == 1


def test_what_was_merged_is_owed_again_when_the_other_failed_and_was_dealt_with(mail_sink):
    patient = a_reachable_patient()
    first, second = quiet_message(patient), quiet_message(patient)
    mail_sink.at_rcpt = ["550 no such mailbox"]
    send_now(first, at(12))
    assert first.state == "failed"

    withdraw(kinds=(KIND,), subject_id=first.subject_id, why="The injection was recorded.")
    assert unmerge_orphans() == 1

    assert send_now(second, at(12, 5)) == "sent"


def test_messages_to_the_clinic_take_nobodys_day(mail_sink):
    patient = a_reachable_patient()
    patient.clinic.contact_email = "desk@example.org"
    patient.clinic.save()
    send_now(quiet_message(patient), at(12))

    told = quiet_message(patient, audience="clinic")
    send_now(told, at(23))

    assert told.state == "sent"


def test_a_clinic_that_pauses_its_messages_has_none_due(django_user_model):
    patient = a_reachable_patient()
    owe([owed_to(patient)])
    assert len(due_ids(at(12), channel="email", urgent=True, after=0, limit=9)) == 1

    by = django_user_model.objects.create(username="robin")
    ClinicMessaging.objects.create(
        clinic=patient.clinic, paused_at=at(9), paused_by=by, paused_why="Wrong dates"
    )

    assert due_ids(at(12), channel="email", urgent=True, after=0, limit=9) == []
    assert Message.objects.get().state == "owed"


def test_messages_taken_in_hand_together_are_said_in_one_mail(mail_sink):
    patient = a_reachable_patient()
    messages = [quiet_message(patient) for _ in range(3)]

    claimed = claim(message_ids=[one.pk for one in messages], at=at(12))

    assert claimed == [messages[0]]


def test_what_is_owed_to_somebody_who_is_being_written_to_waits_for_that():
    patient = a_reachable_patient()
    first, second = quiet_message(patient), quiet_message(patient)
    urgent, other = a_message(patient, urgent=True), quiet_message(a_reachable_patient(patient.clinic))
    assert [one.pk for one in claim(message_ids=[first.pk], at=at(12))] == [first.pk]

    taken = claim(message_ids=[second.pk, urgent.pk, other.pk], at=at(12))

    assert [one.pk for one in taken] == [urgent.pk, other.pk]


def test_urgent_ones_and_those_to_the_clinic_are_all_taken_in_hand():
    patient = a_reachable_patient()
    messages = [a_message(patient, urgent=True), a_message(patient, urgent=True)]
    messages += [quiet_message(patient, audience="clinic"), quiet_message(patient, audience="nurse")]

    assert claim(message_ids=[one.pk for one in messages], at=at(12)) == messages
