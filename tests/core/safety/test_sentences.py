"""Every rule's row of the register and every sentence it says, word for word."""

from pathlib import Path

import pytest
import yaml

from regimens.protocols.safety import RULES
from regimens.protocols.safety.rule import REGISTER
from tests.core.patients import given, lab, labs, medicine, reading
from tests.core.safety import test_patient_rules as of_the_patient
from tests.core.safety import test_plan_rules as of_the_plan

EXPECTED = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text())

LOW = {"total_b12": 100}
EIGHT_WEEKS_AGO = of_the_plan.on(56)
NO_BETTER = (
    lab("haemoglobin", 93, on=EIGHT_WEEKS_AGO),
    lab("methylmalonic_acid", 800, on=EIGHT_WEEKS_AGO),
    *labs(haemoglobin=101, methylmalonic_acid=800),
)
MOLAR = tuple(
    lab("haemoglobin", value, "mmol/L", on=of_the_plan.on(days)) for value, days in (("8.5", 0), ("7.0", 5))
)
BOTH_DAYS = (lab("total_b12", 300, on=of_the_plan.on(5)), *labs(total_b12=310))
BOTH_ANTIBODIES = (
    lab("intrinsic_factor_antibody", "negative", on=of_the_plan.on(5)),
    *labs(intrinsic_factor_antibody="negative"),
)
MORE = [
    ("FOLATE_BEFORE_B12", None, {"medications": (medicine("folic_acid", "5 mg/day"),), "labs": labs(**LOW)}),
    ("FOLATE_LOW", None, {"labs": (lab("folate", "2.9", "ug/L"),)}),
    ("LATE_LOADING", of_the_plan.late("loading", of_the_plan.on(2), of_the_plan.on(0)), {}),
    ("LATE_MAINT", of_the_plan.late("maintenance", of_the_plan.on(15), of_the_plan.on(0), "Now."), {}),
    ("K_LOW", None, {"labs": labs(potassium="3.4")}),
    ("K_LOW", None, {"labs": labs(potassium="2.9")}),
    ("K_LOW", None, {"labs": labs(potassium="2.4")}),
    ("DX_NOT_CONFIRMED", None, {"findings": ["numbness"]}),
    ("DX_NOT_CONFIRMED", None, {"findings": ["numbness"], "labs": labs(egfr=59)}),
    ("DX_NOT_CONFIRMED", None, {"findings": ["numbness"], "cause": "nitrous_oxide"}),
    ("ANTICOAG_IM", None, {"medications": (medicine("aspirin"), medicine("clopidogrel"), medicine("apixaban"))}),
    ("ANTICOAG_IM", None, {"medications": (medicine("aspirin"), medicine("warfarin"))}),
    (
        "ANTICOAG_IM",
        None,
        {"medications": (medicine("warfarin"),), "conditions": ["leber_family_history"]},
    ),
    ("DRUG_CAUSE_REVIEW", None, {"medications": (medicine("metformin"), medicine("colchicine"))}),
    ("NEURO_URGENT", None, {"findings": ["numbness", "ataxic_gait"]}),
    ("HYPOK_RISK", None, {"labs": labs(haemoglobin=79), "medications": (medicine("digoxin"),)}),
    ("INADEQUATE_RESPONSE", None, {"labs": NO_BETTER, "doses_given": given(EIGHT_WEEKS_AGO)}),
    ("UNIT_MMOL_HB", None, {"labs": MOLAR}),
    ("INR_HIGH", None, {"labs": labs(inr="4.0"), "conditions": ["leber_family_history"]}),
    ("UNIT_AMBIGUOUS", None, {"labs": (lab("total_b12", 150, None), lab("potassium", 4, None))}),
    ("RECENT_B12", None, {"labs": labs(total_b12=300), "doses_given": given(of_the_plan.on(1))}),
    ("RECENT_B12", None, {"labs": BOTH_DAYS, "doses_given": given(of_the_plan.on(9))}),
    ("IFA_INVALID_RECENT_INJECTION", None, {"labs": BOTH_ANTIBODIES, "doses_given": given(of_the_plan.on(9))}),
]  # fmt: skip


def cases():
    """Code, draft and changes of every row of the neighbouring tables that fires, then of those above."""
    yield from ((code, None, changes) for code, severity, changes in of_the_patient.ROWS if severity)
    yield from ((code, draft, changes) for code, severity, draft, changes in of_the_plan.ROWS if severity)
    yield from MORE


def sentences(code):
    """What a rule says in these cases, each sentence once, in the order of the cases."""
    asked = [(draft, changes) for of, draft, changes in cases() if of == code]
    said = [REGISTER[code].finding(reading(**changes), draft).message for draft, changes in asked]
    return list(dict.fromkeys(said))


def test_every_rule_has_its_words_and_no_other_has():
    assert list(EXPECTED) == sorted(rule.code for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_row_of_the_register_is_as_written(rule):
    row = EXPECTED[rule.code]
    assert {
        "severity": rule.severity.value,
        "reach": rule.reach,
        "overridable": rule.overridable,
        "source": rule.source,
        "sections": [origin.section for origin in rule.origins],
        "says": row["says"],
    } == row


@pytest.mark.parametrize("code", EXPECTED)
def test_the_rule_says_these_sentences_and_no_other(code):
    assert sentences(code) == EXPECTED[code]["says"]
