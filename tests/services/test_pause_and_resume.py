from datetime import UTC, date, datetime, timedelta

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import Message
from monitoring.models import Alert
from monitoring.services.alerts import end_alert
from regimens.models import Dose, Pause, Regimen, Revision
from regimens.queries.decisions import back_by, pauses_ending
from regimens.queries.due_list import waited_for
from regimens.services.hold import ChangedMeanwhile
from regimens.services.late_alerts import ask_for_decisions
from regimens.services.pause_regimen import NotPaused, pause_regimen
from regimens.services.resume_regimen import NotResumed, resume_due, resume_regimen
from regimens.services.stop_regimen import stop_regimen
from tests.factories.labs import an_alert
from tests.factories.messages import owe_missed_injections
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import WEEKLY, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 1, 15)
UNTIL = date(2026, 2, 9)


def at(day):
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def regimen(doctor):
    """Weekly loading given once on 5 January; the dose of the 12th is overdue on the 15th."""
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, WEEKLY)
    give(regimen, doctor, date(2026, 1, 5), drug="cyanocobalamin")
    return regimen


def pause(regimen, doctor, **changed):
    regimen.refresh_from_db()
    asked = {"version": regimen.version, "until_on": UNTIL, "reason": "In hospital"} | changed
    return pause_regimen(regimen=regimen, by=doctor, at=at(TODAY), today=TODAY, **asked)


def resume(regimen, doctor, on, **changed):
    regimen.refresh_from_db()
    asked = {"version": regimen.version, "reason": ""} | changed
    return resume_regimen(regimen=regimen, by=doctor, at=at(on), today=on, **asked)


def sweep(regimen, on):
    return resume_due(clinic=regimen.clinic, at=at(on), today=on)


def state(regimen):
    return Regimen.objects.get(pk=regimen.pk).state


def test_nobody_waits_for_a_dose_and_no_reminder_goes_out(regimen, doctor):
    owe_missed_injections(clinic=regimen.clinic, today=TODAY)
    assert waited_for(regimen.clinic).count() == 1

    pause(regimen, doctor)

    assert state(regimen) == "paused"
    assert waited_for(regimen.clinic).count() == 0
    assert Message.objects.get().state == "withdrawn"
    assert owe_missed_injections(clinic=regimen.clinic, today=UNTIL - timedelta(days=1)) == 0
    assert Dose.objects.filter(phase__regimen=regimen, state="owed").count() == 3
    assert Revision.objects.get(kind="paused").reason == "Until 09 Feb 2026: In hospital"


def test_a_late_dose_is_not_asked_about_meanwhile(regimen, doctor):
    ask_for_decisions(clinic=regimen.clinic, at=at(date(2026, 1, 28)), today=date(2026, 1, 28))
    pause(regimen, doctor)
    assert not Alert.objects.filter(ended_at=None).exists()
    assert ask_for_decisions(clinic=regimen.clinic, at=at(UNTIL), today=UNTIL) == 0


@pytest.mark.parametrize(("on", "resumed"), [(UNTIL - timedelta(days=1), 0), (UNTIL, 1)])
def test_it_goes_on_by_itself_on_its_day(regimen, doctor, on, resumed):
    pause(regimen, doctor)
    assert sweep(regimen, on) == resumed
    assert state(regimen) == ("active" if resumed else "paused")


def test_the_dose_stands_as_late_as_it_is_and_the_late_rules_apply(regimen, doctor):
    waited = next_dose(regimen)
    owe_missed_injections(clinic=regimen.clinic, today=TODAY)
    pause(regimen, doctor)

    sweep(regimen, UNTIL)

    assert (next_dose(regimen), next_dose(regimen).due_on) == (waited, date(2026, 1, 12))
    assert Message.objects.get().state == "owed"
    assert ask_for_decisions(clinic=regimen.clinic, at=at(UNTIL), today=UNTIL) == 1


def test_the_sweep_acts_once_under_the_name_of_who_signed(regimen, doctor):
    pause(regimen, doctor)
    assert (sweep(regimen, UNTIL), sweep(regimen, UNTIL)) == (1, 0)
    assert Revision.objects.get(kind="resumed").by == doctor
    event = AuditEvent.objects.get(action="regimen.resumed")
    assert (event.actor, event.reason) == (None, "The day until which it was paused has come.")
    assert Pause.objects.get().ended_on == UNTIL


def test_it_may_go_on_before_its_day(regimen, doctor):
    pause(regimen, doctor)
    resume(regimen, doctor, date(2026, 1, 20), reason="Home early")
    assert state(regimen) == "active"
    assert Pause.objects.get().ended_on == date(2026, 1, 20)
    assert sweep(regimen, UNTIL) == 0


def test_what_was_stopped_is_not_resumed(regimen, doctor):
    pause(regimen, doctor)
    regimen.refresh_from_db()
    stop_regimen(
        regimen=regimen, version=regimen.version, reason="Moved", by=doctor, at=at(TODAY), today=TODAY
    )
    assert sweep(regimen, UNTIL) == 0
    assert (state(regimen), Pause.objects.get().ended_on) == ("stopped", TODAY)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": " "}, "Say why"),
        ({"until_on": TODAY}, "a later day than today"),
    ],
)
def test_a_pause_has_a_reason_and_an_end(regimen, doctor, changed, sentence):
    with pytest.raises(NotPaused, match=sentence):
        pause(regimen, doctor, **changed)
    assert state(regimen) == "active"


def test_a_pause_of_one_day(regimen, doctor):
    pause(regimen, doctor, until_on=TODAY + timedelta(days=1))
    assert sweep(regimen, TODAY + timedelta(days=1)) == 1


@pytest.mark.parametrize(("days", "taken"), [(183, True), (184, False)])
def test_a_pause_that_ends_by_itself_lasts_half_a_year_at_most(regimen, doctor, days, taken):
    until = TODAY + timedelta(days=days)
    if not taken:
        with pytest.raises(NotPaused, match="183 days at most"):
            pause(regimen, doctor, until_on=until)
    else:
        assert pause(regimen, doctor, until_on=until).until_on == until


def test_a_pause_without_a_day_ends_only_by_a_decision(regimen, doctor):
    pause(regimen, doctor, until_on=None)
    assert sweep(regimen, TODAY + timedelta(days=3650)) == 0
    assert [one.regimen for one in pauses_ending(regimen.clinic, TODAY)] == [regimen]
    resume(regimen, doctor, TODAY)
    assert state(regimen) == "active"
    assert pauses_ending(regimen.clinic, TODAY) == []


def test_nothing_is_paused_or_resumed_twice(regimen, doctor):
    with pytest.raises(NotResumed, match="not paused"):
        resume(regimen, doctor, TODAY)
    pause(regimen, doctor)
    with pytest.raises(NotPaused, match="paused already"):
        pause(regimen, doctor)


@pytest.mark.parametrize("rule", ["REACTION_ANAPHYLAXIS", "REACTION_SEVERE", "REACTION_REVIEW"])
def test_while_a_reaction_waits_for_review_nothing_is_resumed(regimen, doctor, rule):
    pause(regimen, doctor)
    alert = an_alert(regimen.patient, rule=rule)
    with pytest.raises(NotResumed, match="A reaction waits for review"):
        resume(regimen, doctor, TODAY)
    assert state(regimen) == "paused"

    end_alert(alert=alert, how="Another drug was chosen", by=doctor, at=at(TODAY))
    resume(regimen, doctor, TODAY)
    assert state(regimen) == "active"


@pytest.mark.parametrize(
    ("as_of", "named"),
    [(UNTIL - timedelta(days=1), []), (UNTIL, ["Ada Sample"]), (UNTIL + timedelta(days=1), ["Ada Sample"])],
)
def test_a_list_for_a_day_ahead_names_whose_pause_ends_by_then(regimen, doctor, as_of, named):
    regimen.patient.name = "Ada Sample"
    regimen.patient.save()
    pause(regimen, doctor)
    assert [one.regimen.patient.name for one in back_by(regimen.clinic, TODAY, as_of)] == named
    assert not back_by(a_clinic(), TODAY, as_of)


def test_a_stale_page_pauses_and_resumes_nothing(regimen, doctor):
    with pytest.raises(ChangedMeanwhile):
        pause(regimen, doctor, version=1)
    shown = pause(regimen, doctor).regimen.version
    with pytest.raises(ChangedMeanwhile):
        resume(regimen, doctor, TODAY, version=shown - 1)
    assert state(regimen) == "paused"
