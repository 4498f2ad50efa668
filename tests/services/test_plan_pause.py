"""A pause for days to come is signed today, begins by itself on its day, and can be called off until then."""

from datetime import UTC, date, datetime, timedelta

import pytest

from b12clinic.accounts.models import AuditEvent
from regimens.models import Pause, PlannedPause, Regimen, Revision
from regimens.queries.due_list import waited_for
from regimens.services.hold import ChangedMeanwhile
from regimens.services.pause_regimen import NotPaused, pause_regimen
from regimens.services.plan_pause import begin_planned, call_off_pause, plan_pause
from regimens.services.resume_regimen import resume_due
from regimens.services.stop_regimen import stop_regimen
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY, FROM, UNTIL = date(2026, 1, 15), date(2026, 1, 20), date(2026, 2, 9)


def at(day):
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def regimen(doctor):
    return a_regimen(a_patient(doctor.memberships.get().clinic), doctor)


def plan(regimen, doctor, **changed):
    regimen.refresh_from_db()
    asked = {"version": regimen.version, "from_on": FROM, "until_on": UNTIL, "reason": "Travels"} | changed
    return plan_pause(regimen=regimen, by=doctor, at=at(TODAY), today=TODAY, **asked)


def begin(regimen, on):
    return begin_planned(clinic=regimen.clinic, at=at(on), today=on)


def state(regimen):
    return Regimen.objects.get(pk=regimen.pk).state


def test_until_its_day_the_patient_waits_for_doses_as_before(regimen, doctor):
    plan(regimen, doctor)

    assert begin(regimen, FROM - timedelta(days=1)) == 0
    assert (state(regimen), waited_for(regimen.clinic).count()) == ("active", 1)
    assert Revision.objects.latest("number").reason == "Planned from 20 Jan 2026 until 09 Feb 2026: Travels"
    assert AuditEvent.objects.get(action="regimen.pause_planned").reason == "Travels"


def test_it_begins_on_its_day_under_the_name_of_who_signed_it_and_ends_on_its_last(regimen, doctor):
    plan(regimen, doctor)

    assert (begin(regimen, FROM), begin(regimen, FROM)) == (1, 0)
    pause = Pause.objects.get()
    assert (pause.from_on, pause.until_on, pause.reason, pause.by) == (FROM, UNTIL, "Travels", doctor)
    assert (state(regimen), waited_for(regimen.clinic).count()) == ("paused", 0)
    assert resume_due(clinic=regimen.clinic, at=at(UNTIL), today=UNTIL) == 1
    assert state(regimen) == "active"


@pytest.mark.parametrize(("on", "began"), [(UNTIL - timedelta(days=1), 1), (UNTIL, 0)])
def test_one_that_nobody_began_in_time_is_not_begun_after_its_end(regimen, doctor, on, began):
    plan(regimen, doctor)

    assert begin(regimen, on) == began
    assert PlannedPause.objects.get().settled_on == on


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"from_on": TODAY}, "begins on a later day than today"),
        ({"until_on": FROM}, "goes on again on a later day than the pause begins"),
        ({"until_on": FROM + timedelta(days=184)}, "A pause lasts 183 days at most"),
        ({"reason": " "}, "Say why the regimen is paused"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(regimen, doctor, changed, sentence):
    with pytest.raises(NotPaused, match=sentence):
        plan(regimen, doctor, **changed)
    assert not PlannedPause.objects.exists() and Revision.objects.count() == 1


def test_the_longest_and_the_soonest_are_taken(regimen, doctor):
    soonest = TODAY + timedelta(days=1)
    assert plan(regimen, doctor, from_on=soonest, until_on=soonest + timedelta(days=183)).from_on == soonest


def test_only_one_is_planned_at_a_time_and_none_for_a_regimen_at_rest(regimen, doctor):
    plan(regimen, doctor)
    with pytest.raises(NotPaused, match="A pause from 20 Jan 2026 is planned already"):
        plan(regimen, doctor, from_on=FROM + timedelta(days=1))
    regimen.refresh_from_db()
    pause_regimen(
        regimen=regimen,
        version=regimen.version,
        until_on=UNTIL,
        reason="In hospital",
        by=doctor,
        at=at(TODAY),
        today=TODAY,
    )
    with pytest.raises(NotPaused, match="paused already"):
        plan(regimen, doctor)
    assert begin(regimen, FROM) == 0
    assert Pause.objects.get().reason == "In hospital"


def test_it_is_called_off_once_and_never_begins(regimen, doctor):
    plan(regimen, doctor)
    regimen.refresh_from_db()
    asked = {"regimen": regimen, "by": doctor, "at": at(TODAY), "today": TODAY}

    with pytest.raises(ChangedMeanwhile):
        call_off_pause(version=regimen.version - 1, **asked)
    call_off_pause(version=regimen.version, **asked)

    assert (begin(regimen, FROM), state(regimen)) == (0, "active")
    assert Revision.objects.latest("number").reason == "Called off: the pause from 20 Jan 2026"
    regimen.refresh_from_db()
    with pytest.raises(NotPaused, match="No pause is planned any more"):
        call_off_pause(version=regimen.version, **asked)


def test_it_ends_with_a_regimen_that_is_stopped(regimen, doctor):
    plan(regimen, doctor)
    regimen.refresh_from_db()
    stop_regimen(
        regimen=regimen, version=regimen.version, reason="Declined", by=doctor, at=at(TODAY), today=TODAY
    )

    assert PlannedPause.objects.get().settled_on == TODAY
    assert begin(regimen, FROM) == 0
