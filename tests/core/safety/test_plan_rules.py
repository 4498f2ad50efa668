"""Rules that look at the plan, the course so far, or the injection itself."""

from datetime import date, timedelta

import pytest

from b12clinic.vocabulary import IntervalUnit, PhaseKind
from regimens.protocols.policy import Policy
from tests.core.patients import (
    BY_MOUTH,
    PLAN,
    TODAY,
    WITHHELD,
    codes,
    given,
    labs,
    medicine,
    phase,
    plan,
    said,
)

DAY, WEEK, MONTH = IntervalUnit.DAY, IntervalUnit.WEEK, IntervalUnit.MONTH
LOADING, MAINTENANCE = PhaseKind.LOADING, PhaseKind.MAINTENANCE
LIFELONG = {"cause": "autoimmune_gastritis"}


def on(days_ago):
    return TODAY - timedelta(days=days_ago)


ROWS = [
    ("LIFELONG", "info", PLAN, LIFELONG),
    ("LIFELONG", "info", BY_MOUTH, LIFELONG),
    ("LIFELONG", None, WITHHELD, LIFELONG),
    ("LIFELONG", None, None, LIFELONG),
    ("LIFELONG", None, PLAN, {"cause": "diet"}),
    ("LIFELONG", None, PLAN, LIFELONG | {"certainty": "suspected"}),
    ("LIFELONG_STOP", "block", plan(stopping=True), LIFELONG),
    ("LIFELONG_STOP", "block", plan(stopping=True, stop_reason="  "), LIFELONG),
    ("LIFELONG_STOP", None, plan(stopping=True, stop_reason="Patient moved abroad"), LIFELONG),
    ("LIFELONG_STOP", None, plan(stopping=True), {"cause": "diet"}),
    ("LIFELONG_STOP", None, PLAN, LIFELONG),
    ("LIFELONG_STOP", None, None, LIFELONG),
    ("PROPHYLAXIS_NO_LOAD", "info", PLAN, {"cause": "ileal_resection"}),
    ("PROPHYLAXIS_NO_LOAD", None, WITHHELD, {"cause": "ileal_resection"}),
    ("PROPHYLAXIS_NO_LOAD", None, PLAN, {"cause": "ileal_resection", "labs": labs(total_b12=179)}),
    ("DO_NOT_RECHECK_B12", "info", PLAN, {}),
    ("DO_NOT_RECHECK_B12", "info", PLAN, {"guideline": "nl"}),
    ("DO_NOT_RECHECK_B12", None, PLAN, {"guideline": "us-label"}),
    ("DO_NOT_RECHECK_B12", None, BY_MOUTH, {}),
    ("DO_NOT_RECHECK_B12", None, WITHHELD, {}),
    ("DO_NOT_RECHECK_B12", "info", plan(route="deferred"), {}),
    ("PREG_BENZYL", "warn", PLAN, {"pregnancy": "pregnant"}),
    ("PREG_BENZYL", "warn", PLAN, {"pregnancy": "breastfeeding"}),
    ("PREG_BENZYL", None, PLAN, {}),
    ("PREG_BENZYL", None, BY_MOUTH, {"pregnancy": "pregnant"}),
    ("PREG_BENZYL", None, WITHHELD, {"pregnancy": "pregnant"}),
    ("ANAPHYLAXIS_OBS", "info", PLAN, {}),
    ("ANAPHYLAXIS_OBS", None, BY_MOUTH, {}),
    ("ANAPHYLAXIS_OBS", None, WITHHELD, {}),
    ("ANAPHYLAXIS_OBS", None, PLAN, {"doses_given": given(on(2))}),
    ("ANAPHYLAXIS_OBS", "info", PLAN, {"doses_given": given(on(2), phase="oral")}),
    ("CAUSE_UNKNOWN_INVESTIGATE", "warn", PLAN, {"cause": "unknown"}),
    ("CAUSE_UNKNOWN_INVESTIGATE", None, WITHHELD, {"cause": "unknown"}),
    ("CAUSE_UNKNOWN_INVESTIGATE", None, PLAN, {"cause": "diet"}),
    ("IFA_BEFORE_TX", "info", PLAN, {"cause": "unknown"}),
    ("IFA_BEFORE_TX", "info", PLAN, LIFELONG | {"certainty": "suspected"}),
    ("IFA_BEFORE_TX", None, PLAN, LIFELONG),
    ("IFA_BEFORE_TX", None, PLAN, {"cause": "diet", "certainty": "suspected"}),
    ("IFA_BEFORE_TX", None, WITHHELD, {"cause": "unknown"}),
    ("IFA_BEFORE_TX", None, PLAN, {"cause": "unknown", "doses_given": given(on(2))}),
    ("IFA_BEFORE_TX", None, PLAN, {"cause": "unknown", "labs": labs(intrinsic_factor_antibody="negative")}),
    ("NEEDLE_LENGTH_38MM", "info", PLAN, {"weight_kg": 91}),
    ("NEEDLE_LENGTH_38MM", None, PLAN, {"weight_kg": 90}),
    ("NEEDLE_LENGTH_38MM", "info", PLAN, {"weight_kg": 119, "sex": "male"}),
    ("NEEDLE_LENGTH_38MM", None, PLAN, {"weight_kg": 118, "sex": "male"}),
    ("NEEDLE_LENGTH_38MM", None, PLAN, {}),
    ("NEEDLE_LENGTH_38MM", None, BY_MOUTH, {"weight_kg": 91}),
    ("NEEDLE_LENGTH_38MM", None, WITHHELD, {"weight_kg": 91}),
    ("NO_IV", "block", plan(route="iv"), {}),
    ("NO_IV", None, PLAN, {}),
    ("NO_IV", None, None, {}),
    ("SITE_DG", "warn", plan(site="dorsogluteal"), {}),
    ("SITE_DG", None, plan(site="deltoid"), {}),
    ("SITE_DG", None, None, {}),
    # A drug that a finding replaced
    ("LHON_CYANO", "block", plan(default_drug="cyanocobalamin"), {"conditions": ["leber_family_history"]}),
    ("LHON_CYANO", "block", BY_MOUTH, {"conditions": ["leber_family_history"]}),
    ("LHON_CYANO", None, PLAN, {"conditions": ["leber_family_history"]}),
    ("RENAL_ALU", "warn", plan(default_drug="cyanocobalamin"), {"labs": labs(egfr=29)}),
    ("RENAL_ALU", None, PLAN, {"labs": labs(egfr=29)}),
    ("RENAL_ALU", None, BY_MOUTH, {"labs": labs(egfr=29)}),
    # The dose
    ("DOSE_HIGH", None, plan(specs=(phase(dose_mcg=1000),)), {}),
    ("DOSE_HIGH", "warn", plan(specs=(phase(dose_mcg=1001),)), {}),
    ("DOSE_HIGH", "warn", plan(specs=(phase(dose_mcg=2000),)), {}),
    ("DOSE_HIGH", "block", plan(specs=(phase(), phase(dose_mcg=2001))), {}),
    ("DOSE_HIGH", None, plan(specs=(phase(PhaseKind.ORAL, 2000, (1, DAY)),)), {}),
    ("DOSE_HIGH", "block", None, {"doses_given": given(on(2), dose_mcg=1_000_000)}),
    ("DOSE_HIGH", None, None, {"doses_given": given(on(2), dose_mcg=2000, phase="oral")}),
    ("DOSE_LOW_FORM", "warn", plan(specs=(phase(dose_mcg=100),)), {}),
    ("DOSE_LOW_FORM", None, plan(specs=(phase(dose_mcg=101),)), {}),
    ("DOSE_LOW_FORM", None, plan(drug="cyanocobalamin", specs=(phase(dose_mcg=100),)), {}),
    (
        "DOSE_LOW_FORM",
        "warn",
        plan(drug="cyanocobalamin", specs=(phase(dose_mcg=100),)),
        {"requested_drug": "hydroxocobalamin"},
    ),
    ("DOSE_LOW_FORM", "warn", plan(drug="cyanocobalamin", vial_mcg_per_ml=100, specs=(phase(),)), {}),
    ("DOSE_LOW_FORM", None, plan(drug="cyanocobalamin", vial_mcg_per_ml=1000, specs=(phase(),)), {}),
    (
        "DOSE_LOW_FORM",
        None,
        plan(drug="cyanocobalamin", vial_mcg_per_ml=100, specs=(phase(dose_mcg=100),)),
        {},
    ),
    ("DOSE_LOW_FORM", None, None, {}),
    # Too often
    ("FREQ_HIGH", "block", plan(hours_since_last_dose=19.9), {}),
    ("FREQ_HIGH", None, plan(hours_since_last_dose=20.0), {}),
    ("FREQ_HIGH", "block", plan(first_due_on=TODAY), {"doses_given": given(TODAY)}),
    ("FREQ_HIGH", None, plan(first_due_on=TODAY), {"doses_given": given(on(1))}),
    ("FREQ_HIGH", None, plan(first_due_on=TODAY), {}),
    ("FREQ_HIGH", None, plan(specs=(phase(LOADING, every=(1, DAY), doses=14),)), {}),
    ("FREQ_HIGH", "warn", plan(specs=(phase(LOADING, every=(1, DAY), doses=15),)), {}),
    ("FREQ_HIGH", "warn", plan(specs=(phase(LOADING, every=(1, DAY)),)), {}),
    ("FREQ_HIGH", None, plan(specs=(phase(LOADING, every=(2, DAY), doses=11),)), {}),
    ("FREQ_HIGH", "warn", plan(specs=(phase(LOADING, every=(2, DAY), doses=12),)), {}),
    ("FREQ_HIGH", None, plan(specs=(phase(LOADING, every=(2, DAY), review_after_days=21),)), {}),
    ("FREQ_HIGH", "warn", plan(specs=(phase(LOADING, every=(2, DAY), review_after_days=22),)), {}),
    ("FREQ_HIGH", "warn", plan(specs=(phase(LOADING, every=(2, DAY)),)), {}),
    ("FREQ_HIGH", None, plan(specs=(phase(LOADING, every=(2, DAY), gaps=(2, 2, 3)),)), {}),
    ("FREQ_HIGH", None, plan(specs=(phase(PhaseKind.ORAL, every=(1, DAY)),)), {}),
    ("FREQ_HIGH", None, plan(specs=(phase(every=(28, DAY)),)), {}),
    ("FREQ_HIGH", "warn", plan(specs=(phase(every=(27, DAY)),)), {}),
    ("FREQ_HIGH", "warn", plan(specs=(phase(every=(2, WEEK)),)), {}),
    ("FREQ_HIGH", None, plan(specs=(phase(every=(2, WEEK)),), interval_reason="Symptoms return"), {}),
    ("FREQ_HIGH", None, plan(specs=(phase(every=(1, MONTH)),)), {}),
    # Too seldom
    ("FREQ_LOW", None, plan(specs=(phase(every=(3, MONTH)),)), LIFELONG),
    ("FREQ_LOW", "warn", plan(specs=(phase(every=(4, MONTH)),)), LIFELONG),
    ("FREQ_LOW", None, plan(specs=(phase(every=(13, WEEK)),)), LIFELONG),
    ("FREQ_LOW", "warn", plan(specs=(phase(every=(14, WEEK)),)), LIFELONG),
    ("FREQ_LOW", None, plan(specs=(phase(every=(92, DAY)),)), LIFELONG),
    ("FREQ_LOW", "warn", plan(specs=(phase(every=(93, DAY)),)), LIFELONG),
    ("FREQ_LOW", None, plan(specs=(phase(every=(6, MONTH)),)), {"cause": "diet"}),
    ("FREQ_LOW", None, plan(specs=(phase(every=(4, MONTH)),)), LIFELONG | {"guideline": "nl"}),
    ("FREQ_LOW", None, plan(specs=(phase(LOADING, every=(4, MONTH)),)), LIFELONG),
    ("FREQ_LOW", None, plan(pack_code="us-label", specs=(phase(dose_mcg=100, every=(1, MONTH)),)), {}),
    ("FREQ_LOW", "warn", plan(pack_code="us-label", specs=(phase(dose_mcg=100, every=(2, MONTH)),)), {}),
    ("FREQ_LOW", "warn", plan(pack_code="us-label", specs=(phase(dose_mcg=100, every=(32, DAY)),)), {}),
    ("FREQ_LOW", None, plan(pack_code="us-label", specs=(phase(dose_mcg=100, every=(31, DAY)),)), {}),
    ("FREQ_LOW", None, plan(pack_code="us-label", specs=(phase(every=(2, MONTH)),)), {}),
    ("FREQ_LOW", None, plan(pack_code="us-practice", specs=(phase(dose_mcg=100, every=(2, MONTH)),)), {}),
    ("FREQ_LOW", None, None, LIFELONG),
]


@pytest.mark.parametrize(("code", "severity", "draft", "changes"), ROWS)
def test_the_rule_fires_on_its_trigger_and_not_beside_it(code, severity, draft, changes):
    assert codes(draft, **changes).get(code) == severity


def run(count, gap, last=2):
    """`count` injections `gap` days apart, the last of them `last` days ago."""
    return given(*(on(last + gap * place) for place in range(count)))


CONTINUES = plan(specs=(phase(LOADING, every=(2, DAY), review_after_days=21),), first_due_on=TODAY)


@pytest.mark.parametrize(
    ("doses", "draft", "severity"),
    [
        (run(10, 2), CONTINUES, None),
        (run(11, 2), CONTINUES, "warn"),
        (run(13, 1, last=1), CONTINUES, None),
        (run(14, 1, last=1), CONTINUES, "warn"),
        (run(11, 2), plan(specs=(phase(),), first_due_on=TODAY), None),
        (run(11, 2), plan(first_due_on=TODAY), None),
        (run(11, 2), None, None),
        (run(12, 2), plan(specs=CONTINUES.specs), "warn"),
        (run(11, 2), plan(specs=CONTINUES.specs), None),
        (run(11, 2, last=3), CONTINUES, None),
    ],
)
def test_a_course_that_goes_on_without_a_review_is_noticed(doses, draft, severity):
    assert codes(draft, doses_given=doses).get("FREQ_HIGH") == severity


def test_the_days_of_a_course_are_counted_from_its_last_review():
    reviewed = {"doses_given": run(20, 2), "neuro_reviewed_on": on(10)}
    assert "FREQ_HIGH" not in codes(CONTINUES, **reviewed)
    assert codes(CONTINUES, **(reviewed | {"neuro_reviewed_on": on(24)}))["FREQ_HIGH"] == "warn"


def test_a_course_without_an_end_is_longer_than_any_limit_of_a_clinic():
    endless = plan(specs=(phase(LOADING, every=(2, DAY)),))
    assert codes(endless, Policy(alternate_day_max_days=365))["FREQ_HIGH"] == "warn"


def test_the_injection_on_the_day_of_the_review_counts_with_those_after_it():
    assert codes(CONTINUES, doses_given=run(20, 2), neuro_reviewed_on=on(22))["FREQ_HIGH"] == "warn"
    assert "FREQ_HIGH" not in codes(CONTINUES, doses_given=run(20, 2), neuro_reviewed_on=on(21))


def late(kind, due, overdue, advice=""):
    return plan(running_kind=kind, running_due_on=due, running_overdue_on=overdue, running_advice=advice)


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (late("loading", on(2), on(0)), {"LATE_LOADING"}),
        (late("loading", on(1), on(-1)), set()),
        (late("taper", on(4), on(1)), {"LATE_LOADING"}),
        (late("maintenance", on(15), on(0)), {"LATE_MAINT"}),
        (late("maintenance", on(14), on(-1)), set()),
        (late("loading", None, on(0)), set()),
        (late("loading", on(1), None), set()),
        (None, set()),
    ],
)
def test_a_dose_is_late_from_the_first_day_outside_its_window(draft, expected):
    fired = codes(draft, doses_given=given(on(9)))
    assert {code for code in fired if code.startswith("LATE_")} == expected


@pytest.mark.parametrize(("code", "kind"), [("LATE_LOADING", "loading"), ("LATE_MAINT", "maintenance")])
def test_a_late_dose_is_told_in_the_words_of_the_table(code, kind):
    draft = late(kind, on(3), on(1), advice="A clinician decides.")
    assert said(code, draft) == f"A {kind} dose is 3 days late. A clinician decides."


def test_a_late_dose_without_advice_still_says_how_late():
    assert said("LATE_LOADING", late("loading", on(1), on(0))) == "A loading dose is 1 day late."


def test_a_metformin_taker_on_tablets_hears_the_rules_of_the_patient_too():
    fired = codes(
        BY_MOUTH, medications=(medicine("metformin"),), labs=labs(total_b12=100), cause="medicine_induced"
    )
    assert fired == {"DRUG_CAUSE_REVIEW": "info", "ORAL_ALTERNATIVE": "info"}


def test_the_last_dose_counts_by_date_not_by_order():
    doses = (*given(TODAY), *given(date(2024, 12, 30)))
    assert codes(plan(first_due_on=TODAY), doses_given=doses)["FREQ_HIGH"] == "block"
