from datetime import UTC, date, datetime

import pytest

from regimens.models import Direction
from regimens.queries.directions import direction_in_force
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 5), date(2026, 3, 31)


@pytest.fixture
def doctor():
    return a_user(a_clinic())


@pytest.fixture
def regimen(doctor):
    return a_regimen(a_patient(doctor.memberships.get().clinic), doctor)


@pytest.fixture
def direction(regimen, doctor):
    return Direction.objects.create(regimen=regimen, from_on=FIRST, until_on=LAST, by=doctor, at=AT)


@pytest.mark.parametrize(
    ("on", "covered"),
    [
        (date(2026, 1, 4), False),
        (FIRST, True),
        (LAST, True),
        (date(2026, 4, 1), False),
    ],
)
def test_a_direction_covers_its_first_and_its_last_day(regimen, direction, on, covered):
    assert direction_in_force([regimen], on) == ({regimen.pk: direction} if covered else {})


def test_one_that_was_ended_covers_no_day(regimen, direction):
    Direction.objects.update(ended_on=date(2026, 2, 1))
    assert direction_in_force([regimen.pk], date(2026, 2, 1)) == {}


def test_many_regimens_cost_one_query(regimen, direction, doctor, django_assert_num_queries):
    other = a_regimen(a_patient(regimen.clinic), doctor)
    with django_assert_num_queries(1):
        found = direction_in_force([regimen, other], FIRST)
        assert found[regimen.pk].by.display_name == doctor.display_name
    assert set(found) == {regimen.pk}
