from decimal import Decimal

import pytest

from monitoring.interpretation.reference import against_range


@pytest.mark.parametrize(
    ("typed", "low", "high", "flag"),
    [
        ("179", "180", "914", "low"),
        ("180", "180", "914", "normal"),
        ("914", "180", "914", "normal"),
        ("915", "180", "914", "high"),
        ("100", None, None, ""),
        ("0.5", None, "0.4", "high"),
        ("0.4", None, "0.4", "normal"),
        ("114", "115", None, "low"),
        ("115", "115", None, "normal"),
        ("<150", "180", "914", "low"),
        ("<180", "180", "914", "low"),
        ("<=180", "180", "914", "unclear"),
        ("<=179", "180", "914", "low"),
        ("<200", "180", "914", "unclear"),
        ("<5", None, "7", "normal"),
        ("<8", None, "7", "unclear"),
        (">2000", "180", "914", "high"),
        (">914", "180", "914", "high"),
        (">=914", "180", "914", "unclear"),
        (">=915", "180", "914", "high"),
        (">500", "180", "914", "unclear"),
        (">60", "60", None, "normal"),
        (">59", "60", None, "unclear"),
    ],
)
def test_a_value_is_flagged_only_where_it_is_certain(typed, low, high, flag):
    comparator = typed.rstrip("0123456789.")
    limits = [Decimal(end) if end else None for end in (low, high)]

    assert against_range(Decimal(typed.lstrip("<>=")), comparator, *limits) == flag
