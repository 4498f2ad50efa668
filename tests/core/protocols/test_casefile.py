"""Case files: what is read, and what is refused with its field."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from regimens.protocols.casefile import Case, CaseError, case_from_dict
from regimens.protocols.facts import AllergyNoted, DoseGiven, LabValue, MedicationTaken

PLAIN: dict[str, Any] = {
    "id": "V00",
    "guideline": "uk",
    "as_of": "2025-01-06",
    "patient": {"age": 60, "sex": "female"},
    "cause": "diet",
}


def read(**changes: Any) -> Case:
    return case_from_dict({**PLAIN, **changes}, file="cases/plain.yaml", guidelines=("uk", "nl"))


def refused(**changes: Any) -> tuple[str, str]:
    with pytest.raises(CaseError) as caught:
        read(**changes)
    assert caught.value.file == "cases/plain.yaml"
    return caught.value.field, caught.value.expected


def test_smallest_case_is_read_with_nothing_assumed() -> None:
    case = read()
    assert (case.id, case.facts.guideline, case.facts.as_of) == ("V00", "uk", date(2025, 1, 6))
    assert (case.facts.certainty, case.facts.pregnancy, case.facts.neuro_answer) == ("unknown", "none", None)
    assert (case.facts.labs, case.facts.doses_given, case.facts.findings) == ((), (), frozenset())


def test_case_without_a_name_takes_that_of_its_file() -> None:
    data = {key: value for key, value in PLAIN.items() if key != "id"}
    assert case_from_dict(data, file="cases/plain.yaml", guidelines=["uk"]).id == "plain"


def test_bare_number_serves_as_a_name() -> None:
    assert read(id=7).id == "7"


def test_whole_picture_is_read() -> None:
    facts = read(
        patient={
            "age": 31,
            "sex": "female",
            "weight_kg": 66.5,
            "pregnancy": "pregnant",
            "gestation_weeks": 18,
        },
        cause_certainty="confirmed",
        cause_detail="vegan",
        findings=["numbness", "a sign nobody knows"],
        conditions=["hypothyroidism"],
        medications=[{"code": "warfarin", "since": "2020-01-01", "inr_target": [2.0, 3]}],
        allergies=[{"substance": "cobalt", "reaction": ["contact_dermatitis"]}],
        doses_given=[
            {"given_on": "2025-01-02", "drug": "hydroxocobalamin", "dose_mcg": 1000, "phase": "loading"}
        ],
        requested_drug="cyanocobalamin",
        neurological_involvement=True,
        symptoms_unchanged=False,
    ).facts
    assert (facts.weight_kg, facts.pregnancy, facts.gestation_weeks) == (Decimal("66.5"), "pregnant", 18)
    assert facts.findings == {"numbness", "a sign nobody knows"}
    assert facts.medications == (
        MedicationTaken("warfarin", None, date(2020, 1, 1), (Decimal("2.0"), Decimal(3))),
    )
    assert facts.allergies == (AllergyNoted("cobalt", frozenset({"contact_dermatitis"})),)
    assert facts.doses_given == (DoseGiven(date(2025, 1, 2), "hydroxocobalamin", 1000, "loading", None),)
    assert (facts.requested_drug, facts.neuro_answer, facts.symptoms_unchanged) == (
        "cyanocobalamin",
        True,
        False,
    )


def one_lab(**changes: Any) -> LabValue:
    lab = {"analyte": "total_b12", "value": 85, "unit": "ng/L", "taken_on": "2025-01-06", **changes}
    return read(labs=[lab]).facts.labs[0]


@pytest.mark.parametrize(
    ("value", "number", "sign"),
    [
        (85, Decimal(85), None),
        (5.9, Decimal("5.9"), None),
        ("85.0", Decimal("85.0"), None),
        ("<30", Decimal(30), "<"),
        (">= 2000", Decimal(2000), ">="),
        ("positive", None, None),
    ],
)
def test_result_is_read_as_the_laboratory_wrote_it(
    value: Any, number: Decimal | None, sign: str | None
) -> None:
    lab = one_lab(value=value)
    assert (lab.value, lab.comparator, lab.text) == (number, sign, str(value))


def test_result_keeps_its_range_and_its_own_comparator() -> None:
    lab = one_lab(reference_range=[145, 569], comparator=">")
    assert (lab.low, lab.high, lab.comparator) == (Decimal(145), Decimal(569), ">")


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"guideline": "fr"}, "guideline", "unknown code 'fr'; expected one of: nl, uk"),
        ({"as_of": "6/1/2025"}, "as_of", "expected a date as YYYY-MM-DD, found '6/1/2025'"),
        ({"cause": "age"}, "cause", "unknown code 'age'"),
        ({"patient": {"sex": "female"}}, "patient.age", "is missing and must be there"),
        ({"patient": {"age": "old", "sex": "female"}}, "patient.age", "expected a number, found 'old'"),
        ({"patient": {"age": -1, "sex": "female"}}, "patient.age", "expected 0 or more"),
        ({"patient": {"age": 60, "sex": "f"}}, "patient.sex", "unknown code 'f'"),
        ({"patient": {"age": 60, "pregnancy": "yes"}}, "patient.pregnancy", "unknown code 'yes'"),
        ({"colour": "red"}, "colour", "is not a field here"),
        ({"findings": "numbness"}, "findings", "expected a list"),
        ({"findings": [3]}, "findings[0]", "expected text"),
        ({"labs": [{"analyte": "total_b12", "taken_on": "2025-01-06"}]}, "labs[0].value", "is missing"),
        ({"doses_given": [{"given_on": "2025-01-02"}]}, "doses_given[0].drug", "is missing"),
        (
            {"medications": [{"code": "warfarin", "inr_target": [3, 2]}]},
            "medications[0].inr_target",
            "lower first",
        ),
        (
            {"medications": [{"code": "warfarin", "inr_target": [3]}]},
            "medications[0].inr_target",
            "two figures",
        ),
        ({"id": True}, "id", "expected text, found True"),
    ],
)
def test_field_that_does_not_fit_is_named(changes: dict[str, Any], field: str, expected: str) -> None:
    named, said = refused(**changes)
    assert named == field
    assert expected in said


@pytest.mark.parametrize("value", ["12abc", "<3x"])
def test_half_a_number_is_no_result(value: str) -> None:
    with pytest.raises(CaseError, match=r"labs\[0\]\.value: expected a number"):
        one_lab(value=value)


def test_comparator_is_one_of_four() -> None:
    with pytest.raises(CaseError, match=r"labs\[0\]\.comparator: unknown code '~'"):
        one_lab(comparator="~")


def test_something_else_than_a_mapping_is_no_case() -> None:
    with pytest.raises(CaseError, match=r"plain\.yaml: the document: expected a mapping, found a list"):
        case_from_dict([], file="plain.yaml", guidelines=["uk"])
