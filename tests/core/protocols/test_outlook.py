"""What doses may add to the stores: a band, an estimate, and silence where nothing is published."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b12clinic.vocabulary import Drug, Route
from regimens.protocols.outlook import DAILY_LOSS, REPLETE, RETENTION, OutlookDose, Stores, outlook
from regimens.protocols.pack import Standing

HYDROXO, CYANO = Drug.HYDROXOCOBALAMIN, Drug.CYANOCOBALAMIN


def doses_of(drug: Drug, dose_mcg: int, *days: int, route: Route = Route.IM) -> list[OutlookDose]:
    return [OutlookDose(drug, dose_mcg, day, route) for day in days]


@pytest.mark.parametrize(
    ("drug", "route", "dose_mcg", "low", "high"),
    [
        (HYDROXO, Route.IM, 1000, 250, 300),
        (CYANO, Route.IM, 1000, 100, 200),
        (CYANO, Route.IM, 100, 50, 90),
        (CYANO, Route.ORAL, 1000, 10, 10),
        (CYANO, Route.ORAL, 2000, 20, 20),
    ],
)
def test_one_dose_adds_what_is_published(
    drug: Drug, route: Route, dose_mcg: int, low: int, high: int
) -> None:
    said = outlook(doses_of(drug, dose_mcg, 0, route=route), until_day=0)
    assert (said.days, said.low_mcg, said.high_mcg) == ((0,), (low,), (high,))


def test_every_retention_is_tested_above() -> None:
    assert set(RETENTION) == {
        (HYDROXO, Route.IM, 1000),
        (CYANO, Route.IM, 1000),
        (CYANO, Route.IM, 100),
        (CYANO, Route.ORAL, 1000),
        (CYANO, Route.ORAL, 2000),
    }


def test_daily_loss_takes_from_the_low_figure_twice_what_it_takes_from_the_high() -> None:
    said = outlook([], until_day=2, start_stores=Stores(2000, 5000))
    assert said.low_mcg == (2000, 1996, 1992)
    assert said.high_mcg == (5000, 4995, 4990)


def test_six_doses_of_two_weeks_add_about_one_and_a_half_milligrams() -> None:
    said = outlook(doses_of(HYDROXO, 1000, 0, 2, 4, 7, 9, 11), until_day=11)
    assert said.low_mcg == (250, 250, 499, 498, 747, 746, 744, 993, 991, 1239, 1236, 1484)
    assert said.high_mcg == (300, 300, 599, 599, 898, 897, 896, 1196, 1194, 1493, 1492, 1790)


def test_two_doses_on_one_day_count_twice() -> None:
    assert outlook(doses_of(CYANO, 1000, 0, 0), until_day=0).high_mcg == (400,)


def test_a_dose_counts_from_its_day_and_not_after_the_last() -> None:
    said = outlook(doses_of(CYANO, 1000, 1, 3), until_day=2)
    assert said.low_mcg == (0, 100, 100)
    assert said.high_mcg == (0, 200, 200)


def test_words_say_that_it_is_an_estimate_and_what_was_not_known() -> None:
    assert outlook(doses_of(HYDROXO, 1000, 0, 2, 4, 7, 9, 11), until_day=11).words == (
        "On day 11 about 1,484 to 1,790 mcg, counting only what the doses add, since the stores at the start are not"
        " known; replete stores are 2,000 to 5,000 mcg. An estimate, not a target and no reason to change a dose."
    )


def test_words_say_which_stores_were_taken_at_the_start() -> None:
    assert outlook([], until_day=2, start_stores=Stores(2000, 5000)).words == (
        "On day 2 about 1,992 to 4,990 mcg, from stores of 2,000 to 5,000 mcg at the start; replete stores are 2,000 to"
        " 5,000 mcg. An estimate, not a target and no reason to change a dose."
    )


def test_figures_name_each_source_once() -> None:
    said = outlook(doses_of(HYDROXO, 1000, 0, 2) + doses_of(CYANO, 1000, 4, route=Route.ORAL), until_day=4)
    assert [figure.spoken for figure in said.figures] == [
        "retained of 1000 mcg hydroxocobalamin by injection: 25 to 30 % (Carmel 2008, retention)",
        "taken up passively of 1000 mcg cyanocobalamin by mouth: 1 % (Legemiddelhåndboka, L4.1.2.1)",
        "daily loss: 0.1 to 0.2 % of stores (Physiology, daily loss)",
        "body stores when replete: 2000 to 5000 mcg (Carmel 2008, body stores)",
    ]


@pytest.mark.parametrize(
    ("dose", "named"),
    [
        (OutlookDose(HYDROXO, 250, 0), "250 mcg hydroxocobalamin (intramuscular)"),
        (OutlookDose(HYDROXO, 100, 0), "100 mcg hydroxocobalamin (intramuscular)"),
        (OutlookDose(HYDROXO, 30_000, 0), "30000 mcg hydroxocobalamin (intramuscular)"),
        (OutlookDose(HYDROXO, 1000, 0, Route.SC), "1000 mcg hydroxocobalamin (deep subcutaneous)"),
        (OutlookDose(CYANO, 1000, 0, Route.SC), "1000 mcg cyanocobalamin (deep subcutaneous)"),
        (OutlookDose(CYANO, 50, 0, Route.ORAL), "50 mcg cyanocobalamin (by mouth)"),
        (OutlookDose(Drug.MECOBALAMIN, 1000, 0), "1000 mcg mecobalamin (intramuscular)"),
    ],
)
def test_a_dose_without_a_published_figure_is_never_interpolated(dose: OutlookDose, named: str) -> None:
    said = outlook([OutlookDose(HYDROXO, 1000, 0), dose], until_day=90)
    assert not said.is_known
    assert (said.days, said.low_mcg, said.high_mcg, said.figures) == ((), (), (), ())
    assert said.words == f"No estimate: there is no published figure for what is retained of {named}."


def test_a_dose_after_the_last_day_needs_no_figure() -> None:
    assert outlook([OutlookDose(HYDROXO, 250, 8)], until_day=7).is_known
    assert not outlook([OutlookDose(HYDROXO, 250, 8)], until_day=8).is_known


@pytest.mark.parametrize(("low", "high"), [(-1, 5), (6, 5)])
def test_stores_that_are_no_range_are_refused(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="the lower figure first"):
        Stores(low, high)


def test_days_before_the_first_are_refused() -> None:
    with pytest.raises(ValueError, match="day 0 on"):
        OutlookDose(CYANO, 1000, -1)
    with pytest.raises(ValueError, match="day 0 or later"):
        outlook([], until_day=-1)


def test_no_figure_is_without_a_source() -> None:
    figures = [*RETENTION.values(), DAILY_LOSS, REPLETE]
    assert all(Decimal(0) < figure.low <= figure.high for figure in figures)
    assert {figure.citation.status for figure in figures} <= {Standing.SEEN, Standing.KNOWN}


KNOWN_DOSES = st.builds(
    lambda key, day: OutlookDose(key[0], key[2], day, key[1]),
    st.sampled_from(sorted(RETENTION)),
    st.integers(0, 60),
)
COURSES = st.lists(KNOWN_DOSES, max_size=12)
STORES = st.none() | st.tuples(st.integers(0, 5000), st.integers(0, 5000)).map(
    lambda pair: Stores(*sorted(pair))
)


@settings(max_examples=50)
@given(COURSES, STORES, st.integers(0, 60))
def test_the_low_figure_is_never_above_the_high(
    doses: list[OutlookDose], start: Stores | None, until_day: int
) -> None:
    said = outlook(doses, until_day=until_day, start_stores=start)
    assert said.days == tuple(range(until_day + 1))
    assert all(0 <= low <= high for low, high in zip(said.low_mcg, said.high_mcg, strict=True))
    assert "estimate" in said.words.lower()


@settings(max_examples=50)
@given(COURSES, KNOWN_DOSES, STORES)
def test_one_dose_more_never_lowers_the_band(
    doses: list[OutlookDose], more: OutlookDose, start: Stores | None
) -> None:
    fewer = outlook(doses, until_day=60, start_stores=start)
    said = outlook([*doses, more], until_day=60, start_stores=start)
    assert all(after >= before for after, before in zip(said.low_mcg, fewer.low_mcg, strict=True))
    assert all(after >= before for after, before in zip(said.high_mcg, fewer.high_mcg, strict=True))
    assert said.high_mcg[-1] > fewer.high_mcg[-1]


@settings(max_examples=30)
@given(COURSES)
def test_the_order_in_which_doses_are_listed_changes_nothing(doses: list[OutlookDose]) -> None:
    forwards, backwards = outlook(doses, until_day=60), outlook(doses[::-1], until_day=60)
    assert (forwards.low_mcg, forwards.high_mcg) == (backwards.low_mcg, backwards.high_mcg)
