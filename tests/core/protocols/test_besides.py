"""Beside the contract's keys: response, reassessment and next tests, each only where it has something to say."""

from datetime import date
from decimal import Decimal

from regimens.packs import load_packs
from regimens.protocols.facts import DoseGiven, LabValue, PatientFacts
from regimens.protocols.selection import recommend

PACKS = load_packs()


def lab(analyte: str, value: str, unit: str, on: date) -> LabValue:
    return LabValue(analyte, Decimal(value), value, unit, on)


BEFORE = (
    lab("total_b12", "90", "ng/L", date(2025, 1, 4)),
    lab("haemoglobin", "90", "g/L", date(2025, 1, 4)),
)
GIVEN = (DoseGiven(date(2025, 1, 6), "hydroxocobalamin", 1000, "loading"),)


def answer(*labs: LabValue, **fields: object) -> dict[str, object]:
    facts = PatientFacts(
        **{
            "guideline": "uk",
            "as_of": date(2025, 1, 27),
            "age": 60,
            "sex": "female",
            "cause": "autoimmune_gastritis",
            "certainty": "confirmed",
            "labs": (*BEFORE, *labs),
        }
        | fields
    )
    return recommend(facts, PACKS).to_json("C1")


def test_before_the_first_dose_there_is_no_response() -> None:
    told = answer()
    assert "response" not in told
    assert "reassess" not in told
    assert told["next_tests"] == []


def test_an_adequate_response_has_nothing_to_reassess() -> None:
    told = answer(lab("haemoglobin", "110", "g/L", date(2025, 1, 27)), doses_given=GIVEN)
    assert (told["response"]["verdict"], told["response"]["day"]) == ("adequate", 21)
    assert "reassess" not in told


def test_an_inadequate_response_lists_the_reassessment_in_its_order() -> None:
    told = answer(lab("haemoglobin", "92", "g/L", date(2025, 1, 27)), doses_given=GIVEN)
    assert told["response"]["verdict"] == "inadequate"
    assert "INADEQUATE_RESPONSE" in [alert["code"] for alert in told["alerts"]]
    assert [item["code"] for item in told["reassess"]][:4] == ["diagnosis", "adherence", "technique", "cause"]
    assert told["reassess"][1]["answer"] is None


def test_a_withheld_plan_says_which_test_comes_next() -> None:
    told = answer(labs=(), cause="unknown", certainty="suspected")
    assert told["plan_allowed"] is False
    assert [one["test"] for one in told["next_tests"]][1] == "intrinsic_factor_antibody"
