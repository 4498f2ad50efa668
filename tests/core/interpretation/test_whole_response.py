"""The response as a whole: which marker decides, and what speaks against adequate."""

from datetime import timedelta

import pytest

from monitoring.interpretation.trajectory import MARKERS, Verdict, assess_response
from regimens.protocols.policy import DEFAULT
from tests.core.interpretation.test_trajectory import LOW_HB, course, results
from tests.core.patients import TODAY, lab


def whole(day, *values, before=(), **more):
    return assess_response(results(day, *values, before=before), course(day, **more), DEFAULT)


def test_one_inadequate_marker_that_decides_makes_the_response_inadequate():
    before = (*LOW_HB, ("mcv", 118))
    found = whole(90, lab("haemoglobin", 125), lab("mcv", 101), before=before)
    assert (found.verdict, found.sentence, found.day) == (
        Verdict.INADEQUATE,
        "Response on day 90: inadequate.",
        90,
    )


ANAEMIC = (("haemoglobin", 78), ("mcv", 112), ("reticulocytes", 40))
FALLEN = "; haemoglobin has fallen below the 78 g/L before the first dose."


@pytest.mark.parametrize(
    ("day", "hb", "others", "expected"),
    [
        (9, 72, (("mcv", 93),), f"Response on day 9: too early{FALLEN}"),
        (9, 72, (("reticulocytes", 90),), f"Response on day 9: too early{FALLEN}"),
        (9, 77, (("reticulocytes", 90),), f"Response on day 9: too early{FALLEN}"),
        (9, 78, (("reticulocytes", 90),), "Response on day 9: adequate."),
        (9, 78, (("methylmalonic_acid", 200),), "Response on day 9: too early."),
        (14, 88, (("mcv", 93),), "Response on day 14: adequate."),
        (14, 77, (("mcv", 93),), f"Response on day 14: inadequate{FALLEN}"),
    ],
)
def test_a_haemoglobin_that_has_fallen_speaks_against_adequate(day, hb, others, expected):
    values = [lab(*one) for one in (("haemoglobin", hb), *others)]
    assert whole(day, *values, before=ANAEMIC).sentence == expected


def test_a_haemoglobin_that_became_low_under_treatment_speaks_against_adequate():
    before = (("haemoglobin", 130), ("mcv", 112))
    found = whole(60, lab("haemoglobin", 119), lab("mcv", 93), before=before)
    assert (found.verdict, found.markers[0].sentence) == (
        Verdict.CANNOT_JUDGE,
        "Haemoglobin 119 g/L on day 60 cannot be judged: no anaemia was measured before the first dose; it has fallen "
        "from 130 g/L below 120.",
    )
    still_normal = whole(60, lab("haemoglobin", 120), lab("mcv", 93), before=before)
    assert still_normal.verdict is Verdict.ADEQUATE


def test_a_haemoglobin_known_as_a_bound_before_treatment_has_not_fallen():
    before = (lab("haemoglobin", 80, on=TODAY - timedelta(days=9), comparator="<"), ("reticulocytes", 40))
    found = whole(9, lab("haemoglobin", 72), lab("reticulocytes", 90), before=before)
    assert found.verdict is Verdict.ADEQUATE


def test_a_supporting_marker_does_not_decide():
    before = (*LOW_HB, ("platelets", 80))
    found = whole(20, lab("haemoglobin", 110), lab("platelets", 90), before=before)
    assert found.verdict is Verdict.ADEQUATE
    assert {one.marker: one.verdict for one in found.markers}["platelets"] is Verdict.INADEQUATE


def test_the_whole_is_too_early_or_cannot_be_judged_where_nothing_has_answered():
    assert whole(5, lab("haemoglobin", 91), before=LOW_HB).verdict is Verdict.TOO_EARLY
    assert whole(5).verdict is Verdict.CANNOT_JUDGE


def test_serum_b12_is_named_only_where_measured_and_nerves_only_where_asked():
    plain = [one.marker for one in whole(5).markers]
    assert plain == [m for m in MARKERS if m not in ("total_b12", "active_b12", "neurological_signs")]
    measured = [one.marker for one in whole(5, lab("total_b12", 500)).markers]
    assert "total_b12" in measured and "active_b12" not in measured
    nerves = assess_response(results(5), course(5), DEFAULT, neurological=True)
    assert "neurological_signs" in [one.marker for one in nerves.markers]
