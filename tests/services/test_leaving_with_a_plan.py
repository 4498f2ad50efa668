from datetime import UTC, date, datetime

import pytest

from b12clinic.messages.models import Message
from b12clinic.patients.services.note_death import note_death
from b12clinic.patients.services.note_move import note_move
from monitoring.services.plan_rechecks import plan_rechecks
from regimens.models import Dose, PlannedRecheck, Regimen, Revision
from regimens.queries.decisions import gone_with_a_plan
from regimens.services.pause_regimen import pause_regimen
from regimens.services.stop_regimen import stop_regimen
from tests.factories.messages import owe_missed_injections, owe_overdue_rechecks
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 2, 2)
AT = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def regimen(doctor):
    """A plan with a dose and a recheck overdue, and a reminder owed for each."""
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor)
    (recheck,) = plan_rechecks(
        patient=regimen.patient,
        clinic=regimen.clinic,
        wanted=[(date(2026, 1, 19), ["fbc"], "Two weeks")],
        at=AT,
        begins_on=date(2026, 1, 5),
    )
    PlannedRecheck.objects.create(revision=regimen.revisions.get(), recheck=recheck)
    owe_missed_injections(clinic=regimen.clinic, today=TODAY)
    owe_overdue_rechecks(clinic=regimen.clinic, today=TODAY)
    assert set(Message.objects.values_list("kind", "state")) == {
        ("missed_injection", "owed"),
        ("overdue_recheck", "owed"),
    }
    return regimen


def dies(regimen, by):
    return note_death(
        patient=regimen.patient,
        version=regimen.patient.version,
        died_on=date(2026, 2, 1),
        reason="Told by the family",
        by=by,
        at=AT,
        today=TODAY,
    )


def all_is_over(regimen):
    regimen.refresh_from_db()
    assert (regimen.state, regimen.ended_on) == ("stopped", TODAY)
    assert set(Dose.objects.filter(phase__regimen=regimen).values_list("state", flat=True)) == {"withdrawn"}
    assert set(Message.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert regimen.patient.rechecks.get().state == "dropped"


def test_a_death_stops_the_plan_with_all_that_hangs_on_it(regimen, doctor):
    nurse = a_user(regimen.clinic, "nurse")
    dies(regimen, nurse)
    all_is_over(regimen)
    stopped = Revision.objects.get(kind="stopped")
    assert (stopped.reason, stopped.by) == ("The patient died.", nurse)


def test_a_death_stops_a_paused_plan_too(regimen, doctor):
    pause_regimen(
        regimen=regimen,
        version=1,
        until_on=date(2026, 3, 1),
        reason="Hospital",
        by=doctor,
        at=AT,
        today=TODAY,
    )
    dies(regimen, doctor)
    all_is_over(regimen)


def test_a_death_without_a_plan_is_noted_as_before(doctor):
    patient = a_patient(doctor.memberships.get().clinic)
    noted = note_death(
        patient=patient, version=patient.version, died_on=TODAY, reason="Told", by=doctor, at=AT, today=TODAY
    )
    assert noted.died_on == TODAY
    assert not Revision.objects.exists()


def test_a_move_leaves_the_plan_to_a_decision(regimen, doctor):
    assert gone_with_a_plan(regimen.clinic) == []
    note_move(
        patient=regimen.patient,
        version=regimen.patient.version,
        moved_on=TODAY,
        reason="Leeds",
        by=doctor,
        at=AT,
        today=TODAY,
    )
    assert Regimen.objects.get().state == "active"
    assert gone_with_a_plan(regimen.clinic) == [regimen]


def test_stopping_calls_back_the_reminder_of_a_recheck_it_drops(regimen, doctor):
    stop_regimen(regimen=regimen, version=1, reason="Recovered", by=doctor, at=AT, today=TODAY)
    all_is_over(regimen)
