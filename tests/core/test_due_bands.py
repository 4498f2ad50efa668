"""Where a dose stands on a day, either side of every edge."""

from datetime import date, timedelta

import pytest

from regimens.protocols.due_bands import Band, band_of, cut_offs, long_overdue_rule
from regimens.protocols.policy import DEFAULT, Policy

DUE = date(2026, 1, 14)


@pytest.mark.parametrize(
    ("as_of", "band"),
    [
        (date(2026, 1, 6), Band.LATER),
        (date(2026, 1, 7), Band.WEEK),
        (date(2026, 1, 13), Band.WEEK),
        (date(2026, 1, 14), Band.TODAY),
        (date(2026, 1, 15), Band.TODAY),
        (date(2026, 1, 16), Band.OVERDUE),
        (date(2026, 1, 27), Band.OVERDUE),
        (date(2026, 1, 28), Band.LONG_OVERDUE),
    ],
)
def test_a_loading_dose_moves_through_the_bands(as_of, band):
    found = band_of(due_on=DUE, overdue_on=date(2026, 1, 16), kind="loading", urgent=False, as_of=as_of)
    assert found is band


@pytest.mark.parametrize(
    ("kind", "urgent", "last_overdue"),
    [
        ("loading", True, date(2026, 1, 20)),
        ("taper", False, date(2026, 1, 27)),
        ("maintenance", False, date(2026, 2, 10)),
    ],
)
def test_each_kind_of_phase_has_its_own_day_from_which_it_is_long_overdue(kind, urgent, last_overdue):
    def band_on(day):
        return band_of(due_on=DUE, overdue_on=date(2026, 1, 16), kind=kind, urgent=urgent, as_of=day)

    assert band_on(last_overdue) is Band.OVERDUE
    assert band_on(last_overdue + timedelta(days=1)) is Band.LONG_OVERDUE


def test_a_dose_inside_its_window_is_never_long_overdue():
    """Three-monthly maintenance has a window of 14 days; a clinic that set 5 days would else call it long overdue."""
    policy = Policy(long_overdue_maintenance_days=5)
    found = band_of(
        due_on=DUE,
        overdue_on=date(2026, 1, 29),
        kind="maintenance",
        urgent=False,
        as_of=date(2026, 1, 28),
        policy=policy,
    )
    assert found is Band.TODAY


def test_a_clinic_sets_its_own_figures():
    assert cut_offs(DUE, Policy(long_overdue_loading_days=3)).loading == date(2026, 1, 11)
    assert cut_offs(DUE).loading == date(2025, 12, 31)


def test_the_figures_are_told_as_local_policy():
    for name in (
        "long_overdue_neuro_loading_days",
        "long_overdue_loading_days",
        "long_overdue_maintenance_days",
    ):
        assert DEFAULT.is_local(name)
    assert long_overdue_rule() == (
        "Long overdue: 7 days past due in a neurological loading, 14 in another loading, 28 in maintenance"
        " (local policy; no guideline gives a figure)."
    )
