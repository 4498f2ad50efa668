"""A schedule over its first year: which doses the estimate counts, and what it assumes."""

from dataclasses import replace

import pytest

from b12clinic.vocabulary import Route
from regimens.packs import load_packs
from regimens.protocols.year_outlook import OPEN_LOADING, year_outlook

PACKS = load_packs()


def phases(code: str):
    return PACKS[code.partition("/")[0]].by_code[code].phases


def test_a_counted_loading_and_its_maintenance_need_no_assumption() -> None:
    year = year_outlook(phases("uk/standard"))
    assert year.injected_on[:6] == (0, 2, 4, 7, 9, 11)
    assert year.assumption == ""
    assert year.outlook.days[-1] == 364


def test_an_open_loading_is_counted_to_its_review_and_says_so() -> None:
    year = year_outlook(phases("uk/neurological"))
    loading = [day for day in year.injected_on if day <= 21]
    assert loading == list(range(0, 21, 2))
    assert year.injected_on[len(loading)] > 60
    assert year.assumption == OPEN_LOADING


def test_tablets_count_one_hundredth_of_each_day() -> None:
    year = year_outlook(phases("uk/oral"))
    assert year.injected_on == ()
    assert (year.outlook.low_mcg[0], year.outlook.high_mcg[0]) == (10, 10)
    assert year.outlook.high_mcg[9] <= 100


def test_tablets_after_injections_begin_a_gap_after_the_last() -> None:
    year = year_outlook(phases("ca-bc/neurological"))
    last = year.injected_on[-1]
    gained = year.outlook.high_mcg[last + 1] - year.outlook.high_mcg[last]
    assert 0 < gained <= 10


@pytest.mark.parametrize("code", ["nl/monthly-300", "us-label/hydroxocobalamin", "uk/oral-low-dose"])
def test_a_dose_without_a_published_figure_gives_no_estimate(code: str) -> None:
    assert not year_outlook(phases(code)).outlook.is_known


def test_an_injection_under_the_skin_has_no_figure_of_its_own() -> None:
    under_skin = [replace(spec, route=Route.SC) for spec in phases("uk/standard")]
    year = year_outlook(under_skin)
    assert not year.outlook.is_known
    assert "no published figure" in year.outlook.words


def test_no_dose_lies_after_the_year() -> None:
    for pack in PACKS.values():
        for protocol in pack.protocols:
            days = year_outlook(protocol.phases).injected_on
            assert all(0 <= day <= 364 for day in days), protocol.code


def test_a_loading_that_outlasts_the_year_counts_up_to_its_last_day() -> None:
    weekly = replace(phases("us-practice/weekly")[0], doses=60, gaps=())
    assert year_outlook([weekly]).injected_on == tuple(range(0, 365, 7))
