"""Which test next to find the cause, why, and what its result would change."""

from datetime import timedelta

import pytest

from regimens.protocols.cause_finding import next_tests
from tests.core.patients import TODAY, given, lab, medicine, reading

HISTORY = "medicines, diet, surgery and nitrous oxide: the history"
GASTROSCOPY = "gastroscopy with biopsies of the gastric body"
GUT = "faecal tests, bacterial overgrowth, pancreas, HIV, absorption of B12"
NEGATIVE = lab("intrinsic_factor_antibody", "negative")
POSITIVE = lab("intrinsic_factor_antibody", "positive")
COELIAC = (lab("ttg_iga", "negative"), lab("total_iga", "normal"))
TSH = lab("tsh", 2, "m[IU]/L")


def asked(**changes):
    facts = {"cause": "unknown", "certainty": "unknown", **changes}
    return {one.test: one for one in next_tests(reading(**facts))}


def test_with_nothing_known_the_history_comes_first_then_intrinsic_factor_antibody():
    assert list(asked()) == [HISTORY, "intrinsic_factor_antibody", "ttg_iga, total_iga", "tsh"]


def test_nothing_is_asked_of_a_confirmed_cause():
    assert asked(cause="diet", certainty="confirmed") == {}
    assert asked(cause="diet", certainty="suspected") != {}
    assert asked(cause="unknown", certainty="confirmed") != {}


def test_a_negative_antibody_does_not_exclude_and_asks_for_the_next():
    assert list(asked(labs=(NEGATIVE, *COELIAC, TSH))) == [HISTORY, "parietal_cell_antibody", "gastrin", GUT]


def test_a_positive_antibody_asks_for_neither_the_stomach_nor_coeliac_disease():
    assert list(asked(labs=(POSITIVE, TSH))) == [HISTORY]


def test_an_antibody_reported_in_other_words_is_asked_again():
    assert "intrinsic_factor_antibody" in asked(labs=(lab("intrinsic_factor_antibody", "equivocal"),))


def test_gastroscopy_follows_the_blood_tests():
    blood = (NEGATIVE, lab("parietal_cell_antibody", "positive"), lab("gastrin", "raised"))
    found = asked(labs=blood)
    assert GASTROSCOPY in found
    assert "gastrin" not in found and "parietal_cell_antibody" not in found
    assert GASTROSCOPY not in asked(labs=blood[:2])


@pytest.mark.parametrize(
    ("results", "test"),
    [
        ((lab("ttg_iga", "negative"),), "total_iga"),
        ((lab("total_iga", "normal"),), "ttg_iga"),
        ((lab("ttg_iga", "positive"),), None),
        (COELIAC, None),
    ],
)
def test_ttg_is_read_together_with_total_iga(results, test):
    found = [one for one in asked(labs=results) if "iga" in one]
    assert found == ([test] if test else [])


def test_the_thyroid_is_asked_once():
    assert "tsh" not in asked(labs=(TSH,))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, ""),
        (1, "An injection was given 1 day ago: drawn within 14 days of one, the result may be false."),
        (14, "An injection was given 14 days ago: drawn within 14 days of one, the result may be false."),
        (15, ""),
    ],
)
def test_the_antibody_is_not_to_be_trusted_within_14_days_of_an_injection(days, expected):
    found = asked(doses_given=given(TODAY - timedelta(days=days)))
    assert found["intrinsic_factor_antibody"].not_now == expected


def test_an_antibody_drawn_too_soon_is_asked_again_and_says_so():
    found = asked(labs=(POSITIVE,), doses_given=given(TODAY - timedelta(days=14)))
    assert found["intrinsic_factor_antibody"].why.startswith("The one on record was drawn too soon")
    assert asked(labs=(POSITIVE,), doses_given=given(TODAY - timedelta(days=15))).keys() == {HISTORY, "tsh"}


def test_gastrin_is_not_to_be_trusted_under_a_proton_pump_inhibitor():
    assert asked(labs=(NEGATIVE,))["gastrin"].not_now == ""
    assert asked(labs=(NEGATIVE,), medications=(medicine("omeprazole"),))["gastrin"].not_now == (
        "A proton pump inhibitor raises gastrin: stop it for a week before the sample if that is safe."
    )


def test_a_medicine_on_record_is_told_in_the_history():
    assert asked()[HISTORY].why == "The cause is not known and nothing recorded explains it."
    assert asked(medications=(medicine("metformin"),))[HISTORY].why == (
        "The cause is not known and a medicine that can cause it is recorded."
    )


def test_after_surgery_of_stomach_or_gut_autoimmune_gastritis_is_not_looked_for():
    assert list(asked(cause="partial_gastrectomy", certainty="suspected")) == ["ttg_iga, total_iga", "tsh"]
    assert "gastrin" not in asked(cause="ileal_resection", certainty="suspected", labs=(NEGATIVE,))


def test_a_suspected_cause_does_not_ask_for_the_whole_history_or_gut():
    found = asked(cause="autoimmune_gastritis", certainty="suspected", labs=(NEGATIVE,))
    assert HISTORY not in found and GUT not in found


def test_every_test_tells_why_what_it_would_change_and_its_source():
    everything = [*asked().values(), *asked(labs=(NEGATIVE,)).values()]
    assert all(one.why and one.would_change and one.source for one in everything)
