"""What reminds of a day that no longer stands is withdrawn by whatever moves the dose or the review, in its transaction."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from b12clinic.messages.models import Message
from b12clinic.vocabulary import IntervalUnit
from regimens.protocols.intervals import Interval
from regimens.services.change_interval import change_interval
from regimens.services.close_days_moving_doses import close_days_moving_doses
from regimens.services.correct_administration import correct_injection, enter_in_error
from regimens.services.end_phase import end_phase
from regimens.services.pause_regimen import pause_regimen
from regimens.services.resume_regimen import resume_regimen
from tests.factories.messages import a_message
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import (
    EVERY_THREE_MONTHS,
    SIX_DOSES,
    WEEKLY,
    a_regimen,
    an_injection,
    give,
    next_dose,
)

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 1, 6)
OPEN = replace(SIX_DOSES, gaps=(), doses=None, horizon=4, review_after_days=21, ends_when="At a review.")


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber", "nurse", "administrator")


@pytest.fixture
def clinic(doctor):
    return doctor.memberships.first().clinic


def noon(day):
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


def asked(doctor, day=TODAY):
    return {"by": doctor, "at": noon(day), "today": day}


def told_of(dose, kind="missed_injection"):
    """One message to the patient that waits and one that lies in the clinic's inbox, about the day the dose is due."""
    said = {"kind": kind, "subject_id": dose.pk, "about_on": dose.due_on}
    a_message(dose.patient, **said)
    a_message(
        dose.patient,
        **said,
        step="to_call",
        audience="nurse",
        channel="inbox",
        state="sent",
        sent_at=noon(TODAY),
    )


def standing():
    return list(Message.objects.order_by("pk").values_list("state", "why"))


def withdrawn(why):
    return [("withdrawn", why), ("withdrawn", why)]


def in_error(administration, doctor, day=TODAY):
    enter_in_error(
        administration=administration, reason="Wrong patient", form_key=uuid4(), **asked(doctor, day)
    )


def test_closing_the_clinic_withdraws_what_speaks_of_the_day_closed(clinic, doctor):
    regimen = a_regimen(a_patient(clinic), doctor, WEEKLY)
    give(regimen, doctor, date(2026, 1, 5), drug="cyanocobalamin")
    told_of(next_dose(regimen))

    close_days_moving_doses(clinic=clinic, days={date(2026, 1, 12): "Staff training"}, **asked(doctor))

    assert next_dose(regimen).due_on != date(2026, 1, 12)
    assert standing() == withdrawn("The date was moved.")


def test_a_day_closed_for_a_later_dose_withdraws_nothing_of_the_one_waited_for(clinic, doctor):
    regimen = a_regimen(a_patient(clinic), doctor, WEEKLY)
    told_of(next_dose(regimen))

    close_days_moving_doses(clinic=clinic, days={date(2026, 1, 12): "Staff training"}, **asked(doctor))

    assert standing() == [("owed", ""), ("sent", "")]


def test_a_corrected_day_withdraws_what_was_said_of_the_dose_that_it_moves(clinic, doctor):
    regimen = a_regimen(a_patient(clinic), doctor, WEEKLY)
    given = give(regimen, doctor, date(2026, 1, 5), drug="cyanocobalamin").administration
    told_of(next_dose(regimen))

    correct_injection(
        administration=given,
        injection=an_injection(date(2026, 1, 6), drug="cyanocobalamin", reason="Typed the wrong day"),
        form_key=uuid4(),
        **asked(doctor),
    )

    assert next_dose(regimen).due_on == date(2026, 1, 13)
    assert standing() == withdrawn("The date was moved.")


def test_an_injection_in_error_withdraws_what_was_said_of_the_dose_after_it(clinic, doctor):
    regimen = a_regimen(a_patient(clinic), doctor, WEEKLY)
    given = give(regimen, doctor, date(2026, 1, 5), drug="cyanocobalamin").administration
    told_of(next_dose(regimen))

    in_error(given, doctor)

    assert next_dose(regimen).number == 1
    assert standing() == withdrawn("Another injection comes first.")


def test_an_injection_in_error_brings_back_only_what_speaks_of_the_day_on_which_the_dose_now_stands(
    clinic, doctor
):
    regimen = a_regimen(a_patient(clinic), doctor, WEEKLY)
    first = give(regimen, doctor, date(2026, 1, 5), drug="cyanocobalamin").administration
    told_of(next_dose(regimen))
    second = give(regimen, doctor, date(2026, 1, 12), drug="cyanocobalamin").administration
    correct_injection(
        administration=first,
        injection=an_injection(date(2026, 1, 8), drug="cyanocobalamin", reason="Typed the wrong day"),
        form_key=uuid4(),
        **asked(doctor, date(2026, 1, 12)),
    )

    in_error(second, doctor, date(2026, 1, 12))

    assert next_dose(regimen).due_on == date(2026, 1, 15)
    assert standing() == withdrawn("The injection was recorded.")


def test_a_regimen_resumed_brings_back_nothing_of_a_day_that_was_moved_while_it_rested(clinic, doctor):
    regimen = a_regimen(a_patient(clinic), doctor, WEEKLY)
    give(regimen, doctor, date(2026, 1, 5), drug="cyanocobalamin")
    told_of(next_dose(regimen))
    regimen.refresh_from_db()
    pause_regimen(
        regimen=regimen,
        version=regimen.version,
        until_on=date(2026, 1, 20),
        reason="Away",
        **asked(doctor),
    )
    close_days_moving_doses(clinic=clinic, days={date(2026, 1, 12): "Staff training"}, **asked(doctor))
    regimen.refresh_from_db()

    resume_regimen(regimen=regimen, version=regimen.version, reason="Came back", **asked(doctor))

    assert standing() == withdrawn("The regimen was paused.")


def test_another_interval_says_so_in_what_it_withdraws(clinic, doctor):
    regimen = a_regimen(a_patient(clinic), doctor, EVERY_THREE_MONTHS)
    give(regimen, doctor, date(2026, 1, 5))
    told_of(next_dose(regimen), "injection_due")
    regimen.refresh_from_db()

    change_interval(
        regimen=regimen,
        version=regimen.version,
        interval=Interval(2, IntervalUnit.MONTH),
        reason="Symptoms return.",
        **asked(doctor),
    )

    assert standing() == withdrawn("The interval was changed.")


def test_a_phase_that_is_ended_says_so_in_what_it_withdraws(clinic, doctor):
    regimen = a_regimen(a_patient(clinic), doctor, replace(OPEN, review_after_days=None), EVERY_THREE_MONTHS)
    give(regimen, doctor, date(2026, 1, 5))
    told_of(next_dose(regimen))
    regimen.refresh_from_db()

    end_phase(
        phase=regimen.phases.get(ordinal=0), version=regimen.version, finding="Gait steady", **asked(doctor)
    )

    assert standing() == withdrawn("The phase was ended by a review.")


def test_a_review_put_on_another_day_withdraws_what_was_said_of_the_old_one(clinic, doctor):
    regimen = a_regimen(a_patient(clinic), doctor, OPEN, EVERY_THREE_MONTHS, neurological=True)
    given = give(regimen, doctor, date(2026, 1, 5)).administration
    phase = regimen.phases.get(ordinal=0)
    about = {"kind": "review_due", "subject_id": phase.pk, "audience": "prescriber", "channel": "inbox"}
    a_message(regimen.patient, **about, about_on=phase.review_on, state="sent", sent_at=noon(TODAY))

    correct_injection(
        administration=given,
        injection=an_injection(date(2026, 1, 6), reason="Typed the wrong day"),
        form_key=uuid4(),
        **asked(doctor),
    )

    phase.refresh_from_db()
    assert phase.review_on == date(2026, 1, 27)
    assert standing() == [("withdrawn", "The review was put on another day.")]
