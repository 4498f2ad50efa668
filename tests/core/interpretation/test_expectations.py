"""The expected course of each marker, as the evidence tells it."""

import pytest

from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.expectations import EXPECTED, Mark, expected_of, expected_on


def test_every_expectation_has_a_marker_words_a_source_and_days_in_order():
    for one in EXPECTED:
        assert one.marker in ANALYTES or one.marker in ("symptoms", "neurological_signs")
        assert one.what and one.source
        assert one.to_day is None or one.from_day <= one.to_day


def test_reticulocytes_begin_to_rise_on_day_3_and_peak_from_day_5_to_7():
    days = [(one.from_day, one.to_day, one.what) for one in expected_of("reticulocytes")]
    assert days == [(3, 4, "begin to rise"), (5, 7, "peak (range day 3 to day 10)")]


def test_serum_b12_has_no_expected_course():
    assert expected_of("total_b12") == ()


@pytest.mark.parametrize(
    ("day", "peaking", "mcv_normal"),
    [(4, False, False), (5, True, False), (7, True, False), (8, False, False), (56, False, True)],
)
def test_a_day_of_the_course_tells_what_is_happening_then(day, peaking, mcv_normal):
    said = {(one.marker, one.what) for one in expected_on(day)}
    assert (("reticulocytes", "peak (range day 3 to day 10)") in said) is peaking
    assert (("mcv", "normal after about 8 weeks") in said) is mcv_normal


def test_neurological_signs_may_mend_for_a_year_and_that_is_known_not_seen():
    last = expected_of("neurological_signs")[-1]
    assert (last.from_day, last.to_day, last.mark) == (180, 365, Mark.KNOWN)
