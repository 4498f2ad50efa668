from dataclasses import replace
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


def fbc_due(key, due_on):
    return Wanted(key, due_on, first_answering_day(due_on, BEGUN), frozenset({"haemoglobin", "mcv"}), BEGUN)


def reticulocytes_due(key, due_on):
    return Wanted(key, due_on, first_answering_day(due_on, BEGUN), frozenset({"reticulocytes"}), BEGUN)


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


def test_a_late_sample_answers_the_check_that_was_due_last_and_an_earlier_one_stays():
    assert answers("potassium", date(2026, 11, 8), [DAY_7, DAY_2]) == (2,)
    assert answers("potassium", date(2026, 11, 9), [DAY_7, DAY_2]) == (7,)
    assert answers("potassium", date(2026, 12, 20), [DAY_2]) == (2,)


def test_of_two_checks_due_last_on_one_day_it_answers_both():
    assert answers("potassium", date(2026, 11, 9), [DAY_7, potassium_due(8, date(2026, 11, 9)), DAY_2]) == (
        7,
        8,
    )


def test_a_blood_count_of_week_12_is_that_of_week_8_and_not_that_of_day_8():
    day_8, week_8 = fbc_due(8, date(2026, 11, 10)), fbc_due(56, date(2026, 12, 28))

    assert answers("haemoglobin", date(2027, 1, 25), [day_8, week_8]) == (56,)
    assert answers("haemoglobin", date(2026, 11, 10), [day_8, week_8]) == (8,)


def test_a_signed_review_answers_every_one_that_was_due():
    first, second = (
        Wanted(key, date(2026, 11, day), BEGUN, frozenset({"neuro_exam"})) for key, day in ((1, 10), (2, 23))
    )

    assert answers("neuro_exam", date(2026, 11, 23), [first, second]) == (1, 2)
    assert answers("neuro_exam", date(2026, 11, 22), [first, second]) == (1,)


@pytest.mark.parametrize(
    ("taken_on", "answered"),
    [
        (date(2026, 11, 4), ()),
        (date(2026, 11, 5), (8,)),
        (date(2026, 11, 12), (8,)),
        (date(2026, 11, 13), ()),
        (date(2026, 12, 28), ()),
    ],
)
def test_the_early_check_of_reticulocytes_is_answered_from_day_3_to_day_10(taken_on, answered):
    assert answers("reticulocytes", taken_on, [reticulocytes_due(8, date(2026, 11, 10))]) == answered


def test_reticulocytes_of_day_56_answer_week_8_and_have_no_last_day_there():
    day_8, week_8 = reticulocytes_due(8, date(2026, 11, 10)), reticulocytes_due(56, date(2026, 12, 28))

    assert answers("reticulocytes", date(2026, 12, 28), [day_8, week_8]) == (56,)
    assert answers("reticulocytes", date(2027, 1, 25), [day_8, week_8]) == (56,)


def test_a_check_on_day_10_looks_for_the_rise_and_one_on_day_11_does_not():
    assert answers("reticulocytes", date(2026, 12, 28), [reticulocytes_due(10, date(2026, 11, 12))]) == ()
    assert answers("reticulocytes", date(2026, 12, 28), [reticulocytes_due(11, date(2026, 11, 13))]) == (11,)


def test_a_check_planned_before_the_rise_is_answered_on_its_own_day():
    assert answers("reticulocytes", date(2026, 11, 3), [reticulocytes_due(1, date(2026, 11, 3))]) == (1,)


def test_reticulocytes_that_no_plan_asked_for_have_no_last_day():
    asked = replace(reticulocytes_due(1, date(2026, 11, 10)), first_dose_on=None)

    assert answers("reticulocytes", date(2026, 12, 28), [asked]) == (1,)


def test_another_analyte_answers_nothing():
    assert answers("ferritin", date(2026, 11, 9), [DAY_2, DAY_7]) == ()
