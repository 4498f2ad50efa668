"""Acknowledging: once, by one person, with a trace; and who sees to a result."""

from datetime import UTC, datetime, timedelta

import pytest

from b12clinic.accounts.models import AuditEvent
from monitoring.models import InboxItem
from monitoring.services.acknowledge_results import acknowledge_results
from monitoring.services.hand_over_results import hand_over_results
from tests.factories.inbox import an_item
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 6, 10, 2, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def doctor(clinic):
    return a_user(clinic, first_name="Robin", last_name="Example")


@pytest.fixture
def other(clinic):
    return a_user(clinic, first_name="Mina", last_name="Example")


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, name="Ada Example")


def acknowledge(items, by, at=AT, note=""):
    return acknowledge_results(clinic=items[0].clinic, items=items, note=note, by=by, at=at)


def test_several_are_acknowledged_with_a_note_and_one_event_for_each_patient(clinic, patient, doctor):
    second = a_patient(clinic)
    items = [an_item(patient), an_item(patient, "potassium", "4.1"), an_item(second)]

    came = acknowledge(items, doctor, note="  Seen, no action.  ")

    assert (came.done, came.lost) == (items, [])
    assert set(InboxItem.objects.values_list("acknowledged_by", "acknowledged_at", "note")) == {
        (doctor.pk, AT, "Seen, no action.")
    }
    events = AuditEvent.objects.filter(action="results.acknowledged").order_by("pk")
    assert list(events.values_list("patient_id", "actor", "reason")) == [
        (patient.pk, doctor.pk, "Seen, no action."),
        (second.pk, doctor.pk, "Seen, no action."),
    ]
    assert events[0].after == {"results": [str(item.result.public_id) for item in items[:2]]}


def test_a_form_sent_twice_acknowledges_once(patient, doctor):
    items = [an_item(patient)]

    assert acknowledge(items, doctor).done == items
    came = acknowledge(items, doctor, at=LATER, note="Again")

    assert (came.done, came.lost) == ([], [])
    assert InboxItem.objects.get().acknowledged_at == AT
    assert AuditEvent.objects.filter(action="results.acknowledged").count() == 1


def test_the_second_of_two_learns_who_was_first_and_keeps_the_other_rows(patient, doctor, other):
    first, second = an_item(patient), an_item(patient, "potassium", "4.1")
    acknowledge([first], other)

    came = acknowledge([first, second], doctor, at=LATER)

    assert came.done == [second]
    [lost] = came.lost
    assert (lost, lost.acknowledged_by, lost.acknowledged_at) == (first, other, AT)


def test_what_was_corrected_meanwhile_is_not_acknowledged(patient, doctor):
    item = an_item(patient)
    newer = a_result(patient, "haemoglobin", "98", supersedes=item.result, why="Corrected")

    came = acknowledge([item], doctor)

    assert came.done == []
    assert came.lost[0].result.superseded_by == newer
    assert InboxItem.objects.get().acknowledged_at is None


class TestOwners:
    def hand(self, items, to, by, **how):
        return hand_over_results(clinic=items[0].clinic, items=items, to=to, by=by, at=AT, **how)

    def test_a_result_is_taken_handed_on_and_let_go_each_with_its_event(self, patient, doctor, other):
        item = an_item(patient)
        for to in (doctor, other, None):
            item = InboxItem.objects.select_related("owner", "result").get(pk=item.pk)
            assert self.hand([item], to, doctor).done == [item]
            assert InboxItem.objects.get().owner == to

        events = AuditEvent.objects.filter(action="result.handed_over", patient_id=patient.pk).order_by("pk")
        assert [(event.before["owner"], event.after["owner"]) for event in events] == [
            ("nobody", "Robin Example"),
            ("Robin Example", "Mina Example"),
            ("Mina Example", "nobody"),
        ]

    def test_of_two_who_take_a_result_the_second_learns_who_has_it(self, patient, doctor, other):
        item = an_item(patient)
        self.hand([item], other, other, only_free=True)

        came = self.hand([item], doctor, doctor, only_free=True)

        assert (came.done, came.lost[0].owner) == ([], other)
        assert InboxItem.objects.get().owner == other

    def test_what_changed_hands_since_it_was_read_is_left_alone(self, patient, doctor, other):
        as_read = an_item(patient)
        InboxItem.objects.update(owner=other)

        assert self.hand([as_read], doctor, doctor).done == []
        assert InboxItem.objects.get().owner == other

    def test_an_acknowledged_result_is_handed_to_nobody(self, patient, doctor, other):
        item = an_item(patient)
        acknowledge([item], other)

        assert self.hand([item], doctor, doctor).lost == [item]
        assert InboxItem.objects.get().owner is None

    def test_who_has_it_already_leaves_no_event(self, patient, doctor):
        item = an_item(patient, owner=doctor)

        came = self.hand([item], doctor, doctor)

        assert (came.done, came.lost) == ([], [])
        assert not AuditEvent.objects.exists()
