"""Each marker against its expected course, on both sides of every day and figure."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest

from monitoring.interpretation.lab_value import LabValue
from monitoring.interpretation.measured import Results
from monitoring.interpretation.response import Course
from monitoring.interpretation.symptom_trend import ScoredSymptoms
from monitoring.interpretation.trajectory import MARKERS, Verdict, assess
from regimens.protocols.policy import DEFAULT
from tests.core.patients import TODAY, lab


def course(day, *, unchanged=None, readable=True):
    return Course(
        first_dose_on=TODAY - timedelta(days=day),
        as_of=TODAY,
        hb_limit=D(120),
        mma_is_raised=lambda one: one.above(D(280)),
        mma_readable=readable,
        symptoms_unchanged=unchanged,
    )


def results(day, *values, before=()):
    first = TODAY - timedelta(days=day)
    earlier = [one if isinstance(one, LabValue) else lab(*one, on=first) for one in before]
    return Results((*earlier, *values), as_of=TODAY, first_dose_on=first)


def answer(marker, day, *values, before=(), **more):
    return assess(marker, results(day, *values, before=before), course(day, **more), DEFAULT)


def said(marker, day, *values, before=(), **more):
    return answer(marker, day, *values, before=before, **more).sentence


LOW_HB = (("haemoglobin", 90),)


@pytest.mark.parametrize(
    ("day", "hb", "expected"),
    [
        (
            13,
            91,
            "Haemoglobin 91 g/L on day 13, expected at least 10 g/L above 90 g/L from day 14: too early.",
        ),
        (14, 99, "Haemoglobin 99 g/L on day 14, expected at least 10 g/L above 90 g/L: inadequate."),
        (14, 100, "Haemoglobin 100 g/L on day 14, expected at least 10 g/L above 90 g/L: adequate."),
        (55, 119, "Haemoglobin 119 g/L on day 55, expected at least 10 g/L above 90 g/L: adequate."),
        (56, 118, "Haemoglobin 118 g/L on day 56, expected at or above 120: inadequate."),
        (56, 120, "Haemoglobin 120 g/L on day 56, expected at or above 120: adequate."),
        (7, 120, "Haemoglobin 120 g/L on day 7, expected at or above 120: adequate."),
        (
            6,
            120,
            "Haemoglobin 120 g/L on day 6, expected at or above 120, by treatment not before day 7: too early.",
        ),
        (
            13,
            90,
            "Haemoglobin 90 g/L on day 13, expected at least 10 g/L above 90 g/L from day 14: too early.",
        ),
        (
            13,
            89,
            "Haemoglobin 89 g/L on day 13, expected at least 10 g/L above 90 g/L from day 14: too early, but it has fallen.",
        ),
    ],
)
def test_haemoglobin_is_told_with_its_day_and_what_was_expected(day, hb, expected):
    assert said("haemoglobin", day, lab("haemoglobin", hb), before=LOW_HB) == expected


def test_haemoglobin_without_a_value_or_without_an_anaemia_is_not_judged():
    assert said("haemoglobin", 60, before=LOW_HB) == (
        "Haemoglobin: no value that can be read since the first dose."
    )
    assert said("haemoglobin", 60, lab("haemoglobin", 100)) == (
        "Haemoglobin 100 g/L on day 60 cannot be judged: no anaemia was measured before the first dose."
    )


def test_after_a_low_haematocrit_alone_haemoglobin_waits_for_day_56():
    before = (("haematocrit", 30),)
    assert said("haemoglobin", 55, lab("haemoglobin", 110), before=before) == (
        "Haemoglobin 110 g/L on day 55, expected at or above 120 from day 56: too early."
    )
    assert answer("haemoglobin", 56, lab("haemoglobin", 110), before=before).verdict is Verdict.INADEQUATE


def test_a_bound_that_settles_nothing_is_not_judged():
    above = lab("haemoglobin", 110, comparator=">")
    assert said("haemoglobin", 60, above, before=LOW_HB) == (
        "Haemoglobin >110 g/L on day 60 cannot be judged: it is reported as a bound."
    )
    assert (
        answer("haemoglobin", 60, lab("haemoglobin", 120, comparator=">"), before=LOW_HB).verdict
        is Verdict.ADEQUATE
    )
    assert (
        answer("mcv", 90, lab("mcv", 99, comparator=">"), before=(("mcv", 110),)).verdict
        is Verdict.CANNOT_JUDGE
    )
    assert (
        answer("mcv", 90, lab("mcv", 100, comparator="<"), before=(("mcv", 110),)).verdict is Verdict.ADEQUATE
    )


@pytest.mark.parametrize(
    ("day", "mcv", "expected"),
    [
        (89, 101, "Mean cell volume 101 fL on day 89, expected at or below 100 from day 90: too early."),
        (90, 101, "Mean cell volume 101 fL on day 90, expected at or below 100: inadequate."),
        (90, 100, "Mean cell volume 100 fL on day 90, expected at or below 100: adequate."),
        (14, 93, "Mean cell volume 93 fL on day 14, expected at or below 100: adequate."),
        (
            13,
            93,
            "Mean cell volume 93 fL on day 13, expected at or below 100, by treatment not before day 14: too early.",
        ),
    ],
)
def test_mcv_is_judged_from_day_90_and_credited_from_day_14(day, mcv, expected):
    assert said("mcv", day, lab("mcv", mcv), before=(("mcv", 118),)) == expected


@pytest.mark.parametrize("before", [(), (("mcv", 100),)])
def test_mcv_that_was_not_high_is_not_judged(before):
    assert said("mcv", 90, lab("mcv", 101), before=before) == (
        "Mean cell volume 101 fL on day 90 cannot be judged: it was not measured above 100 fL before the first dose."
    )


RETICS = (*LOW_HB, ("reticulocytes", 40))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (6, 40, "Reticulocytes 40 10*9/L on day 6, expected to have risen by day 7 to 10: too early."),
        (6, 41, "Reticulocytes 41 10*9/L on day 6, expected to have risen by day 7 to 10: adequate."),
        (3, 41, "Reticulocytes 41 10*9/L on day 3, expected to have risen by day 7 to 10: adequate."),
        (2, 41, "Reticulocytes 41 10*9/L on day 2, expected to have risen by day 7 to 10: too early."),
        (7, 40, "No rise of reticulocytes by day 7 (40 10*9/L): inadequate."),
        (10, 41, "Reticulocytes 41 10*9/L on day 10, expected to have risen by day 7 to 10: adequate."),
        (
            11,
            41,
            "Reticulocytes 41 10*9/L on day 11 cannot be judged: no rise can be looked for in samples up to day 10.",
        ),
    ],
)
def test_reticulocytes_are_judged_from_day_7_to_day_10(day, count, expected):
    assert said("reticulocytes", day, lab("reticulocytes", count), before=RETICS) == expected


def test_reticulocytes_need_an_anaemia_and_something_to_compare_with():
    well = (("haemoglobin", 130), ("reticulocytes", 40))
    assert "no anaemia was measured" in said("reticulocytes", 8, lab("reticulocytes", 40), before=well)
    assert said("reticulocytes", 10, lab("reticulocytes", "5.8", "%"), before=LOW_HB) == (
        "Reticulocytes 5.8 % on day 10 cannot be judged: neither a count from before the first dose nor an upper limit is "
        "on record."
    )
    assert said("reticulocytes", 8, lab("reticulocytes", "5.8", "%"), before=RETICS) == (
        "Reticulocytes 5.8 % on day 8 cannot be judged: the counts cannot all be compared with the one from before the "
        "first dose."
    )
    assert (
        answer("reticulocytes", 8, lab("reticulocytes", 101, high=100), before=LOW_HB).verdict
        is Verdict.ADEQUATE
    )
    assert (
        answer("reticulocytes", 8, lab("reticulocytes", 100, high=100), before=LOW_HB).verdict
        is Verdict.INADEQUATE
    )
    assert answer("reticulocytes", 8, before=RETICS).verdict is Verdict.CANNOT_JUDGE


MMA_BEFORE = (("methylmalonic_acid", 900),)


@pytest.mark.parametrize(
    ("day", "value", "expected"),
    [
        (
            55,
            281,
            "Methylmalonic acid 281 nmol/L on day 55, expected at or below its upper limit from day 56: too early.",
        ),
        (
            56,
            281,
            "Methylmalonic acid 281 nmol/L on day 56, expected at or below its upper limit: inadequate.",
        ),
        (56, 280, "Methylmalonic acid 280 nmol/L on day 56, expected at or below its upper limit: adequate."),
    ],
)
def test_methylmalonic_acid_is_judged_from_day_56(day, value, expected):
    assert said("methylmalonic_acid", day, lab("methylmalonic_acid", value), before=MMA_BEFORE) == expected


def test_methylmalonic_acid_is_not_judged_with_an_egfr_below_60():
    now = lab("methylmalonic_acid", 400)
    assert said("methylmalonic_acid", 56, now, before=MMA_BEFORE, readable=False) == (
        "Methylmalonic acid 400 nmol/L on day 56 cannot be judged: with an eGFR below 60 it may be raised without a deficiency."
    )


def test_methylmalonic_acid_that_was_normal_or_is_a_bound_tells_nothing():
    normal = lab("methylmalonic_acid", 200)
    assert "was not raised before" in said(
        "methylmalonic_acid", 56, normal, before=(("methylmalonic_acid", 280),)
    )
    assert answer("methylmalonic_acid", 56, normal).verdict is Verdict.ADEQUATE
    for number, comparator, verdict in (
        (100, ">", Verdict.CANNOT_JUDGE),
        (400, "<", Verdict.CANNOT_JUDGE),
        (100, "<", Verdict.ADEQUATE),
        (280, ">", Verdict.INADEQUATE),
    ):
        now = lab("methylmalonic_acid", number, comparator=comparator)
        assert answer("methylmalonic_acid", 56, now, before=MMA_BEFORE).verdict is verdict
    assert answer("methylmalonic_acid", 56, before=MMA_BEFORE).verdict is Verdict.CANNOT_JUDGE


@pytest.mark.parametrize(
    ("day", "value", "expected"),
    [
        (13, 16, "Homocysteine 16 umol/L on day 13, expected at or below 15 by day 14: too early."),
        (14, 15, "Homocysteine 15 umol/L on day 14, expected at or below 15: adequate."),
        (
            14,
            16,
            "Homocysteine 16 umol/L on day 14, expected at or below 15: cannot be judged, since kidneys, folate or "
            "vitamin B6 deficiency and hypothyroidism raise it too.",
        ),
    ],
)
def test_homocysteine_that_stays_up_has_other_reasons_too(day, value, expected):
    assert said("homocysteine", day, lab("homocysteine", value), before=(("homocysteine", 40),)) == expected


@pytest.mark.parametrize("before", [(), (("homocysteine", 15),)])
def test_homocysteine_that_was_not_raised_is_not_judged(before):
    assert "was not measured above 15 umol/L" in said(
        "homocysteine", 20, lab("homocysteine", 12), before=before
    )
    assert answer("homocysteine", 20, before=before).verdict is Verdict.CANNOT_JUDGE


def ldh_before(day, value=900, high=250, **more):
    return (lab("ldh", value, "U/L", TODAY - timedelta(days=day), high=high, **more),)


@pytest.mark.parametrize(
    ("day", "value", "high", "expected"),
    [
        (13, 900, 250, "Lactate dehydrogenase 900 U/L on day 13, expected to fall by day 14: too early."),
        (14, 899, 250, "Lactate dehydrogenase 899 U/L on day 14, expected below 900 U/L: adequate."),
        (14, 900, 250, "Lactate dehydrogenase 900 U/L on day 14, expected below 900 U/L: inadequate."),
        (29, 251, 250, "Lactate dehydrogenase 251 U/L on day 29, expected below 900 U/L: adequate."),
        (
            30,
            251,
            250,
            "Lactate dehydrogenase 251 U/L on day 30, expected within the laboratory's range: inadequate.",
        ),
        (
            30,
            250,
            250,
            "Lactate dehydrogenase 250 U/L on day 30, expected within the laboratory's range: adequate.",
        ),
        (
            30,
            251,
            None,
            "Lactate dehydrogenase 251 U/L on day 30 cannot be judged: the laboratory gave no range.",
        ),
    ],
)
def test_ldh_is_lower_after_two_weeks_and_normal_after_a_month(day, value, high, expected):
    assert said("ldh", day, lab("ldh", value, "U/L", high=high), before=ldh_before(day)) == expected


def test_ldh_needs_a_raised_value_with_a_range_from_before():
    now = lab("ldh", 900, "U/L", high=250)
    assert "no value with the laboratory's range" in said("ldh", 30, now)
    assert "no value with the laboratory's range" in said("ldh", 30, now, before=ldh_before(30, high=None))
    assert "was not raised" in said("ldh", 30, now, before=ldh_before(30, value=250))
    assert answer("ldh", 30, before=ldh_before(30)).verdict is Verdict.CANNOT_JUDGE
    bound = lab("ldh", 500, "U/L", high=250, comparator="<")
    assert said("ldh", 30, bound, before=ldh_before(30)) == (
        "Lactate dehydrogenase <500 U/L on day 30 cannot be judged: it is reported as a bound."
    )


@pytest.mark.parametrize(
    ("day", "value", "expected"),
    [
        (13, 149, "Platelets 149 10*9/L on day 13, expected at or above 150 by day 14: too early."),
        (14, 149, "Platelets 149 10*9/L on day 14, expected at or above 150: inadequate."),
        (14, 150, "Platelets 150 10*9/L on day 14, expected at or above 150: adequate."),
        (14, 450, "Platelets 450 10*9/L on day 14, expected at or above 150: adequate."),
        (
            14,
            451,
            "Platelets 451 10*9/L on day 14 cannot be judged: a reactive rise is expected in the first weeks of treatment.",
        ),
    ],
)
def test_platelets_recover_within_two_weeks(day, value, expected):
    assert said("platelets", day, lab("platelets", value), before=(("platelets", 80),)) == expected


def test_platelets_that_were_not_low_or_are_a_bound_tell_nothing():
    now = lab("platelets", 140)
    assert "not measured below 150" in said("platelets", 20, now)
    assert "not measured below 150" in said("platelets", 20, now, before=(("platelets", 150),))
    bound = lab("platelets", 200, comparator="<")
    assert answer("platelets", 20, bound, before=(("platelets", 80),)).verdict is Verdict.CANNOT_JUDGE
    assert answer("platelets", 20, before=(("platelets", 80),)).verdict is Verdict.CANNOT_JUDGE


@pytest.mark.parametrize(("value", "low"), [("3.4", True), ("3.5", False)])
def test_potassium_is_watched_and_tells_nothing_of_response(value, low):
    found = answer("potassium", 2, lab("potassium", value))
    assert found.verdict is Verdict.CANNOT_JUDGE
    assert found.sentence.endswith("it is low: correct it and check again.") is low
    assert answer("potassium", 2).verdict is Verdict.CANNOT_JUDGE


def test_serum_b12_on_treatment_is_not_a_response_marker():
    assert said("total_b12", 60, lab("total_b12", 900)) == (
        "Vitamin B12, total 900 ng/L on day 60 cannot be judged: serum B12 on treatment is not a response marker."
    )
    assert answer("active_b12", 60).verdict is Verdict.CANNOT_JUDGE


@pytest.mark.parametrize(
    ("day", "unchanged", "expected"),
    [
        (89, True, "Symptoms unchanged on day 89, expected to change by day 90: too early."),
        (90, True, "Symptoms unchanged on day 90, expected to change by day 90: inadequate."),
        (90, False, "Symptoms changed by day 90: whether for the better is asked of the patient."),
        (90, None, "Symptoms cannot be judged: they were not scored since the first dose."),
    ],
)
def test_symptoms_are_judged_from_day_90(day, unchanged, expected):
    assert said("symptoms", day, unchanged=unchanged) == expected


def test_neurological_signs_are_told_in_their_own_name():
    assert said("neurological_signs", 90, unchanged=True).startswith("Neurological signs unchanged on day 90")


def test_a_marker_without_an_expected_course_is_refused():
    with pytest.raises(KeyError):
        answer("ferritin", 10)


def test_every_answer_has_its_source():
    for marker in MARKERS:
        found = answer(marker, 5)
        assert found.source and found.sentence.endswith(".")


def scored(day, change, on=None):
    symptoms = ScoredSymptoms(
        TODAY - timedelta(days=day - (day if on is None else on)), change, "fatigue 6 to 6"
    )
    return replace(course(day, unchanged=symptoms.not_better), symptoms=symptoms)


@pytest.mark.parametrize(
    ("day", "on", "change", "expected"),
    [
        (89, 89, "unchanged", "expected to be better by day 90: too early."),
        (90, 90, "unchanged", "expected to be better by day 90: inadequate."),
        (120, 89, "unchanged", "expected to be better by day 90: too early."),
        (90, 90, "worse", "expected to be better by day 90: inadequate."),
        (20, 20, "better", "Symptom scores better on day 20 (fatigue 6 to 6): adequate."),
        (20, 2, "better", "Symptom scores better on day 2 (fatigue 6 to 6): adequate."),
        (20, 1, "better", "on day 1 (fatigue 6 to 6), by treatment not before day 2: too early."),
        (90, 90, "mixed", "some better, some worse; weigh them with the patient."),
    ],
)
def test_symptoms_are_judged_by_their_scores_on_the_day_they_were_scored(day, on, change, expected):
    answered = assess("symptoms", results(day), scored(day, change, on), DEFAULT)
    assert answered.sentence.endswith(expected)
