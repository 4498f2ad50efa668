"""Whatever the patient: the rules answer, in order, each code once, and agree with the picture."""

from datetime import timedelta

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from b12clinic.vocabulary import (
    Allergen,
    Cause,
    CauseDetail,
    Certainty,
    Condition,
    Drug,
    Finding,
    Medicine,
    Reaction,
)
from monitoring.interpretation.analytes import ANALYTES
from regimens.protocols.facts import AllergyNoted, DoseGiven, LabValue, MedicationTaken
from regimens.protocols.safety import ALERT_CODES, find
from tests.core.patients import BY_MOUTH, PLAN, TODAY, WITHHELD, reading

WITH_A_PLAN_ONLY = {
    "LIFELONG",
    "DO_NOT_RECHECK_B12",
    "PROPHYLAXIS_NO_LOAD",
    "PREG_BENZYL",
    "NEEDLE_LENGTH_38MM",
    "ANAPHYLAXIS_OBS",
    "CAUSE_UNKNOWN_INVESTIGATE",
    "IFA_BEFORE_TX",
}
NO_TABLETS_BESIDE = {
    "NEURO_URGENT",
    "SCD_EMERGENCY",
    "OPTIC_URGENT",
    "LHON_CYANO",
    "ALLERGY_COBALAMIN",
    "ALLERGY_COBALT",
}


def some(codes, at_most=4):
    return st.frozensets(st.sampled_from(sorted(codes)), max_size=at_most)


days = st.integers(0, 500).map(lambda back: TODAY - timedelta(days=back))
numbers = st.decimals("0.1", "2500", places=1)


@st.composite
def results(draw):
    analyte = draw(st.sampled_from(sorted(ANALYTES)))
    unit = draw(st.sampled_from([*ANALYTES[analyte].accepted_units, None, "furlong"]))
    value = draw(st.one_of(numbers, st.none()))
    low, high = draw(st.sampled_from([(None, None), (145, 569), (200, 900)]))
    text = draw(st.sampled_from(["positive", "negative"])) if value is None else str(value)
    comparator = draw(st.sampled_from([None, None, "<", "<=", ">", ">="])) if value is not None else None
    return LabValue(analyte, value, text, unit, draw(days), low, high, comparator)


doses = st.builds(
    DoseGiven,
    given_on=days,
    drug=st.sampled_from(sorted(Drug.codes())),
    dose_mcg=st.sampled_from([100, 1000, 5000]),
    phase=st.sampled_from(["loading", "maintenance", "oral"]),
)
patients = st.fixed_dictionaries(
    {
        "guideline": st.sampled_from(["uk", "us-label", "us-practice", "nl"]),
        "age": st.sampled_from([None, 16, 18, 64, 65, 90]),
        "sex": st.sampled_from(["female", "male", "unknown"]),
        "weight_kg": st.sampled_from([None, 60, 91, 119]),
        "pregnancy": st.sampled_from(["none", "pregnant", "breastfeeding"]),
        "cause": st.sampled_from(sorted(Cause.codes())),
        "certainty": st.sampled_from(sorted(Certainty.codes())),
        "cause_detail": st.sampled_from([None, *sorted(CauseDetail.codes()), "free text"]),
        "findings": some(Finding.codes()),
        "conditions": some(Condition.codes()),
        "medications": st.lists(
            st.builds(
                MedicationTaken,
                st.sampled_from(sorted(Medicine.codes())),
                st.sampled_from([None, "5 mg/day", "50 mcg/day", "weekly"]),
                st.none() | days,
            ),
            max_size=4,
        ).map(tuple),
        "allergies": st.lists(
            st.builds(AllergyNoted, st.sampled_from(sorted(Allergen.codes())), some(Reaction.codes(), 2)),
            max_size=2,
        ).map(tuple),
        "labs": st.lists(results(), max_size=12).map(tuple),
        "doses_given": st.lists(doses, max_size=5).map(tuple),
        "requested_drug": st.none() | st.sampled_from(sorted(Drug.codes())),
        "neuro_answer": st.sampled_from([None, True, False]),
    }
)


@settings(max_examples=100, deadline=None)
@for_all(patients, st.sampled_from([None, PLAN, WITHHELD, BY_MOUTH]))
def test_the_rules_answer_any_patient(changes, draft):
    read = reading(**changes)
    found = find(read, draft)
    fired = [one.code for one in found]
    assert len(set(fired)) == len(fired)
    assert set(fired) <= set(ALERT_CODES)
    assert list(found) == sorted(found, key=lambda one: (one.severity.rank, one.code))
    assert set(read.plan_withheld_by) <= set(fired)
    assert draft in (PLAN, BY_MOUTH) or not WITH_A_PLAN_ONLY & set(fired)
    assert "ORAL_ALTERNATIVE" not in fired or not NO_TABLETS_BESIDE & set(fired)
    assert read.neurological or not {"NEURO_URGENT", "SCD_EMERGENCY", "OPTIC_URGENT"} & set(fired)
    assert len({"PLT_LOW_WARN", "PLT_LOW_BLOCK_IM", "THROMBOCYTOPENIA_INFO"} & set(fired)) <= 1
