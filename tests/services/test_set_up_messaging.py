"""What a clinic sets of its reminders: hours, rungs, and the switch that holds everything back."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.ladder import DEFAULT, Step, ladder_of
from b12clinic.messages.models import ClinicMessaging, LadderStep
from b12clinic.messages.services.change_ladder import RungRefused, remove_rung, reset_ladder, set_rung
from b12clinic.messages.services.messaging_version import MessagingChanged
from b12clinic.messages.services.pause_messages import PauseRefused, lift_pause, pause_messages
from b12clinic.messages.services.set_up_messaging import MessagingDetails, set_up_messaging
from tests.factories.people import a_clinic, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
AS_IT_COMES = MessagingDetails(
    sweeps_from=time(7), sends_from=time(8), sends_until=time(20), daily_digest=True, may_link=False
)
AGAIN = Step("missed_injection", "maintenance", "overdue_again", 10, "patient")


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def act(clinic):
    return {"clinic": clinic, "by": a_user(clinic, first_name="Nora"), "at": AT}


def test_hours_are_saved_over_the_version_that_was_shown(act):
    set_up_messaging(details=replace(AS_IT_COMES, sends_from=time(9), daily_digest=False), version=1, **act)

    row = ClinicMessaging.objects.get()
    assert (row.sends_from, row.daily_digest, row.version) == (time(9), False, 2)
    event = AuditEvent.objects.get(action="reminders.set_up")
    assert event.before == {"sends_from": "08:00", "daily_digest": True}
    assert event.after == {"sends_from": "09:00", "daily_digest": False}
    with pytest.raises(MessagingChanged):
        set_up_messaging(details=AS_IT_COMES, version=1, **act)


def test_nothing_is_written_when_the_hours_are_those_that_come_with_the_product(act):
    set_up_messaging(details=AS_IT_COMES, version=1, **act)
    assert not ClinicMessaging.objects.exists()
    assert not AuditEvent.objects.exists()


def test_hours_that_end_before_they_begin_are_refused(act):
    with pytest.raises(ValueError, match="end after they begin"):
        set_up_messaging(details=replace(AS_IT_COMES, sends_until=time(8)), version=1, **act)


def test_the_first_change_makes_the_products_rungs_the_clinics_own(clinic, act):
    set_rung(rung=AGAIN, version=1, **act)

    own = ladder_of(clinic)
    assert len(own) == len(DEFAULT)
    assert AGAIN in own
    event = AuditEvent.objects.get(action="ladder.changed")
    assert event.subject == "ladder:missed_injection:maintenance:overdue_again"
    assert (event.before["days"], event.after["days"]) == (7, 10)
    assert ladder_of(a_clinic()) == DEFAULT


def test_a_rung_is_added_and_removed(clinic, act):
    added = Step("review_due", "", "own_1", 7, "clinic", "inbox")
    set_rung(rung=added, version=1, **act)
    assert added in ladder_of(clinic)

    remove_rung(rung=added, version=2, **act)

    assert added not in ladder_of(clinic)
    assert AuditEvent.objects.first().before["code"] == "own_1"
    with pytest.raises(RungRefused, match="gone already"):
        remove_rung(rung=added, version=3, **act)


def test_two_who_change_the_ladder_at_once_do_not_overwrite_each_other(clinic, act):
    set_rung(rung=AGAIN, version=1, **act)
    with pytest.raises(MessagingChanged):
        set_rung(rung=replace(AGAIN, days=12), version=1, **act)
    assert AGAIN in ladder_of(clinic)


def test_the_last_rung_stays(clinic, act):
    set_rung(rung=AGAIN, version=1, **act)
    LadderStep.objects.exclude(code="overdue_again", phase="maintenance").delete()
    with pytest.raises(RungRefused, match="The last rung stays"):
        remove_rung(rung=AGAIN, version=2, **act)
    assert ladder_of(clinic) == (AGAIN,)


def test_a_reset_climbs_the_products_ladder_again(clinic, act):
    set_rung(rung=AGAIN, version=1, **act)
    reset_ladder(version=2, **act)
    assert ladder_of(clinic) == DEFAULT
    assert AuditEvent.objects.first().action == "ladder.reset"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days": -1}, "days"),
        ({"days": 732}, "days"),
        ({"kind": "injection_due", "days": 1}, "days"),
        ({"kind": "injection_due", "days": -367}, "days"),
        ({"phase": ""}, ""),
        ({"phase": "taper"}, ""),
        ({"kind": "digest", "phase": ""}, ""),
        ({"code": ""}, ""),
        ({"channel": "inbox"}, "channel"),
        ({"audience": "nurse", "channel": "sms"}, "channel"),
        ({"audience": "nurse", "channel": "email"}, "channel"),
        ({"audience": "everybody"}, "audience"),
        ({"kind": "review_due", "phase": ""}, "audience"),
    ],
)
def test_a_rung_that_cannot_be_is_refused(act, wrong, field):
    with pytest.raises(RungRefused) as refused:
        set_rung(rung=replace(AGAIN, **wrong), version=1, **act)
    assert refused.value.field == field
    assert not LadderStep.objects.exists()


@pytest.mark.parametrize("days", [0, 731])
def test_days_reach_from_the_day_itself_to_two_years(act, days):
    set_rung(rung=replace(AGAIN, days=days), version=1, **act)
    assert LadderStep.objects.get(code="overdue_again", phase="maintenance").days == days


def test_all_messages_are_paused_with_a_reason_and_let_go_again(clinic, act):
    pause_messages(why="  Moving to new rooms ", **act)
    row = ClinicMessaging.objects.get()
    assert (row.paused_at, row.paused_by, row.paused_why) == (AT, act["by"], "Moving to new rooms")

    lift_pause(**act)

    row.refresh_from_db()
    assert (row.paused_at, row.paused_by, row.paused_why) == (None, None, "")
    assert [event.action for event in AuditEvent.objects.all()] == ["messages.resumed", "messages.paused"]


def test_the_switch_is_thrown_once(act):
    with pytest.raises(PauseRefused, match="not paused"):
        lift_pause(**act)
    with pytest.raises(PauseRefused, match="Say why"):
        pause_messages(why=" ", **act)
    pause_messages(why="Moving", **act)
    with pytest.raises(PauseRefused, match="paused already"):
        pause_messages(why="Moving", **act)
