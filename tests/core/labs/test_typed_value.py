from decimal import Decimal

import pytest

from monitoring.interpretation.typed_value import TypedValue, Unreadable, read_number, read_typed


@pytest.mark.parametrize(
    ("typed", "text", "number", "comparator"),
    [
        ("85", "85", "85", ""),
        (" 4.10 ", "4.10", "4.10", ""),
        ("0.280000", "0.280000", "0.28", ""),
        ("<150", "150", "150", "<"),
        ("> 2000", "2000", "2000", ">"),
        ("≤5", "5", "5", "<="),
        (">=0.1", "0.1", "0.1", ">="),
        ("999999999", "999999999", "999999999", ""),
    ],
)
def test_a_plain_number_is_read_and_its_text_kept_as_typed(typed, text, number, comparator):
    assert read_typed(typed) == TypedValue(text, Decimal(number), comparator)


@pytest.mark.parametrize("typed", ["4,1", "1,250", "1,250.5", "0,28"])
def test_a_comma_is_never_guessed_to_be_a_decimal_or_a_thousand(typed):
    with pytest.raises(Unreadable, match="has a comma, which could mean a decimal or thousands"):
        read_typed(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "<", "abc", "1 250", "1e3", "-4", "+4", ".5", "5.", "4.1.2", "NaN", "٤", "1'000", "0x10"],
)
def test_whatever_is_not_a_plain_number_is_refused(typed):
    with pytest.raises(Unreadable):
        read_typed(typed)


def test_a_number_has_at_most_nine_digits_before_the_point_and_six_after():
    assert read_number("123456789.123456") == Decimal("123456789.123456")
    with pytest.raises(Unreadable):
        read_number("1234567890")
    with pytest.raises(Unreadable):
        read_number("1.1234567")


@pytest.mark.parametrize(
    ("typed", "text", "number", "comparator"),
    [
        ("4,1", "4.1", "4.1", ""),
        ("1,234", "1.234", "1.234", ""),
        ("<0,10", "0.10", "0.10", "<"),
        ("104", "104", "104", ""),
    ],
)
def test_a_declared_decimal_comma_is_read_and_kept_with_a_point(typed, text, number, comparator):
    assert read_typed(typed, ",") == TypedValue(text, Decimal(number), comparator)


@pytest.mark.parametrize("typed", ["4.1", "1.234", "1.234,5", "1,234.5"])
def test_where_the_comma_is_declared_a_point_is_never_guessed(typed):
    with pytest.raises(Unreadable, match="has a point, but this laboratory's decimal mark is a comma"):
        read_typed(typed, ",")


@pytest.mark.parametrize("typed", ["1,234,567", ",5", "5,", "4,1234567"])
def test_what_is_no_plain_number_is_none_with_a_decimal_comma_either(typed):
    with pytest.raises(Unreadable):
        read_number(typed, ",")
