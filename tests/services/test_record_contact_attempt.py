from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from b12clinic.accounts.models import AuditEvent
from regimens.models import ContactAttempt, Dose, DoseState
from regimens.services.record_contact_attempt import Attempt, AttemptNotRecorded, record_contact_attempt
from regimens.services.stop_regimen import stop_regimen
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 16, 12, 0, tzinfo=UTC)
TODAY = date(2026, 1, 16)
TOMORROW = date(2026, 1, 17)


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", first_name="Sam", last_name="Nurse")


@pytest.fixture
def dose(nurse):
    return next_dose(a_regimen(a_patient(nurse.memberships.get().clinic), nurse))


def record(dose, nurse, form_key=None, **fields):
    given = {"channel": "phone", "outcome": "no_answer", "on": TODAY} | fields
    return record_contact_attempt(
        dose=dose, attempt=Attempt(**given), form_key=form_key or uuid4(), by=nurse, at=AT, today=TODAY
    )


def refused(dose, nurse, **fields):
    with pytest.raises(AttemptNotRecorded) as refusal:
        record(dose, nurse, **fields)
    assert ContactAttempt.objects.count() == 0
    return str(refusal.value)


def test_an_attempt_is_kept_with_who_when_and_what_next(dose, nurse):
    row = record(dose, nurse, outcome="agreed_to_visit", next_action_on=TOMORROW, note="  With her daughter ")

    row.refresh_from_db()
    assert (row.patient_id, row.clinic_id, row.dose_id) == (dose.patient_id, dose.clinic_id, dose.pk)
    assert (row.channel, row.outcome, row.note) == ("phone", "agreed_to_visit", "With her daughter")
    assert (row.on, row.next_action_on, row.by, row.at) == (TODAY, TOMORROW, nurse, AT)


@pytest.mark.parametrize(("outcome", "kept"), [("removed", None), ("no_answer", TOMORROW)])
def test_whoever_is_not_to_be_called_has_no_next_day(dose, nurse, outcome, kept):
    assert record(dose, nurse, outcome=outcome, note="Asked", next_action_on=TOMORROW).next_action_on == kept


def test_an_attempt_leaves_one_audit_event(dose, nurse):
    record(dose, nurse, outcome="removed", note="In hospital")

    event = AuditEvent.objects.get(action="contact.recorded")
    assert (event.actor, event.patient_id, event.subject) == (
        nurse,
        dose.patient_id,
        f"dose:{dose.public_id}",
    )
    assert (event.after, event.reason) == ({"channel": "phone", "outcome": "removed"}, "In hospital")


@pytest.mark.parametrize("outcome", ["no_answer", "left_message", "wrong_number", "declined"])
def test_no_attempt_ends_what_is_owed(dose, nurse, outcome):
    record(dose, nurse, outcome=outcome)

    dose.refresh_from_db()
    assert (dose.state, dose.is_next) == (DoseState.OWED, True)


def test_the_same_form_sent_twice_records_once(dose, nurse):
    key = uuid4()
    first = record(dose, nurse, key)
    again = record(dose, nurse, key, outcome="left_message")

    assert again == first
    assert ContactAttempt.objects.count() == AuditEvent.objects.filter(action="contact.recorded").count() == 1


def test_a_form_sent_again_after_the_injection_is_still_the_one_recorded(dose, nurse):
    key = uuid4()
    first = record(dose, nurse, key)
    give(dose.phase.regimen, nurse, TODAY)

    assert record(dose, nurse, key) == first


def test_two_forms_are_two_attempts(dose, nurse):
    record(dose, nurse)
    record(dose, nurse)

    assert ContactAttempt.objects.count() == 2


def test_an_attempt_today_or_before_is_taken_and_one_to_come_is_not(dose, nurse):
    assert refused(dose, nurse, on=TOMORROW) == "The attempt cannot lie in the future; check its date."
    assert record(dose, nurse, on=TODAY).on == TODAY
    assert record(dose, nurse, on=date(2026, 1, 15)).on == date(2026, 1, 15)


def test_the_next_day_may_be_the_same_but_not_before(dose, nurse):
    sentence = "The next day cannot lie before the attempt."
    assert refused(dose, nurse, next_action_on=date(2026, 1, 15)) == sentence
    assert record(dose, nurse, next_action_on=TODAY).next_action_on == TODAY


def test_nobody_leaves_the_list_of_calls_for_longer_than_a_quarter(dose, nurse):
    quarter = TODAY + timedelta(days=92)
    sentence = "The next day lies more than 92 days ahead; for a longer absence pause the regimen."
    assert refused(dose, nurse, next_action_on=quarter + timedelta(days=1)) == sentence
    assert record(dose, nurse, next_action_on=quarter).next_action_on == quarter


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("agreed_to_visit", "Enter the day on which the patient agreed to come."),
        ("remind_to_call_later", "Enter the day on which to call again."),
        ("removed", "Write why this patient is not to be called about this dose."),
    ],
)
def test_an_outcome_wants_its_day_or_its_reason(dose, nurse, outcome, sentence):
    assert refused(dose, nurse, outcome=outcome, note=" ") == sentence
    assert record(dose, nurse, outcome=outcome, note="Said so", next_action_on=TOMORROW).outcome == outcome


def test_a_dose_given_meanwhile_is_not_called_about(dose, nurse):
    give(dose.phase.regimen, nurse, date(2026, 1, 15))

    assert refused(dose, nurse) == "This dose was given on 15 Jan 2026, recorded by Sam Nurse."


def test_a_dose_withdrawn_meanwhile_is_not_called_about(dose, nurse):
    regimen = dose.phase.regimen
    regimen.refresh_from_db()
    stop_regimen(
        regimen=regimen, version=regimen.version, reason="Moved to tablets", by=nurse, at=AT, today=TODAY
    )

    assert refused(dose, nurse) == "This dose was withdrawn: its plan was stopped or replaced."


@pytest.mark.parametrize(
    ("gone", "sentence"),
    [
        ("died_on", "The patient died on 10 Jan 2026."),
        ("moved_on", "The patient moved away on 10 Jan 2026."),
    ],
)
def test_nobody_is_called_about_who_died_or_moved_away(dose, nurse, gone, sentence):
    setattr(dose.patient, gone, date(2026, 1, 10))
    dose.patient.save()

    assert refused(dose, nurse) == sentence
    assert Dose.objects.get(pk=dose.pk).state == DoseState.OWED


def test_the_key_of_another_doses_form_is_refused(dose, nurse):
    key = uuid4()
    record(next_dose(a_regimen(a_patient(dose.clinic), nurse)), nurse, form_key=key)

    with pytest.raises(AttemptNotRecorded, match="another attempt already"):
        record(dose, nurse, form_key=key)

    assert not ContactAttempt.objects.filter(dose=dose).exists()
