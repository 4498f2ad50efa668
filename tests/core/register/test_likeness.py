from datetime import date

import pytest

from b12clinic.patients.likeness import Entry, likeness

SECOND_OF_MARCH = date(1948, 3, 2)


def entry(name: str, born_on: date = SECOND_OF_MARCH) -> Entry:
    words = name.split()
    return Entry(name, " ".join(words[-1:] + words[:-1]), born_on)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("ada lovelace", "Same name, same date of birth"),
        ("lovelace ada", "Same name, same date of birth"),
        ("ada mary lovelace", "Same date of birth, same or similar last name"),
        ("ada lovelaise", "Same date of birth, same or similar last name"),
        ("ida lovelace", "Same date of birth, same or similar last name"),
        ("ada smith", "Same date of birth, same or similar first name"),
        ("adah smith", "Same date of birth, same or similar first name"),
        ("lovelacee adah", "Same date of birth, similar names changed over"),
        ("grace hopper", ""),
        ("ida smith", ""),
    ],
)
def test_on_one_birthday_a_name_need_only_be_close(other, why):
    assert likeness(entry("ada lovelace"), entry(other)) == why


def test_words_are_close_from_four_letters_in_five():
    assert likeness(entry("x smith"), entry("y smyth")) == "Same date of birth, same or similar last name"
    assert likeness(entry("x smith"), entry("y smots")) == ""


def test_on_another_birthday_only_the_same_name_with_the_date_turned_counts():
    third_of_february = date(1948, 2, 3)
    turned = "Same name, day and month of birth changed over"
    assert likeness(entry("ada lovelace"), entry("ada lovelace", third_of_february)) == turned
    assert likeness(entry("ada lovelace"), entry("lovelace ada", third_of_february)) == turned
    assert likeness(entry("ada lovelace"), entry("adah lovelace", third_of_february)) == ""
    assert likeness(entry("ada lovelace"), entry("ada lovelace", date(1948, 3, 3))) == ""
