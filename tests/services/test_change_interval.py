"""The maintenance of a running regimen is given at another interval, from the last injection on."""

from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.vocabulary import IntervalUnit
from regimens.models import Dose, DoseMove, RevisionKind
from regimens.protocols.intervals import Interval
from regimens.services.change_interval import IntervalKept, change_interval, dates_with
from regimens.services.hold import ChangedMeanwhile
from regimens.services.pause_regimen import pause_regimen
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import EVERY_THREE_MONTHS, SIX_DOSES, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 2, 2)
TWO_MONTHS = Interval(2, IntervalUnit.MONTH)


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def regimen(doctor):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, EVERY_THREE_MONTHS)
    give(regimen, doctor, date(2026, 1, 5))
    regimen.refresh_from_db()
    return regimen


def change(regimen, by, interval=TWO_MONTHS, today=TODAY, **fields):
    given = {"version": regimen.version, "reason": "Symptoms return in the last weeks."} | fields
    at = datetime(today.year, today.month, today.day, 9, 0, tzinfo=UTC)
    return change_interval(regimen=regimen, interval=interval, by=by, at=at, today=today, **given)


def due_days(regimen):
    owed = Dose.objects.filter(phase__regimen=regimen, state="owed").order_by("number")
    return list(owed.values_list("due_on", flat=True))


def test_the_dates_are_those_that_were_shown(regimen, doctor):
    before, after = dates_with(regimen, TWO_MONTHS, TODAY)
    assert before == [date(2026, 4, 6), date(2026, 7, 6)]
    assert after == [date(2026, 3, 5), date(2026, 5, 5)]
    assert due_days(regimen) == before
    change(regimen, doctor)
    assert due_days(regimen) == after


def test_the_change_is_a_revision_with_its_reason(regimen, doctor):
    revision = change(regimen, doctor)
    assert revision.kind == RevisionKind.ADJUSTED
    assert revision.reason == (
        "Maintenance every 2 months, before every 3 months. Symptoms return in the last weeks."
    )
    assert DoseMove.objects.filter(revision=revision).count() == 2
    assert AuditEvent.objects.get(action="regimen.interval_changed").after["interval"] == "2 months"
    assert regimen.phases.get().interval_count == 2


@pytest.mark.parametrize(
    ("today", "due_on"), [(date(2026, 3, 4), date(2026, 3, 5)), (date(2026, 3, 9), date(2026, 3, 9))]
)
def test_a_dose_that_was_not_overdue_is_due_today_at_the_earliest(regimen, doctor, today, due_on):
    change(regimen, doctor, today=today)
    assert next_dose(regimen).due_on == due_on


def test_a_dose_that_was_overdue_stays_as_late_as_it_is(regimen, doctor):
    assert next_dose(regimen).overdue_on <= date(2026, 5, 20)
    change(regimen, doctor, today=date(2026, 5, 20))
    assert next_dose(regimen).due_on == date(2026, 3, 5)


def test_during_a_loading_the_maintenance_to_come_changes(doctor):
    patient = a_patient(doctor.memberships.get().clinic)
    regimen = a_regimen(patient, doctor, SIX_DOSES, EVERY_THREE_MONTHS)
    change(regimen, doctor, today=date(2026, 1, 5))
    assert [phase.interval_count for phase in regimen.phases.all()] == [2, 2]
    assert [phase.interval_unit for phase in regimen.phases.all()] == ["day", "month"]


def test_what_cannot_be_changed_says_why(regimen, doctor):
    for fields, sentence in (
        ({"reason": "  "}, "Say why the interval changes"),
        ({"interval": Interval(3, IntervalUnit.MONTH)}, "given every 3 months already"),
    ):
        with pytest.raises(IntervalKept, match=sentence):
            change(regimen, doctor, **fields)


def test_a_regimen_without_maintenance_has_no_interval_to_change(doctor):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, SIX_DOSES)
    with pytest.raises(IntervalKept, match="no maintenance"):
        change(regimen, doctor, today=date(2026, 1, 5))


def test_a_paused_regimen_is_left_alone(regimen, doctor):
    at = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
    pause_regimen(
        regimen=regimen,
        version=regimen.version,
        until_on=date(2026, 3, 1),
        reason="Travels.",
        by=doctor,
        at=at,
        today=TODAY,
    )
    regimen.refresh_from_db()
    with pytest.raises(IntervalKept, match="paused"):
        change(regimen, doctor)


def test_a_stale_page_changes_nothing(regimen, doctor):
    with pytest.raises(ChangedMeanwhile):
        change(regimen, doctor, version=regimen.version - 1)
    assert due_days(regimen) == [date(2026, 4, 6), date(2026, 7, 6)]
