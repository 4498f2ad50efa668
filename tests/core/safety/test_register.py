"""The register of rules as a whole."""

import subprocess
import sys

import pytest

from b12clinic.vocabulary import Severity
from regimens.protocols.safety import ALERT_CODES, FAMILIES, RULES, find
from regimens.protocols.safety.rule import REGISTER, rule
from regimens.protocols.safety.sources import LOCAL, NG239
from tests.core.patients import PLAN, allergy, labs, reading

CODES = """
AGE_EXCLUDED ALLERGY_COBALAMIN ALLERGY_COBALT LHON_CYANO TOBACCO_AMBLYOPIA FOLATE_BEFORE_B12 FOLATE_LOW HYPOK_RISK K_LOW
SEVERE_ANAEMIA TRANSFUSION_CAUTION THROMBOCYTOSIS ANTICOAG_IM INR_HIGH PLT_LOW_WARN PLT_LOW_BLOCK_IM THROMBOCYTOPENIA_INFO
BLEEDING_DISORDER PREG_CONFIRM_B12 PREG_BENZYL BENZYL_ALLERGY POLYCYTHAEMIA CHLORAMPHENICOL DRUG_CAUSE_REVIEW
ALCOHOL_INTERACTION RENAL_MMA RENAL_ALU NO_IV DOSE_HIGH DOSE_LOW_FORM FREQ_HIGH FREQ_LOW NEURO_URGENT SCD_EMERGENCY
OPTIC_URGENT NEURO_CONFIRM IFA_BEFORE_TX IFA_INTERFERENCE UNIT_AMBIGUOUS UNIT_IMPLAUSIBLE N2O_STOP NITROUS_ANAES
N2O_SERUM_UNRELIABLE RECENT_B12 LIFELONG_STOP DX_NOT_CONFIRMED ANAPHYLAXIS_OBS PSORIASIS_CONTACT SITE_DG LIFELONG
GASTRIC_CA_INFO DO_NOT_RECHECK_B12 ORAL_ALTERNATIVE INDETERMINATE_MMA CAUSE_UNKNOWN_INVESTIGATE COC_LOWERS_B12_INFO
IRON_CHECK GI_BLOOD_LOSS INADEQUATE_RESPONSE LATE_LOADING LATE_MAINT PANCYTOPENIA_URGENT DIABETIC_NEUROPATHY_CONFOUNDER
CONSIDER_CKD_ANAEMIA SWITCH_TO_HYDROXO REFER_ALLERGY IFA_INVALID_RECENT_INJECTION UNIT_MMOL_HB NEEDLE_LENGTH_38MM
CHECK_COPPER_THIAMINE PREG_ONE_MONTH_REVIEW THROMBOSIS_RISK PROPHYLAXIS_NO_LOAD
"""
CONTRACT = sorted(CODES.split())


def test_every_code_of_the_evidence_has_a_rule_and_no_other_code_does():
    assert list(ALERT_CODES) == CONTRACT


def test_every_rule_names_its_source_and_every_block_its_reach():
    for one in RULES:
        assert one.source
        assert one.severity is not Severity.BLOCK or one.reach


def test_every_rule_belongs_to_a_family_that_is_listed():
    families = {family.__name__ for family in FAMILIES}
    assert {one.check.__module__ for one in RULES} == families


def test_what_must_be_settled_cannot_be_overridden():
    assert {one.code for one in RULES if not one.overridable} == {
        "NEURO_CONFIRM",
        "NO_IV",
        "UNIT_AMBIGUOUS",
        "UNIT_IMPLAUSIBLE",
    }


def test_a_code_is_registered_once():
    with pytest.raises(ValueError, match="LIFELONG is registered twice"):
        rule("LIFELONG", Severity.INFO, sources=(LOCAL,))(lambda reading, draft: None)


@pytest.fixture
def registered():
    """Two rules of a test's own, taken out again: with the defaults, and with all that may be said."""
    plain = rule("TEST_PLAIN", Severity.BLOCK, sources=(NG239,))
    full = rule("TEST_FULL", Severity.BLOCK, sources=(NG239, LOCAL), reach="im", overridable=False)
    plain(lambda reading, draft: "Plain.")
    full(lambda reading, draft: "Full.")
    yield
    del REGISTER["TEST_PLAIN"], REGISTER["TEST_FULL"]


def test_a_rule_hands_its_row_to_its_finding(registered):
    full = REGISTER["TEST_FULL"].finding(reading(), None)
    assert (full.reach, full.overridable, full.local_policy) == ("im", False, True)
    assert full.origins == REGISTER["TEST_FULL"].origins
    assert [origin.rule for origin in full.origins] == ["TEST_FULL", "TEST_FULL"]


def test_a_rule_without_more_may_be_overridden_reaches_nothing_and_is_not_local(registered):
    plain = REGISTER["TEST_PLAIN"].finding(reading(), None)
    assert (plain.code, plain.severity, plain.message) == ("TEST_PLAIN", Severity.BLOCK, "Plain.")
    assert (plain.reach, plain.overridable, plain.local_policy) == ("", True, False)


def test_findings_come_hardest_first_and_then_by_code():
    read = reading(
        cause="autoimmune_gastritis",
        labs=labs(haemoglobin=59, total_b12=90, inr="4.0"),
        findings=["dyspnoea"],
        allergies=(allergy("cobalt", "contact_dermatitis"),),
    )
    assert [(one.severity.value, one.code) for one in find(read, PLAN)] == [
        ("block", "INR_HIGH"),
        ("urgent", "SEVERE_ANAEMIA"),
        ("urgent", "TRANSFUSION_CAUTION"),
        ("warn", "ALLERGY_COBALT"),
        ("warn", "HYPOK_RISK"),
        ("info", "ANAPHYLAXIS_OBS"),
        ("info", "DO_NOT_RECHECK_B12"),
        ("info", "GASTRIC_CA_INFO"),
        ("info", "LIFELONG"),
        ("info", "PSORIASIS_CONTACT"),
        ("info", "REFER_ALLERGY"),
    ]


def test_a_finding_travels_as_plain_values():
    inr = find(reading(labs=labs(inr="4.0")), PLAN)[0].to_json()
    assert (inr["code"], inr["severity"], inr["reach"], inr["overridable"]) == (
        "INR_HIGH",
        "block",
        "im",
        True,
    )
    assert inr["message"].startswith("INR 4.0 is above")
    assert inr["source"].startswith("NHS Specialist Pharmacy Service")


def test_a_finding_that_does_not_block_has_no_reach():
    warned = find(reading(allergies=(allergy("cobalt", "contact_dermatitis"),)))
    assert {one.code for one in warned} >= {"ALLERGY_COBALT", "DX_NOT_CONFIRMED"}
    assert {one.reach for one in warned} == {""}


def test_the_core_loads_neither_django_nor_celery():
    script = (
        "import sys, regimens.protocols.safety, monitoring.interpretation.units; "
        "print(sorted({'django', 'celery', 'yaml'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
