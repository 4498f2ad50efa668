from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from regimens.models import Direction
from regimens.queries.directions import direction_in_force
from regimens.services.sign_direction import NoDirection, end_direction, sign_direction
from regimens.services.stop_regimen import stop_regimen
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 1, 12)
AT = datetime(2026, 1, 12, 12, 0, tzinfo=UTC)


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def regimen(doctor):
    return a_regimen(a_patient(doctor.memberships.get().clinic), doctor)


def sign(regimen, doctor, **changed):
    days = {"from_on": TODAY, "until_on": date(2026, 6, 30)} | changed
    return sign_direction(regimen=regimen, by=doctor, at=AT, today=TODAY, **days)


def test_a_direction_is_in_force_from_its_signature(regimen, doctor):
    direction = sign(regimen, doctor)
    assert direction_in_force([regimen], TODAY) == {regimen.pk: direction}
    assert AuditEvent.objects.get(action="direction.signed").after["until_on"] == "2026-06-30"


def test_a_second_one_takes_the_place_of_the_first(regimen, doctor):
    first = sign(regimen, doctor)
    second = sign(regimen, doctor, until_on=date(2026, 12, 31))
    first.refresh_from_db()
    assert first.ended_on == TODAY
    assert direction_in_force([regimen], TODAY) == {regimen.pk: second}


def test_it_is_ended_once(regimen, doctor):
    direction = sign(regimen, doctor)
    end_direction(direction=direction, by=doctor, at=AT, today=TODAY)
    assert direction_in_force([regimen], TODAY) == {}
    with pytest.raises(NoDirection, match="ended already"):
        end_direction(direction=direction, by=doctor, at=AT, today=TODAY)


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({"until_on": TODAY}, True),
        ({"from_on": date(2026, 1, 1), "until_on": date(2026, 1, 11)}, False),
        ({"from_on": date(2026, 2, 2), "until_on": date(2026, 2, 1)}, False),
        ({"from_on": date(2026, 2, 1), "until_on": date(2026, 2, 1)}, True),
    ],
)
def test_it_ends_on_its_first_day_or_later_and_not_in_the_past(regimen, doctor, changed, taken):
    if taken:
        sign(regimen, doctor, **changed)
    else:
        with pytest.raises(NoDirection):
            sign(regimen, doctor, **changed)
    assert Direction.objects.exists() is taken


def test_it_ends_with_the_regimen_and_none_is_signed_after(regimen, doctor):
    sign(regimen, doctor)
    stop_regimen(regimen=regimen, version=1, reason="Recovered", by=doctor, at=AT, today=TODAY)
    assert Direction.objects.get().ended_on == TODAY
    with pytest.raises(NoDirection, match="over"):
        sign(regimen, doctor)
