"""Days on which the clinic gives no injections."""

from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent, ClosedDay
from b12clinic.accounts.services.close_days import NotClosed, close_days
from b12clinic.accounts.services.reopen_day import reopen_day
from regimens.calendars import calendar_of
from tests.factories.people import a_clinic, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CHRISTMAS, BOXING = date(2026, 12, 25), date(2026, 12, 28)


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def admin(clinic):
    return a_user(clinic, "administrator")


def test_days_are_added_once_and_stand_on_the_trail(clinic, admin):
    days = {CHRISTMAS: "Christmas Day", BOXING: "Boxing Day"}
    assert close_days(clinic=clinic, days=days, by=admin, at=AT) == [CHRISTMAS, BOXING]
    assert close_days(clinic=clinic, days=days, by=admin, at=AT) == []
    assert ClosedDay.objects.filter(clinic=clinic).count() == 2
    assert AuditEvent.objects.get().after == {"2026-12-25": "Christmas Day", "2026-12-28": "Boxing Day"}


def test_a_day_closed_already_keeps_its_reason(clinic, admin):
    close_days(clinic=clinic, days={CHRISTMAS: "Moving rooms"}, by=admin, at=AT)
    close_days(clinic=clinic, days={CHRISTMAS: "Christmas Day"}, by=admin, at=AT)
    assert ClosedDay.objects.get().why == "Moving rooms"


def test_one_day_without_a_reason_adds_none(clinic, admin):
    with pytest.raises(NotClosed, match="25 Dec 2026"):
        close_days(clinic=clinic, days={BOXING: "Boxing Day", CHRISTMAS: " "}, by=admin, at=AT)
    assert not ClosedDay.objects.exists()


def test_the_schedule_reads_what_was_closed(clinic, admin):
    assert calendar_of(clinic).is_open(CHRISTMAS)
    close_days(clinic=clinic, days={CHRISTMAS: "Christmas Day"}, by=admin, at=AT)
    assert not calendar_of(clinic).is_open(CHRISTMAS)


def test_a_day_is_taken_off_the_list(clinic, admin):
    close_days(clinic=clinic, days={CHRISTMAS: "Christmas Day"}, by=admin, at=AT)
    assert reopen_day(clinic=clinic, on=CHRISTMAS, by=admin, at=AT)
    assert not reopen_day(clinic=clinic, on=CHRISTMAS, by=admin, at=AT)
    assert AuditEvent.objects.get(action="closed_day.removed").before == {"2026-12-25": "Christmas Day"}


def test_another_clinics_day_stays(clinic, admin):
    other = a_clinic()
    close_days(clinic=other, days={CHRISTMAS: "Christmas Day"}, by=admin, at=AT)
    assert not reopen_day(clinic=clinic, on=CHRISTMAS, by=admin, at=AT)
    assert ClosedDay.objects.filter(clinic=other).exists()
