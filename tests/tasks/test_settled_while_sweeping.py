"""What was dealt with while a sweep was writing of it: nothing of it stays in the clinic's inbox."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import Message
from b12clinic.messages.services.lay_in_inbox import lay_in_inbox
from monitoring.models import InboxItem
from monitoring.services.acknowledge_results import acknowledge_results
from monitoring.services.drop_recheck import drop_recheck
from monitoring.tasks import sweep_labs
from regimens.models import Dose, Phase
from regimens.services.assess import set_aside
from regimens.services.find_settled import find_settled
from regimens.services.record_administration import record_given
from regimens.services.record_contact_attempt import Attempt, record_contact_attempt
from regimens.tasks import sweep_plans
from tests.factories.labs import a_recheck, a_result
from tests.factories.messages import a_message
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import WEEKLY, a_regimen, an_assessment, an_injection, next_dose

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
TODAY = date(2026, 1, 15)


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber", "nurse")


@pytest.fixture
def clinic(doctor):
    return doctor.memberships.first().clinic


@pytest.fixture
def dose(clinic, doctor):
    """Due on 5 January, overdue from the 8th, long overdue on the 15th."""
    return next_dose(a_regimen(a_patient(clinic), doctor, WEEKLY))


@pytest.fixture(autouse=True)
def on_the_day():
    with time_machine.travel(NOON, tick=False):
        yield


def elsewhere(act):
    """On a connection of its own, committed."""

    def alone():
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(alone).result()


def swept_while(act, sweep):
    """The sweep has looked and written, and commits after the act."""
    with transaction.atomic():
        sweep()
        elsewhere(act)
    lay_in_inbox(at=NOON)


def lying(*kinds):
    """Which messages lie in the inbox."""
    rows = Message.objects.filter(state="sent").order_by("step", "audience")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return list(rows.values_list("step", "audience"))


def given(dose, by):
    return lambda: record_given(
        dose=dose,
        injection=an_injection(TODAY, drug="cyanocobalamin"),
        form_key=uuid4(),
        by=by,
        at=NOON,
        today=TODAY,
    )


def called(dose, by, outcome, again_on=None):
    attempt = Attempt(
        channel="phone", outcome=outcome, on=TODAY, next_action_on=again_on, note="Asked not to be called"
    )
    return lambda: record_contact_attempt(
        dose=dose, attempt=attempt, form_key=uuid4(), by=by, at=NOON, today=TODAY
    )


TOLD = [
    ("long_overdue", "prescriber"),
    ("overdue", "clinic"),
    ("overdue_again", "clinic"),
    ("to_call", "nurse"),
]


def test_a_dose_given_while_a_sweep_writes_of_it_leaves_the_inbox_with_the_next_sweep(doctor, dose):
    swept_while(given(dose, doctor), sweep_plans)
    assert lying() == TOLD

    sweep_plans()

    assert lying() == []
    assert set(Message.objects.values_list("state", "why")) == {
        ("withdrawn", "What it spoke of has been dealt with.")
    }
    event = AuditEvent.objects.get(action="messages.settled")
    assert (event.after, event.actor) == ({"work": "plans", "count": 4}, None)


def test_a_dose_postponed_meanwhile_leaves_it_and_comes_back_once_the_day_has_passed(doctor, dose):
    swept_while(called(dose, doctor, "agreed_to_visit", date(2026, 1, 16)), sweep_plans)

    sweep_plans()
    assert lying() == []

    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        sweep_plans()
        lay_in_inbox(at=NOON + timedelta(days=2))
        sweep_plans()
    assert lying() == TOLD


def test_of_a_dose_not_to_be_called_about_meanwhile_nurses_and_patient_hear_nothing(doctor, dose):
    dose.patient.email, dose.patient.consents_to_email = "ada@example.org", True
    dose.patient.consent_noted_on = date(2026, 1, 5)
    dose.patient.save()
    swept_while(called(dose, doctor, "removed"), sweep_plans)

    sweep_plans()

    assert lying() == [("long_overdue", "prescriber")]
    assert set(Message.objects.filter(audience="patient").values_list("state", flat=True)) == {"withdrawn"}


def test_a_dose_on_another_day_leaves_the_inbox(dose):
    sweep_plans()
    lay_in_inbox(at=NOON)
    Dose.objects.filter(pk=dose.pk).update(due_on=date(2026, 1, 6))

    sweep_plans()

    assert lying() == []


def test_what_is_still_owed_stays_however_often_it_is_looked_at(dose):
    for _ in range(3):
        sweep_plans()
        lay_in_inbox(at=NOON)

    assert lying() == TOLD
    assert not AuditEvent.objects.filter(action="messages.settled").exists()


def test_a_review_put_on_another_day_leaves_the_inbox(dose):
    Phase.objects.filter(pk=dose.phase_id).update(review_on=TODAY)
    sweep_plans()
    lay_in_inbox(at=NOON)
    assert lying("review_due") == [("due", "prescriber")]
    Phase.objects.filter(pk=dose.phase_id).update(review_on=date(2026, 1, 20))

    sweep_plans()

    assert lying("review_due") == []


def test_an_assessment_set_aside_meanwhile_leaves_the_inbox(clinic, doctor):
    assessment = an_assessment(a_patient(clinic), doctor)
    swept_while(lambda: set_aside(assessment=assessment, reason="Referred", by=doctor, at=NOON), sweep_plans)
    assert len(lying("unsigned_regimen")) == 2

    sweep_plans()

    assert lying() == []


def test_a_recheck_dropped_meanwhile_leaves_the_inbox(clinic, doctor):
    recheck = a_recheck(a_patient(clinic), due_on=date(2026, 1, 2))
    swept_while(
        lambda: drop_recheck(recheck=recheck, because="Not wanted", by=doctor, at=NOON, today=TODAY),
        sweep_labs,
    )
    assert lying() == [("overdue", "clinic")]

    sweep_labs()

    assert lying() == []


def test_a_result_acknowledged_meanwhile_leaves_the_inbox(clinic, doctor):
    item = InboxItem.objects.create(
        result=a_result(a_patient(clinic)), clinic=clinic, abnormal=True, arrived_at=NOON - timedelta(days=3)
    )
    swept_while(lambda: acknowledge_results(clinic=clinic, items=[item], by=doctor, at=NOON), sweep_labs)
    assert lying() == [("unread", "prescriber")]

    sweep_labs()

    assert lying() == []


def test_a_message_in_somebody_elses_hands_is_left_to_the_next_sweep(clinic, doctor, dose):
    sweep_plans()
    lay_in_inbox(at=NOON)
    Dose.objects.filter(pk=dose.pk).update(due_on=date(2026, 1, 6))
    with transaction.atomic():
        list(Message.objects.select_for_update().filter(audience="nurse"))
        elsewhere(sweep_plans)
        assert lying() == [("to_call", "nurse")]

    sweep_plans()

    assert lying() == []


def test_another_kind_and_another_clinic_are_left_alone(clinic, dose):
    other = a_patient(a_clinic())
    a_message(other, channel="inbox", state="sent", sent_at=NOON, audience="clinic")

    sweep_plans()
    sweep_labs()

    assert lying() == [("overdue", "clinic")]


def test_what_lies_in_the_inbox_is_found_beside_a_full_outbox_by_its_index(clinic):
    Message.objects.bulk_create(
        Message(
            clinic=clinic,
            kind="missed_injection",
            subject_id=number,
            about_on=TODAY,
            step="overdue",
            audience="clinic",
            channel="inbox",
            state="owed",
        )
        for number in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messages_ledger_message")

    [of_doses, *_] = find_settled(clinic, TODAY)

    assert "message_in_inbox" in of_doses.values_list("pk").explain()
