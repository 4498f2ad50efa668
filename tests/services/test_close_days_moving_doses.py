"""Closing the clinic on days on which doses were planned."""

from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent, Clinic, ClosedDay
from b12clinic.accounts.services.close_days import NotClosed
from regimens.models import Dose, DoseMove, Revision
from regimens.presenters.closing import move_lines
from regimens.services.close_days_moving_doses import close_days_moving_doses, rehearse
from regimens.services.pause_regimen import pause_regimen
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import WEEKLY, a_regimen, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 1, 5)  # a Monday
AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
WEDNESDAY = date(2026, 1, 7)


@pytest.fixture
def admin():
    return a_user(a_clinic(), "administrator", "nurse")


@pytest.fixture
def clinic(admin):
    return admin.memberships.first().clinic


@pytest.fixture
def regimen(clinic, admin):
    """Six doses from Monday 5 January 2026: 5, 7, 9, 12, 14 and 16 January, then 16 April and 16 July."""
    return a_regimen(a_patient(clinic), admin)


def close(clinic, admin, *days, act=close_days_moving_doses):
    return act(clinic=clinic, days=dict.fromkeys(days, "Staff training"), by=admin, at=AT, today=TODAY)


def due_days(regimen):
    return list(
        Dose.objects.filter(phase__regimen=regimen).order_by("due_on").values_list("due_on", flat=True)
    )


def test_a_dose_leaves_a_closed_day_for_the_nearest_open_one(regimen, clinic, admin):
    closing = close(clinic, admin, WEDNESDAY)
    assert closing.fresh == [WEDNESDAY]
    (move,) = closing.moved
    assert (move.was_due_on, move.due_on, move.late) == (WEDNESDAY, date(2026, 1, 6), False)
    assert due_days(regimen)[:3] == [TODAY, date(2026, 1, 6), date(2026, 1, 9)]


def test_the_chart_learns_who_moved_what_and_why(regimen, clinic, admin):
    close(clinic, admin, WEDNESDAY)
    revision = Revision.objects.get(regimen=regimen, kind="adjusted")
    assert revision.reason == "The clinic is closed: 7 January 2026, Staff training."
    assert revision.by == admin
    assert list(DoseMove.objects.filter(revision=revision).values_list("was_due_on", "due_on")) == [
        (WEDNESDAY, date(2026, 1, 6))
    ]
    regimen.refresh_from_db()
    assert regimen.version == 2


def test_what_is_shown_is_what_would_be_saved_and_saves_nothing(regimen, clinic, admin):
    before = due_days(regimen)
    shown = close(clinic, admin, WEDNESDAY, act=rehearse)
    assert due_days(regimen) == before
    assert not ClosedDay.objects.exists()
    assert not AuditEvent.objects.filter(action="closed_days.added").exists()
    saved = close(clinic, admin, WEDNESDAY)
    assert [(m.was_due_on, m.due_on) for m in shown.moved] == [(m.was_due_on, m.due_on) for m in saved.moved]


def test_a_regimen_without_a_dose_on_the_day_stays_as_it_is(regimen, clinic, admin):
    assert close(clinic, admin, date(2026, 1, 6)).moved == ()
    assert not Revision.objects.filter(regimen=regimen, kind="adjusted").exists()


def test_a_day_that_has_passed_moves_nothing(regimen, clinic, admin):
    closing = close_days_moving_doses(
        clinic=clinic, days={WEDNESDAY: "Flood"}, by=admin, at=AT, today=date(2026, 1, 8)
    )
    assert (closing.fresh, closing.moved) == ([WEDNESDAY], ())


def test_a_closed_week_pushes_a_weekly_dose_past_its_window_and_says_so(clinic, admin):
    weekly = a_regimen(a_patient(clinic), admin, WEEKLY)
    week = [date(2026, 1, day) for day in (12, 13, 14, 15, 16)]
    closing = close(clinic, admin, *week)
    late = [(m.was_due_on, m.due_on) for m in closing.moved if m.late]
    assert late == [
        (date(2026, 1, 12), date(2026, 1, 19)),
        (date(2026, 1, 19), date(2026, 1, 26)),
        (date(2026, 1, 26), date(2026, 2, 2)),
    ]
    assert due_days(weekly) == [TODAY, date(2026, 1, 19), date(2026, 1, 26), date(2026, 2, 2)]


def test_the_dose_given_keeps_its_day(regimen, clinic, admin):
    give(regimen, admin, TODAY)
    close(clinic, admin, TODAY, WEDNESDAY)
    assert due_days(regimen)[0] == TODAY


def test_doses_leave_for_the_emptiest_day_where_the_clinic_counts_them(clinic, admin):
    Clinic.objects.filter(pk=clinic.pk).update(injections_a_day=1)
    first = a_regimen(a_patient(clinic), admin, WEEKLY)
    second = a_regimen(a_patient(clinic), admin, WEEKLY)
    close(clinic, admin, date(2026, 1, 12))
    moved = sorted([due_days(first)[1], due_days(second)[1]])
    assert moved == [date(2026, 1, 13), date(2026, 1, 14)]


def test_another_clinic_is_left_alone(regimen, admin):
    other = Clinic.objects.create(name="Elsewhere")
    assert close(other, admin, WEDNESDAY).moved == ()
    assert due_days(regimen)[1] == WEDNESDAY


def test_without_a_reason_nothing_is_closed_or_moved(regimen, clinic, admin):
    with pytest.raises(NotClosed, match="07 Jan 2026"):
        close_days_moving_doses(clinic=clinic, days={WEDNESDAY: " "}, by=admin, at=AT, today=TODAY)
    assert due_days(regimen)[1] == WEDNESDAY


@pytest.mark.parametrize(
    ("is_paused", "note"), [(False, "1 day earlier"), (True, "1 day earlier; plan paused")]
)
def test_a_move_of_a_plan_that_rests_says_so(regimen, clinic, admin, is_paused, note):
    if is_paused:
        pause_regimen(
            regimen=regimen, version=1, until_on=None, reason="Hospital", by=admin, at=AT, today=TODAY
        )

    closing = close(clinic, admin, WEDNESDAY, act=rehearse)

    assert [line["note"] for line in move_lines(closing.moved, TODAY)] == [note]
