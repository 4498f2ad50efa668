"""Codes as keyboard scanners type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimens.box_code import BoxCode, UnreadableCode, is_box_code, read_box_code

WHOLE = BoxCode("09501101530003", "A123", date(2027, 6, 30))


@pytest.mark.parametrize(
    "scanned",
    [
        "01095011015300031727063010A123",
        "]d201095011015300031727063010A123",
        "\x1d01095011015300031727063010A123",
        "010950110153000310A123\x1d17270630",
        "010950110153000310A123<GS>17270630",
        "010950110153000310A123^]17270630",
        "010950110153000310A123|1727063021SERIAL",
        " 01095011015300031727063010A123\n",
        "(01)09501101530003(17)270630(10)A123",
    ],
)
def test_a_code_is_read_however_the_scanner_types_its_separator(scanned):
    assert read_box_code(scanned) == WHOLE


def test_an_expiry_without_a_day_is_the_last_of_its_month():
    assert read_box_code("01095011015300031728020010A1").expires_on == date(2028, 2, 29)


def test_lot_and_expiry_may_be_missing_from_a_code():
    assert read_box_code("0109501101530003") == BoxCode("09501101530003", "", None)


@pytest.mark.parametrize(
    ("scanned", "sentence"),
    [
        ("", "not the square code"),
        ("A123", "not the square code"),
        ("5012345678900", "not the square code"),
        ("01095011015300041727063010A123", "article number in the code is wrong"),
        ("01095011015300031727133010A123", "not the square code"),  # month 13
        ("1727063010A123", "names no article"),
        ("(01)0950110153", "not the square code"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(scanned, sentence):
    with pytest.raises(UnreadableCode, match=sentence):
        read_box_code(scanned)


@given(st.text(max_size=300))
def test_no_text_does_more_harm_than_a_sentence(scanned):
    try:
        read_box_code(scanned)
    except UnreadableCode as refused:
        assert str(refused).endswith(".")


@pytest.mark.parametrize(
    ("text", "is_code"),
    [
        ("0105012345678900172610", True),
        ("0105012345678900", True),
        ("]d20105012345678900172610", True),
        ("]C1\x1d0105012345678900", True),
        ("<GS>0105012345678900", True),
        (" (01)05012345678900(10)A1", True),
        ("010501234567890", False),
        ("0205012345678900172610", False),
        ("A0105012345678900", False),
        ("A123", False),
        ("", False),
    ],
)
def test_the_code_of_a_box_is_known_wherever_it_was_typed(text, is_code):
    assert is_box_code(text) is is_code


def test_a_lone_bracket_is_no_code():
    with pytest.raises(UnreadableCode):
        read_box_code("]")
