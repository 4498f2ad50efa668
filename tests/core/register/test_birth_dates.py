from datetime import date

import pytest

from b12clinic.patients.birth_dates import split_birth_date, turned

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "1948-03-02",
        "1948/3/2",
        "02/03/1948",
        "2.3.1948",
        "2-3-48",
        "2 Mar 1948",
        "2nd March 1948",
        "2mar48",
        "Mar 2, 1948",
        "MARCH 2 1948",
    ],
)
def test_a_date_of_birth_is_read_in_its_usual_forms(text):
    assert split_birth_date(text, TODAY) == (date(1948, 3, 2), "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "smith",
        "march 1948",
        "31/02/1950",
        "0/1/1950",
        "1950-13-01",
        "9990000018",
        "0000-01-01",
        "1/2/345",
    ],
)
def test_what_is_no_date_is_left_as_it_is(text):
    assert split_birth_date(text, TODAY) == (None, text)


def test_a_name_may_stand_beside_the_date():
    assert split_birth_date("smith 2 Mar 1948", TODAY) == (date(1948, 3, 2), "smith")
    assert split_birth_date("02/03/1948 smith", TODAY) == (date(1948, 3, 2), "smith")


def test_the_month_comes_first_only_where_it_is_said_so():
    assert split_birth_date("02/03/1948", TODAY, month_first=True)[0] == date(1948, 2, 3)
    assert split_birth_date("25/03/1948", TODAY, month_first=True)[0] == date(1948, 3, 25)
    assert split_birth_date("03/25/1948", TODAY)[0] == date(1948, 3, 25)


def test_a_year_of_two_digits_is_never_in_the_future():
    assert split_birth_date("1/1/26", TODAY)[0] == date(2026, 1, 1)
    assert split_birth_date("1/1/27", TODAY)[0] == date(1927, 1, 1)


def test_only_another_date_comes_of_changing_day_and_month_over():
    assert turned(date(1948, 3, 2)) == date(1948, 2, 3)
    assert turned(date(1948, 3, 3)) is None
    assert turned(date(1948, 3, 12)) == date(1948, 12, 3)
    assert turned(date(1948, 3, 13)) is None
