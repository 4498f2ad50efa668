from datetime import date

import pytest

from b12clinic.vocabulary import RecheckTest
from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.recheck_matching import (
    Wanted,
    answered_by_note,
    answers,
    first_answering_day,
    parts_of,
    parts_wanted,
    still_missing,
)

BEGUN = date(2026, 11, 2)


def potassium_due(key, due_on, begins_on=BEGUN):
    return Wanted(key, due_on, first_answering_day(due_on, begins_on), frozenset({"potassium"}))


DAY_2 = potassium_due(2, date(2026, 11, 4))
DAY_7 = potassium_due(7, date(2026, 11, 9))


def test_a_panel_is_answered_part_by_part():
    assert parts_of("fbc") == ("haemoglobin", "mcv", "red_cells", "white_cells", "platelets")
    assert parts_of("iron_studies") == ("ferritin", "transferrin_saturation")
    assert parts_of("reticulocytes") == ("reticulocytes",)


def test_a_part_wanted_twice_is_listed_once():
    assert parts_wanted(["iron_studies", "ferritin"]) == ("ferritin", "transferrin_saturation")


def test_what_is_missing_keeps_the_order_asked_for():
    assert still_missing(["fbc", "reticulocytes"], ["mcv", "haemoglobin"]) == (
        "red_cells",
        "white_cells",
        "platelets",
        "reticulocytes",
    )


@pytest.mark.parametrize("test", list(RecheckTest))
def test_every_test_of_the_list_is_a_panel_of_analytes_or_answered_by_a_note(test):
    parts = parts_of(test)

    assert all(part in ANALYTES for part in parts) or (parts == (test,) and answered_by_note(test))


def test_reviews_and_examinations_are_answered_by_a_note_and_analytes_are_not():
    assert answered_by_note("symptom_review")
    assert answered_by_note("neuro_exam")
    assert answered_by_note("visual_acuity")
    assert not answered_by_note("potassium")


def test_a_sample_counts_from_seven_days_before_the_due_day():
    due = potassium_due(1, date(2026, 12, 28))

    assert answers("potassium", date(2026, 12, 20), [due]) == ()
    assert answers("potassium", date(2026, 12, 21), [due]) == (1,)
    assert answers("potassium", date(2026, 12, 28), [due]) == (1,)
    assert answers("potassium", date(2027, 6, 1), [due]) == (1,)


def test_bloods_of_the_day_treatment_began_do_not_answer_the_check_of_its_second_day():
    assert answers("potassium", date(2026, 11, 2), [DAY_2, DAY_7]) == ()
    assert answers("potassium", date(2026, 11, 3), [DAY_2, DAY_7]) == (2,)


def test_a_check_due_on_the_first_day_itself_is_answered_that_day():
    assert first_answering_day(BEGUN, BEGUN) == BEGUN


def test_an_early_sample_answers_only_the_next_check():
    assert answers("potassium", date(2026, 11, 4), [DAY_7, DAY_2]) == (2,)
    assert answers("potassium", date(2026, 11, 8), [DAY_7]) == (7,)


def test_a_late_sample_answers_every_check_that_was_due():
    assert answers("potassium", date(2026, 11, 9), [DAY_7, DAY_2]) == (2, 7)


def test_another_analyte_answers_nothing():
    assert answers("ferritin", date(2026, 11, 9), [DAY_2, DAY_7]) == ()
