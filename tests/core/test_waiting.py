"""How long something has waited, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.presenters.words import age

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(minutes=59), "under an hour"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(seconds=-1), "under an hour"),
        (timedelta(hours=-12), "under an hour"),
    ],
)
def test_how_long_it_waited_is_never_negative(waited, words):
    assert age(NOON - waited, NOON) == words
