"""A person ends a message that failed or whose outcome is unknown, without sending it again."""

from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import DailyWord, Message
from b12clinic.messages.services.note_receipt import Receipt, note_receipt
from b12clinic.messages.services.reinstate import reinstate
from b12clinic.messages.services.release import unmerge_orphans
from b12clinic.messages.services.settle import settle
from b12clinic.messages.services.settle_by_hand import ByHand, NotSettled, settle_by_hand
from b12clinic.messages.tasks import messages_to_decide
from b12clinic.patients.models import Patient
from tests.factories.messages import KIND, a_message, a_reachable_patient, owe_missed_injections
from tests.factories.people import a_user
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]

HANDED_OVER = datetime(2026, 11, 22, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def patient():
    return a_reachable_patient()


@pytest.fixture
def nurse(patient):
    return a_user(patient.clinic, "nurse", first_name="Nora", last_name="Example")


def uncertain(patient, **fields):
    given = {"state": "uncertain", "handed_over_at": HANDED_OVER, "attempts": 1, "why": "No word came back."}
    return a_message(patient, **given | fields)


def failed(patient, **fields):
    return a_message(patient, **{"state": "failed", "attempts": 7, "why": "550 no such user"} | fields)


def by_hand(message, how, nurse, reason="She rang us", at=MONDAY):
    settle_by_hand(message=message, how=how, reason=reason, by=nurse, at=at)
    message.refresh_from_db()


def test_one_that_arrived_was_sent_when_it_was_handed_over(patient, nurse):
    message = uncertain(patient)

    by_hand(message, ByHand.ARRIVED, nurse)

    assert (message.state, message.sent_at, message.why) == ("sent", HANDED_OVER, "")


@pytest.mark.parametrize("made", [uncertain, failed])
def test_what_was_told_in_another_way_is_ended_and_says_why(patient, nurse, made):
    message = made(patient)

    by_hand(message, ByHand.TOLD, nurse, reason=" Told her on the telephone ")

    assert (message.state, message.why) == ("ended", "Told her on the telephone")
    assert (message.handed_over_at, message.leased_until) == (None, None)


@pytest.mark.parametrize(
    ("how", "state"), [(ByHand.ARRIVED, "sent"), (ByHand.TOLD, "ended")], ids=["arrived", "told"]
)
def test_it_leaves_one_row_on_the_trail(patient, nurse, how, state):
    message = uncertain(patient)

    by_hand(message, how, nurse)

    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.at) == ("message.settled_by_hand", nurse, MONDAY)
    assert (event.patient_id, event.reason) == (patient.pk, "She rang us")
    assert event.subject == f"message:{message.pk} {KIND}"
    assert event.before == {"state": "uncertain", "why": "No word came back."}
    assert event.after == {"state": state}


def test_the_morning_summary_counts_it_no_more(patient, nurse):
    first, second = uncertain(patient), failed(patient)
    assert messages_to_decide(patient.clinic, date(2026, 11, 23)) == {"uncertain": 1, "failed": 1}

    by_hand(first, ByHand.ARRIVED, nurse)
    by_hand(second, ByHand.TOLD, nurse)

    assert messages_to_decide(patient.clinic, date(2026, 11, 23)) == {}


def test_what_was_to_be_said_in_it_ends_with_it_and_is_not_owed_by_itself(patient, nurse):
    message, other = failed(patient), failed(patient)
    beside = a_message(patient, state="merged", merged_into=message)
    elsewhere = a_message(patient, state="merged", merged_into=other)

    by_hand(message, ByHand.TOLD, nurse, reason="Told her on the telephone")

    assert unmerge_orphans() == 0
    beside.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (beside.state, beside.merged_into) == ("ended", None)
    assert beside.why == "Told her on the telephone"
    assert (elsewhere.state, elsewhere.merged_into) == ("merged", other)
    assert AuditEvent.objects.get().after == {"state": "ended", "said_in_it": 1}


def test_what_was_said_in_one_that_arrived_stays_said_in_it(patient, nurse):
    message = uncertain(patient)
    beside = a_message(patient, state="merged", merged_into=message)

    by_hand(message, ByHand.ARRIVED, nurse)

    beside.refresh_from_db()
    assert (beside.state, beside.merged_into, unmerge_orphans()) == ("merged", message, 0)


@pytest.mark.parametrize("how", [ByHand.ARRIVED, ByHand.TOLD])
def test_it_may_have_arrived_so_its_day_stays_taken(patient, nurse, how):
    message = uncertain(patient, urgent=False)
    DailyWord.objects.create(patient=patient, on=date(2026, 11, 22), message=message)

    by_hand(message, how, nurse)

    assert DailyWord.objects.get().message == message


def test_one_that_failed_did_not_arrive(patient, nurse):
    message = failed(patient)

    with pytest.raises(NotSettled, match="It failed; only"):
        by_hand(message, ByHand.ARRIVED, nurse)
    message.refresh_from_db()
    assert (message.state, AuditEvent.objects.count()) == ("failed", 0)


@pytest.mark.parametrize("state", ["owed", "sent", "withdrawn", "ended"])
def test_one_that_waits_for_no_decision_stays_as_it_is(patient, nurse, state):
    message = a_message(patient, state=state, sent_at=HANDED_OVER if state == "sent" else None)

    with pytest.raises(NotSettled, match="no longer waiting for a decision"):
        by_hand(message, ByHand.TOLD, nurse)
    message.refresh_from_db()
    assert (message.state, AuditEvent.objects.count()) == (state, 0)


def test_of_two_who_decide_the_second_is_told(patient, nurse):
    message = uncertain(patient)
    stale = Message.objects.get(pk=message.pk)
    by_hand(message, ByHand.ARRIVED, nurse)

    with pytest.raises(NotSettled):
        settle_by_hand(message=stale, how=ByHand.TOLD, reason="No longer needed", by=nurse, at=MONDAY)
    assert Message.objects.get().state == "sent"


def test_without_a_reason_nothing_is_settled(patient, nurse):
    message = uncertain(patient)

    with pytest.raises(NotSettled, match="Say how you know"):
        by_hand(message, ByHand.ARRIVED, nurse, reason="  ")
    assert Message.objects.get().state == "uncertain"


@pytest.mark.parametrize("how", [ByHand.ARRIVED, ByHand.TOLD])
def test_its_slow_sender_changes_nothing_of_what_a_person_settled(patient, nurse, how):
    """The lease stays on an uncertain message, so that its sender may say what it knows: until a person has."""
    message = uncertain(patient, leased_until=HANDED_OVER)
    of_the_sender = Message.objects.get(pk=message.pk)
    by_hand(message, how, nurse)

    assert settle(message=of_the_sender, to="failed", at=MONDAY, why="550") is False
    assert Message.objects.get().state == ("sent" if how == ByHand.ARRIVED else "ended")


def test_a_gateway_may_still_say_that_what_somebody_believed_arrived_did_not(patient, nurse):
    message = uncertain(patient, channel="sms", reference="r1")
    by_hand(message, ByHand.ARRIVED, nurse)

    assert note_receipt(receipt=Receipt(status="undelivered", reference="r1"), at=MONDAY)
    message.refresh_from_db()
    assert message.state == "failed"


def test_what_was_told_in_another_way_is_not_owed_again_by_a_correction(patient, nurse):
    """The injection was recorded by mistake: what its recording withdrew is owed again, what was told is not."""
    told = failed(patient, subject_id=7)
    withdrawn = a_message(patient, subject_id=7, step="long_overdue", state="withdrawn")
    by_hand(told, ByHand.TOLD, nurse)

    assert reinstate(kinds=(KIND,), subject_id=7) == 1

    assert dict(Message.objects.values_list("pk", "state")) == {told.pk: "ended", withdrawn.pk: "owed"}


def test_no_sweep_owes_again_what_was_told_not_even_in_another_way(patient, nurse):
    """The injection is still missed; since it was told on the telephone, the patient agreed to text messages alone."""
    a_regimen(patient, nurse, starts_on=date(2026, 1, 5))
    assert owe_missed_injections(clinic=patient.clinic, today=date(2026, 1, 7)) == 1
    Message.objects.update(state="failed")
    by_hand(Message.objects.get(), ByHand.TOLD, nurse)
    Patient.objects.update(consents_to_email=False, consents_to_sms=True, phone="07700 900123")

    assert owe_missed_injections(clinic=patient.clinic, today=date(2026, 1, 8)) == 0
    assert Message.objects.get().state == "ended"
