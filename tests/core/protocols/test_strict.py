"""Reading untrusted data: every slip is named with its path."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from b12clinic.vocabulary import Drug
from regimens.protocols.strict import Misfit, Node


def misfit(read: Any) -> tuple[str, str]:
    with pytest.raises(Misfit) as caught:
        read()
    return caught.value.path, caught.value.reason


def test_missing_field_is_named() -> None:
    assert misfit(lambda: Node({}, "phases[0]").fields(["drug"])) == (
        "phases[0].drug",
        "is missing and must be there",
    )


def test_unknown_field_is_named_with_those_that_are_known() -> None:
    assert misfit(lambda: Node({"durg": 1}).fields(["drug"], ["route"])) == (
        "durg",
        "is not a field here; expected one of: drug, route",
    )


def test_absent_optional_field_holds_nothing() -> None:
    field = Node({"drug": 1}).fields(["drug"], ["route"])
    assert (field["route"].is_absent, field["route"].optional(Node.text)) == (True, None)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, "nothing"),
        ("x", "the text 'x'"),
        (["x"], "a list"),
        (3, "3"),
    ],
)
def test_something_else_than_a_mapping_is_described(value: Any, found: str) -> None:
    assert misfit(lambda: Node(value).fields(["a"])) == ("the document", f"expected a mapping, found {found}")
    assert misfit(lambda: list(Node(value).entries()))[1] == f"expected a mapping, found {found}"


def test_something_else_than_a_list_is_described() -> None:
    assert misfit(lambda: list(Node({"a": 1}, "labs").items())) == (
        "labs",
        "expected a list, found a mapping",
    )


def test_list_entries_carry_their_place() -> None:
    assert [node.path for node in Node([1, 2], "labs").items()] == ["labs[0]", "labs[1]"]


def test_mapping_entries_carry_their_key() -> None:
    assert [(key, node.path) for key, node in Node({"a": 1}, "bands").entries()] == [("a", "bands.a")]


@pytest.mark.parametrize("value", [None, "", "  ", 3])
def test_text_is_not_empty(value: Any) -> None:
    assert misfit(lambda: Node(value, "title").text())[0] == "title"


def test_text_is_trimmed_and_may_be_empty_where_that_is_said() -> None:
    assert (Node(" a ").text(), Node("").any_text()) == ("a", "")
    assert misfit(lambda: Node(None).any_text())[1] == "expected text, found nothing"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("UK", "expected small letters, digits and single hyphens, found the text 'UK'"),
        ("a--b", "expected small letters, digits and single hyphens, found the text 'a--b'"),
        ("abcdef", "expected 5 letters at most, found 6"),
    ],
)
def test_slug_fits_into_an_address(text: str, reason: str) -> None:
    assert misfit(lambda: Node(text).slug(at_most=5))[1] == reason
    assert Node("a-1").slug(at_most=3) == "a-1"


@pytest.mark.parametrize("text", ["\x00", "a\x07", "\x7f", "\ud800"])
def test_text_has_no_control_characters(text: str) -> None:
    assert misfit(lambda: Node(text).any_text())[1] == "expected text, found a control character in it"
    assert Node("a\n\tb").any_text() == "a\n\tb"


def test_what_is_found_is_said_in_few_words() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert misfit(lambda: Node(endless).code(Drug))[1].startswith("unknown code a list; expected one of:")
    assert misfit(lambda: Node(16**5000).whole(at_most=9))[1] == (
        "expected 9 or less, found a number of more than 18 digits"
    )
    assert misfit(lambda: Node(16**5000).number(at_most=Decimal(9)))[1].startswith("expected 9 or less")
    assert (
        misfit(lambda: Node("x" * 90).flag())[1] == f"expected true or false, found the text 'xxx{'x' * 76}…"
    )


@pytest.mark.parametrize("value", [1, "true", None])
def test_flag_is_true_or_false(value: Any) -> None:
    assert misfit(lambda: Node(value).flag())[1].startswith("expected true or false")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (True, "expected a whole number, found True"),
        (1.5, "expected a whole number, found 1.5"),
        (0, "expected 1 or more, found 0"),
    ],
)
def test_whole_number_is_whole_and_large_enough(value: Any, reason: str) -> None:
    assert misfit(lambda: Node(value).whole(at_least=1))[1] == reason


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (True, "expected a number, found True"),
        (None, "expected a number, found nothing"),
        ("high", "expected a number, found 'high'"),
        ("NaN", "expected a finite number, found 'NaN'"),
        (-1, "expected 0 or more, found -1"),
    ],
)
def test_number_is_a_finite_number(value: Any, reason: str) -> None:
    assert misfit(lambda: Node(value).number(at_least=Decimal(0)))[1] == reason


@pytest.mark.parametrize(
    ("value", "number"), [(5.9, "5.9"), ("5.90", "5.90"), (7, "7"), (Decimal("1.1"), "1.1")]
)
def test_number_is_read_as_it_was_written(value: Any, number: str) -> None:
    assert str(Node(value).number()) == number


def test_day_is_a_date_and_not_a_moment() -> None:
    assert Node("2025-01-06").day() == date(2025, 1, 6)
    assert Node(date(2025, 1, 6)).day() == date(2025, 1, 6)
    for value in (datetime(2025, 1, 6, 9), "6 January 2025", "20250106", "2025-W02-1", 20250106, None):
        assert "expected a date as YYYY-MM-DD" in misfit(lambda value=value: Node(value).day())[1]


def test_unknown_code_is_named_with_those_that_are_known() -> None:
    assert Node("hydroxocobalamin").code(Drug) is Drug.HYDROXOCOBALAMIN
    assert misfit(lambda: Node("folate", "drug").code(Drug)) == (
        "drug",
        "unknown code 'folate'; expected one of: hydroxocobalamin, cyanocobalamin, mecobalamin",
    )


@pytest.mark.parametrize("value", ["fr", 3, None])
def test_word_is_one_of_those_known(value: Any) -> None:
    assert misfit(lambda: Node(value).one_of(["uk", "nl"]))[1].endswith("expected one of: nl, uk")
