"""A dose that was postponed: nobody is reminded of it until the day that was named has passed; then the ladder goes on."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from b12clinic.messages.ladder import ladder_of
from b12clinic.messages.models import Message
from b12clinic.messages.services.owe_found import owe_found
from b12clinic.messages.still_owed import check_for
from regimens.services.correct_administration import enter_in_error
from regimens.services.find_owed import find_owed
from regimens.services.pause_regimen import pause_regimen
from regimens.services.record_administration import record_not_given
from regimens.services.record_contact_attempt import Attempt, record_contact_attempt
from regimens.services.resume_regimen import resume_regimen
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import WEEKLY, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

DUE = date(2026, 1, 5)  # every week, two days either side: overdue from the 8th
SOON = date(2026, 1, 4)
OVERDUE = date(2026, 1, 8)
NURSES_TOLD = date(2026, 1, 10)
LONG_OVERDUE = date(2026, 1, 15)
PATIENTS = ("missed_injection", "overdue", "patient")
NURSES = ("missed_injection", "to_call", "nurse")


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nurse(clinic):
    return a_user(clinic, "nurse")


@pytest.fixture
def regimen(clinic, nurse):
    return a_regimen(
        a_patient(clinic, email="ada@example.org", consents_to_email=True), nurse, WEEKLY, starts_on=DUE
    )


@pytest.fixture
def dose(regimen):
    return next_dose(regimen)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


def not_given(dose, nurse, on, again_on):
    recorded = record_not_given(
        dose=dose,
        on=on,
        not_given_reason="did_not_attend",
        reason="",
        next_action_on=again_on,
        form_key=uuid4(),
        by=nurse,
        at=noon(on),
        today=on,
    )
    return recorded.administration


def called(dose, nurse, outcome, on, again_on=None, recorded_on=None):
    today = recorded_on or on
    record_contact_attempt(
        dose=dose,
        attempt=Attempt(
            channel="phone", outcome=outcome, on=on, next_action_on=again_on, note="Asked not to be called"
        ),
        form_key=uuid4(),
        by=nurse,
        at=noon(today),
        today=today,
    )


def in_error(entry, nurse, on):
    enter_in_error(
        administration=entry, reason="Wrong patient", form_key=uuid4(), by=nurse, at=noon(on), today=on
    )


def sweep(clinic, today):
    owe_found(find_owed, clinic, ladder_of(clinic), today)


def owed(clinic, today):
    """The rungs that a sweep of the day finds, where none was owed before."""
    Message.objects.all().delete()
    sweep(clinic, today)
    return sorted(Message.objects.values_list("kind", "step", "audience"))


def states():
    return sorted(Message.objects.values_list("step", "audience", "state", "why"))


def still_owed(dose, today, kind="missed_injection"):
    return check_for(kind)(subject_id=dose.pk, about_on=DUE, today=today)


def test_a_dose_not_given_that_is_to_be_tried_again_is_owed_to_nobody_until_that_day_has_passed(
    clinic, nurse, dose
):
    not_given(dose, nurse, on=OVERDUE, again_on=date(2026, 1, 12))

    assert owed(clinic, NURSES_TOLD) == []
    assert owed(clinic, date(2026, 1, 12)) == []
    assert owed(clinic, date(2026, 1, 13)) == [
        PATIENTS,
        ("missed_injection", "overdue_again", "patient"),
        NURSES,
    ]


@pytest.mark.parametrize("outcome", ["agreed_to_visit", "remind_to_call_later", "no_answer"])
def test_a_call_that_names_a_day_postpones_it_until_then(clinic, nurse, dose, outcome):
    called(dose, nurse, outcome, on=OVERDUE, again_on=date(2026, 1, 10))

    assert owed(clinic, date(2026, 1, 10)) == []
    assert owed(clinic, date(2026, 1, 11)) == [
        PATIENTS,
        ("missed_injection", "overdue_again", "patient"),
        NURSES,
    ]


@pytest.mark.parametrize("outcome", ["no_answer", "left_message", "declined", "wrong_number"])
def test_a_call_that_names_no_day_postpones_nothing(clinic, nurse, dose, outcome):
    called(dose, nurse, outcome, on=OVERDUE)

    assert owed(clinic, OVERDUE) == [PATIENTS]


def test_a_wrong_number_postpones_nothing_since_nobody_was_reached_by_it(clinic, nurse, dose):
    called(dose, nurse, "wrong_number", on=OVERDUE, again_on=date(2026, 1, 20))

    assert owed(clinic, OVERDUE) == [PATIENTS]


def test_a_dose_put_off_before_its_day_is_not_announced(clinic, nurse, dose):
    called(dose, nurse, "agreed_to_visit", on=date(2026, 1, 2), again_on=date(2026, 1, 7))

    assert owed(clinic, SOON) == []
    assert not still_owed(dose, DUE, "injection_due")


def test_what_waits_and_what_lies_in_the_inbox_is_withdrawn_by_what_postpones_it(clinic, nurse, dose):
    sweep(clinic, NURSES_TOLD)
    Message.objects.filter(audience="nurse").update(state="sent", sent_at=noon(NURSES_TOLD))

    not_given(dose, nurse, on=NURSES_TOLD, again_on=date(2026, 1, 12))

    why = "The injection was postponed."
    assert states() == [
        ("overdue", "patient", "withdrawn", why),
        ("to_call", "nurse", "withdrawn", why),
    ]


def test_a_call_withdraws_what_waits_too(clinic, nurse, dose):
    sweep(clinic, OVERDUE)

    called(dose, nurse, "agreed_to_visit", on=OVERDUE, again_on=date(2026, 1, 12))

    assert states() == [("overdue", "patient", "withdrawn", "The injection was postponed.")]


def test_a_sender_is_told_that_a_postponed_dose_is_no_longer_owed_until_the_day_has_passed(nurse, dose):
    assert still_owed(dose, OVERDUE)

    not_given(dose, nurse, on=OVERDUE, again_on=date(2026, 1, 12))

    assert not still_owed(dose, OVERDUE)
    assert not still_owed(dose, date(2026, 1, 12))
    assert still_owed(dose, date(2026, 1, 13))


def test_the_last_word_counts_the_later_day_before_the_later_entry(clinic, nurse, dose):
    called(dose, nurse, "agreed_to_visit", on=date(2026, 1, 9), again_on=date(2026, 1, 20))
    called(dose, nurse, "no_answer", on=OVERDUE, recorded_on=date(2026, 1, 10))

    assert owed(clinic, date(2026, 1, 10)) == []

    called(dose, nurse, "no_answer", on=date(2026, 1, 10))

    assert owed(clinic, date(2026, 1, 10)) == [PATIENTS, NURSES]


def test_a_call_after_a_try_is_the_last_word_and_a_try_after_a_call(clinic, nurse, dose):
    not_given(dose, nurse, on=OVERDUE, again_on=date(2026, 1, 20))
    called(dose, nurse, "declined", on=date(2026, 1, 9))

    assert owed(clinic, date(2026, 1, 9)) == [PATIENTS]

    not_given(dose, nurse, on=date(2026, 1, 9), again_on=None)
    called(dose, nurse, "agreed_to_visit", on=date(2026, 1, 10), again_on=date(2026, 1, 20))
    assert owed(clinic, date(2026, 1, 14)) == []

    not_given(dose, nurse, on=date(2026, 1, 14), again_on=None)
    assert PATIENTS in owed(clinic, date(2026, 1, 14))


def test_an_entry_in_error_postpones_nothing(clinic, nurse, dose):
    entry = not_given(dose, nurse, on=OVERDUE, again_on=date(2026, 1, 20))
    in_error(entry, nurse, on=OVERDUE)

    assert owed(clinic, OVERDUE) == [PATIENTS]
    assert still_owed(dose, OVERDUE)


def test_an_entry_in_error_gives_the_word_back_to_what_was_said_before_it(clinic, nurse, dose):
    called(dose, nurse, "agreed_to_visit", on=OVERDUE, again_on=date(2026, 1, 20))
    entry = not_given(dose, nurse, on=date(2026, 1, 9), again_on=None)
    sweep(clinic, date(2026, 1, 9))
    assert states() == [("overdue", "patient", "owed", "")]

    in_error(entry, nurse, on=date(2026, 1, 9))

    assert states() == [("overdue", "patient", "withdrawn", "The injection was postponed.")]
    assert not still_owed(dose, date(2026, 1, 9))


def test_an_injection_in_error_brings_back_no_reminder_of_a_dose_that_was_postponed(clinic, nurse, regimen):
    sweep(clinic, OVERDUE)
    called(next_dose(regimen), nurse, "agreed_to_visit", on=OVERDUE, again_on=date(2026, 1, 20))
    given = give(regimen, nurse, OVERDUE, drug="cyanocobalamin").administration

    in_error(given, nurse, on=OVERDUE)

    assert states() == [("overdue", "patient", "withdrawn", "The injection was postponed.")]


def test_a_regimen_resumed_brings_back_no_reminder_of_a_dose_that_was_postponed(clinic, nurse, regimen):
    doctor = a_user(clinic, "prescriber")
    sweep(clinic, OVERDUE)
    called(next_dose(regimen), nurse, "agreed_to_visit", on=OVERDUE, again_on=date(2026, 1, 20))
    named = {"by": doctor, "at": noon(OVERDUE), "today": OVERDUE}
    pause_regimen(
        regimen=regimen,
        version=regimen.version,
        until_on=date(2026, 1, 30),
        reason="Away",
        **named,
    )
    regimen.refresh_from_db()

    resume_regimen(regimen=regimen, version=regimen.version, reason="Came back", **named)

    assert states() == [("overdue", "patient", "withdrawn", "The injection was postponed.")]


def test_a_word_on_one_dose_says_nothing_of_another_patients(clinic, nurse, dose):
    other = a_regimen(a_patient(clinic), nurse, WEEKLY, starts_on=DUE)
    called(next_dose(other), nurse, "agreed_to_visit", on=OVERDUE, again_on=date(2026, 1, 20))

    assert owed(clinic, OVERDUE) == [PATIENTS]


def test_a_patient_not_to_be_called_about_a_dose_is_left_to_prescribers_until_a_later_word(
    clinic, nurse, dose
):
    called(dose, nurse, "removed", on=OVERDUE)

    assert owed(clinic, LONG_OVERDUE) == [("missed_injection", "long_overdue", "prescriber")]

    called(dose, nurse, "no_answer", on=date(2026, 1, 9))

    assert len(owed(clinic, LONG_OVERDUE)) == 4


def test_what_waits_for_patient_and_nurses_is_withdrawn_when_nobody_is_to_be_called(clinic, nurse, dose):
    sweep(clinic, LONG_OVERDUE)

    called(dose, nurse, "removed", on=LONG_OVERDUE)

    why = "Nobody is to be called about this dose."
    assert states() == [
        ("long_overdue", "prescriber", "owed", ""),
        ("overdue", "patient", "withdrawn", why),
        ("overdue_again", "patient", "withdrawn", why),
        ("to_call", "nurse", "withdrawn", why),
    ]


def test_what_the_clinic_is_told_for_want_of_an_agreement_goes_on_when_nobody_is_to_be_called(clinic, nurse):
    dose = next_dose(a_regimen(a_patient(clinic), nurse, WEEKLY, starts_on=DUE))
    sweep(clinic, OVERDUE)

    called(dose, nurse, "removed", on=OVERDUE)

    assert states() == [("overdue", "clinic", "owed", "")]
    assert owed(clinic, OVERDUE) == [("missed_injection", "overdue", "clinic")]
