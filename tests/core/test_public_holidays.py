"""Public holidays by country and region."""

from datetime import date

import pytest

from b12clinic.accounts.public_holidays import UnknownPlace, countries, public_holidays, regions


def days(country, region, year):
    return [holiday.on for holiday in public_holidays(country, region, year)]


def test_england_and_scotland_keep_different_days():
    assert days("GB", "ENG", 2026) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 4),
        date(2026, 5, 25),
        date(2026, 8, 31),
        date(2026, 12, 25),
        date(2026, 12, 26),
        date(2026, 12, 28),
    ]
    assert date(2026, 11, 30) in days("GB", "SCT", 2026)
    assert date(2026, 4, 6) not in days("GB", "SCT", 2026)


def test_the_netherlands_are_named_in_english():
    assert "King's Day" in [holiday.name for holiday in public_holidays("NL", "", 2027)]


def test_an_observed_day_of_the_next_year_is_left_to_it():
    assert {on.year for on in days("US", "", 2027)} == {2027}  # New Year 2028 is observed on 31 December 2027


def test_regions_are_those_of_the_country():
    assert ("SCT", "Scotland") in regions("GB")
    assert regions("XX") == ()


def test_countries_are_named():
    assert ("GB", "United Kingdom") in countries()
    assert ("NL", "Netherlands") in countries()


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("GB", "NRW"), ("", "")])
def test_a_place_without_a_list_is_refused(country, region):
    with pytest.raises(UnknownPlace):
        public_holidays(country, region, 2026)
