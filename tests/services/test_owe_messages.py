from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from b12clinic.messages.models import Audience, Message, MessageState
from b12clinic.messages.services.owe import ROWS_A_STATEMENT, owe
from b12clinic.messages.services.reinstate import reinstate
from b12clinic.messages.services.withdraw import withdraw
from b12clinic.vocabulary import Channel
from tests.factories.messages import KIND, a_message, a_reachable_patient, owed_to
from tests.factories.people import a_clinic

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_a_message_is_owed_once_however_often_it_is_found():
    patient = a_reachable_patient()
    rows = [owed_to(patient, subject_id=1), owed_to(patient, subject_id=2)]

    assert owe(rows) == 2
    assert owe(rows) == 0
    assert owe([*rows, owed_to(patient, subject_id=3)]) == 1
    assert Message.objects.count() == 3


def test_the_same_message_twice_in_one_batch_is_owed_once():
    row = owed_to(a_reachable_patient())

    assert owe([row, row]) == 1


def test_nothing_to_owe_is_nothing_new():
    assert owe([]) == 0


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "tests.other"},
        {"subject_id": 2},
        {"about_on": date(2026, 11, 18)},
        {"step": "long_overdue"},
        {"audience": Audience.CLINIC},
        {"channel": Channel.LETTER},
    ],
)
def test_another_kind_subject_date_step_audience_or_channel_is_another_message(other):
    patient = a_reachable_patient()

    assert owe([owed_to(patient, subject_id=1), owed_to(patient, **{"subject_id": 1} | other)]) == 2


def test_what_is_owed_waits_with_all_its_particulars():
    patient = a_reachable_patient()
    row = owed_to(
        patient, subject_id=7, step="overdue", not_before=datetime(2026, 11, 23, 9, 30, 0, 5, tzinfo=UTC)
    )
    owe([row])

    message = Message.objects.get()
    assert (message.clinic_id, message.patient_id) == (patient.clinic_id, patient.pk)
    assert (message.kind, message.subject_id, message.step) == (KIND, 7, "overdue")
    assert (message.about_on, message.audience, message.channel) == (date(2026, 11, 17), "patient", "email")
    assert (message.state, message.attempts) == (MessageState.OWED, 0)
    assert message.next_try_at == datetime(2026, 11, 23, 9, 30, 0, 5, tzinfo=UTC)
    assert message.owed_at is not None


def test_more_rows_than_a_statement_holds_are_all_owed():
    patient = a_reachable_patient()
    rows = [owed_to(patient, subject_id=number) for number in range(ROWS_A_STATEMENT + 1)]

    assert owe(rows) == ROWS_A_STATEMENT + 1
    assert owe(rows) == 0


def test_a_row_that_cannot_be_is_refused_and_leaves_none_of_its_batch():
    patient = a_reachable_patient()
    with pytest.raises(IntegrityError), transaction.atomic():
        owe([owed_to(patient), owed_to(patient, patient_id=None)])

    assert Message.objects.count() == 0


def test_withdrawing_says_why_and_touches_only_what_waits():
    patient = a_reachable_patient()
    waiting = a_message(patient, subject_id=7)
    other_step = a_message(patient, subject_id=7, step="long_overdue")
    sent = a_message(
        patient, subject_id=7, step="soon", state="sent", sent_at=datetime(2026, 11, 1, tzinfo=UTC)
    )
    in_hand = a_message(
        patient,
        subject_id=7,
        step="today",
        state="sending",
        leased_until=datetime(2026, 11, 22, 12, tzinfo=UTC),
    )
    of_another = a_message(patient, subject_id=8)

    assert withdraw(kinds=(KIND,), subject_id=7, why="The injection was recorded.") == 2

    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {
        waiting.pk: "withdrawn",
        other_step.pk: "withdrawn",
        sent.pk: "sent",
        in_hand.pk: "sending",
        of_another.pk: "owed",
    }
    waiting.refresh_from_db()
    assert waiting.why == "The injection was recorded."


def test_a_failed_message_ends_with_what_it_spoke_of_and_an_uncertain_one_waits_for_a_person():
    patient = a_reachable_patient()
    failed = a_message(patient, subject_id=7, state="failed", why="550 no such user")
    uncertain = a_message(patient, subject_id=7, step="long_overdue", state="uncertain")

    assert withdraw(kinds=(KIND,), subject_id=7, why="The injection was recorded.") == 1

    failed.refresh_from_db()
    uncertain.refresh_from_db()
    assert (failed.state, failed.why) == ("withdrawn", "The injection was recorded.")
    assert uncertain.state == "uncertain"


def test_a_failed_message_that_is_owed_again_begins_afresh():
    """A gateway had it on the 1st and could not deliver it: nothing of that attempt is left on it."""
    patient = a_reachable_patient()
    handed_over = datetime(2026, 11, 1, tzinfo=UTC)
    message = a_message(
        patient,
        subject_id=7,
        channel=Channel.SMS,
        state="failed",
        attempts=7,
        handed_over_at=handed_over,
        reference="3b0cdbd5-2a51-4f4e-9d83-5b2f4f0f0a11",
        provider_id="gw-1",
    )
    withdraw(kinds=(KIND,), subject_id=7, why="The injection was recorded.")
    assert reinstate(kinds=(KIND,), subject_id=7) == 1

    message.refresh_from_db()
    assert (message.state, message.attempts, message.handed_over_at) == ("owed", 0, None)
    assert message.provider_id == ""
    assert UUID(message.reference) != UUID("3b0cdbd5-2a51-4f4e-9d83-5b2f4f0f0a11")


def test_one_that_no_gateway_had_keeps_its_reference():
    patient = a_reachable_patient()
    message = a_message(patient, subject_id=7, channel=Channel.SMS, state="failed", reference="r-1")

    withdraw(kinds=(KIND,), subject_id=7, why="The injection was recorded.")

    message.refresh_from_db()
    assert (message.reference, message.provider_id) == ("r-1", "")


def test_a_withdrawn_message_is_not_owed_again_by_the_next_sweep():
    row = owed_to(a_reachable_patient())
    owe([row])
    withdraw(kinds=(KIND,), subject_id=row.subject_id, why="The injection was recorded.")

    assert owe([row]) == 0
    assert Message.objects.get().state == MessageState.WITHDRAWN


def test_a_mistaken_withdrawal_is_taken_back():
    patient = a_reachable_patient()
    message = a_message(patient, subject_id=7, attempts=2)
    withdraw(kinds=(KIND,), subject_id=7, why="The injection was recorded.")

    assert reinstate(kinds=(KIND,), subject_id=8) == 0
    assert reinstate(kinds=(KIND,), subject_id=7) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, message.why) == ("owed", 0, "")


def test_messages_of_another_clinic_are_other_messages_only_by_their_subject():
    here, there = a_reachable_patient(), a_reachable_patient(a_clinic())

    assert owe([owed_to(here, subject_id=1), owed_to(there, subject_id=2)]) == 2
