"""A written time gives the clinic's day and its moment; a day alone gives no moment."""

from datetime import UTC, date, datetime

import pytest

from monitoring.intake.days import clinic_when

LONDON, NEW_YORK = "Europe/London", "America/New_York"
DAY = date(2026, 7, 5)


def utc(hour, minute=0, second=0, day=5):
    return datetime(2026, 7, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("20260705", None),
        ("2026-07-05", None),
        ("202607051600", utc(15)),
        ("20260705160030+0000", utc(16, 0, 30)),
        ("2026-07-05T16:00:00+02:00", utc(14)),
        ("2026-07-05T16:00:00.25Z", utc(16)),
        ("05/07/2026 16:00", utc(15)),
        ("5 Jul 2026 08:05", utc(7, 5)),
        ("202607050001", utc(23, 1, day=4)),
        ("20260705000001", utc(23, 0, 1, day=4)),
        ("202607050000", None),
        ("2026-07-05T00:00:00+01:00", None),
    ],
)
def test_a_time_gives_a_moment_and_a_day_or_its_midnight_gives_none(written, moment):
    found = clinic_when(written, True, "", LONDON)

    assert (found.day, found.moment) == (DAY, moment)


def test_a_time_without_a_zone_is_the_laboratorys_and_the_day_is_the_clinics():
    found = clinic_when("202607050200", None, LONDON, NEW_YORK)

    assert (found.day, found.moment) == (date(2026, 7, 4), utc(1))
