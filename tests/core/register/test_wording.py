import pytest

from b12clinic.patients.wording import coded, hidden_in
from b12clinic.vocabulary import Allergen, Condition, Medicine


def test_what_the_list_has_becomes_its_code_whatever_the_capitals():
    assert coded(Medicine, " Warfarin ") == "warfarin"
    assert coded(Allergen, "BENZYL  ALCOHOL") == "benzyl_alcohol"
    assert coded(Condition, "ckd_4") == "ckd_4"


def test_what_the_list_does_not_have_stays_in_words():
    assert coded(Allergen, " Penicillin  V ") == "Penicillin V"


@pytest.mark.parametrize(
    ("words", "text", "name"),
    [
        (Medicine, "warfarin 3 mg", "Warfarin"),
        (Medicine, "Folic acid daily", "Folic acid"),
        (Condition, "severe asthma", "Asthma"),
        (Allergen, "hydroxycobalamine", "a cobalamin"),
        (Allergen, "vitamin B12", "a cobalamin"),
        (Allergen, "b-12 injection", "a cobalamin"),
        (Allergen, "cobalt salts", "Cobalt"),
        (Allergen, "benzylalcohol", "benzyl alcohol"),
    ],
)
def test_what_the_list_has_cannot_hide_in_words(words, text, name):
    assert hidden_in(words, text) == name


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (Medicine, "warfarin"),
        (Medicine, "Acenocoumarol"),
        (Condition, "Hives"),
        (Allergen, "Penicillin"),
        (Allergen, "benzyl_alcohol"),
        (Allergen, "latex"),
    ],
)
def test_a_code_and_other_words_hide_nothing(words, text):
    assert hidden_in(words, text) == ""
