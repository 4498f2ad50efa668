"""Facts in, picture out."""

from __future__ import annotations

import re
from decimal import Decimal

from b12clinic.vocabulary import (
    COBALAMIN_ALLERGENS,
    FBC_ANALYTES,
    SYSTEMIC_REACTIONS,
    Allergen,
    Cause,
    CauseDetail,
    Certainty,
    Condition,
)
from monitoring.interpretation.anaemia import hb_limit, low_platelets, low_white_cells
from monitoring.interpretation.bands import Bands, MmaUpper, mma_raised
from monitoring.interpretation.measured import Measured, Results
from monitoring.interpretation.response import Course, ResponseFlag, unanswered

from ..facts import PatientFacts
from ..policy import DEFAULT, Policy
from .diagnosis import Diagnosis, diagnose
from .exposure import B12_ANALYTES, days_after_injection, recent_b12_test
from .picture import Reading
from .signs import read_signs
from .words import sentences_of

IRREVERSIBLE_CAUSES = frozenset(
    {Cause.AUTOIMMUNE_GASTRITIS, Cause.TOTAL_GASTRECTOMY, Cause.ILEAL_RESECTION, Cause.CONGENITAL}
)
BASELINE_TESTS: tuple[str, ...] = (
    "total_b12",
    "methylmalonic_acid",
    "homocysteine",
    "fbc",
    "reticulocytes",
    "ferritin",
    "folate",
    "potassium",
    "creatinine",
    "intrinsic_factor_antibody",
    "ttg_iga",
)
# How surgeons write it; a one-anastomosis bypass is another operation.
_SHORT_FOR = {CauseDetail.ROUX_EN_Y: ("rygb", "lrygb", "rnygb")}
_STAGE_BELOW_30 = frozenset({Condition.CKD_4, Condition.CKD_5})


def family_of(guideline: str) -> str:
    """The family of a guideline pack: `us-label` and `us-practice` are both `us`."""
    return guideline.partition("-")[0]


def read(facts: PatientFacts, bands: Bands, mma_upper: MmaUpper, policy: Policy = DEFAULT) -> Reading:
    """The patient of `facts`, read on `facts.as_of` with one guideline's cut-offs. Results dated later are not known yet."""
    first, last = facts.treatment_began_on, max((dose.given_on for dose in facts.doses_given), default=None)
    is_spoilt = recent_b12_test(facts, policy)
    results = Results(facts.labs, as_of=facts.as_of, first_dose_on=first, on_treatment=is_spoilt)
    spoilt = frozenset(lab for name in B12_ANALYTES for lab in results.labs(name) if is_spoilt(lab))
    signs = read_signs(facts)
    diagnosis = diagnose(facts, results, signs, bands=bands, upper=mma_upper, policy=policy, spoilt=spoilt)
    limit = hb_limit(facts.sex, facts.pregnancy, policy)
    family = family_of(facts.guideline)
    cobalamin, cobalt, cobalt_block = _allergies(facts, family)
    return Reading(
        facts=facts,
        policy=policy,
        family=family,
        results=results,
        signs=signs,
        diagnosis=diagnosis,
        medicines=frozenset(one.code for one in facts.medications),
        hb_limit=limit,
        anaemic=results.below("haemoglobin", limit),
        low_white_cells=low_white_cells(results, policy),
        low_platelets=low_platelets(results, policy),
        cobalamin_allergy=cobalamin,
        cobalt_allergy=cobalt,
        cobalt_block=cobalt_block,
        age_excluded=facts.age is not None and facts.age < policy.minimum_age_years,
        inr_high=_inr_high(facts, results, policy),
        platelets_bar_im=results.below("platelets", policy.platelets_bar_im),
        renal_aluminium=_kidneys_hold_aluminium(facts, results, policy),
        irreversible_cause=is_irreversible(facts),
        antibody_invalid=_antibodies_too_soon(facts, results, policy),
        first_dose_on=first,
        last_dose_on=last,
        response=_response(facts, results, diagnosis, limit, mma_upper, policy),
        missing=_missing(facts, results),
        sentences=sentences_of(diagnosis, bands, mma_upper),
    )


def detail_is(facts: PatientFacts, detail: CauseDetail) -> bool:
    """Whether the detail of the cause names this one: its code, or free text that spells it (`Roux-en-Y bypass 2019`)."""
    spelt = re.sub(r"[^a-z0-9]+", "_", (facts.cause_detail or "").casefold())
    return detail.value in spelt or any(word in spelt.split("_") for word in _SHORT_FOR.get(detail, ()))


def is_irreversible(facts: PatientFacts) -> bool:
    """A confirmed cause that does not pass: LIFELONG's list, bariatric surgery other than a gastric band included."""
    if facts.certainty != Certainty.CONFIRMED:
        return False
    if facts.cause == Cause.BARIATRIC_SURGERY:
        return not detail_is(facts, CauseDetail.GASTRIC_BAND)
    return facts.cause in IRREVERSIBLE_CAUSES


def _allergies(facts: PatientFacts, family: str) -> tuple[bool, bool, bool]:
    """Cobalamin allergy, cobalt or cobalamin sensitivity, and whether the latter blocks here."""
    sensitive = [one for one in facts.allergies if one.substance in COBALAMIN_ALLERGENS | {Allergen.COBALT}]
    cobalamin = any(one.substance in COBALAMIN_ALLERGENS for one in sensitive)
    systemic = any(one.reactions & SYSTEMIC_REACTIONS for one in sensitive)
    return cobalamin, bool(sensitive), bool(sensitive) and (family == "us" or systemic)


def _inr_high(facts: PatientFacts, results: Results, policy: Policy) -> bool:
    """INR above the therapeutic range, or above the clinic's limit where no range is known."""
    upper = [one.inr_target[1] for one in facts.medications if one.inr_target is not None]
    return results.above("inr", max(upper) if upper else policy.inr_limit)


def _kidneys_hold_aluminium(facts: PatientFacts, results: Results, policy: Policy) -> bool:
    """eGFR below 30; without an eGFR, a recorded kidney disease of stage 4 or 5, which is the same by definition."""
    egfr = results.latest("egfr")
    if egfr is not None:
        return egfr.below(policy.egfr_aluminium)
    return bool(facts.conditions & _STAGE_BELOW_30)


def _antibodies_too_soon(facts: PatientFacts, results: Results, policy: Policy) -> tuple[Measured, ...]:
    days = (
        (one, days_after_injection(facts, one.taken_on)) for one in results.all("intrinsic_factor_antibody")
    )
    return tuple(one for one, gap in days if gap is not None and gap <= policy.antibody_after_injection_days)


def _response(
    facts: PatientFacts,
    results: Results,
    diagnosis: Diagnosis,
    limit: Decimal,
    upper: MmaUpper,
    policy: Policy,
) -> tuple[ResponseFlag, ...]:
    course = response_course(facts, diagnosis, limit, upper)
    if course is None:
        return ()
    return unanswered(results, course, policy)


def response_course(
    facts: PatientFacts, diagnosis: Diagnosis, limit: Decimal, upper: MmaUpper
) -> Course | None:
    """What a response is judged by besides the results; None before the first day of treatment."""
    began_on = facts.treatment_began_on
    if began_on is None:
        return None
    return Course(
        first_dose_on=began_on,
        as_of=facts.as_of,
        hb_limit=limit,
        mma_is_raised=lambda measured: mma_raised(measured, upper, facts.age),
        mma_readable=diagnosis.mma_reliable,
        symptoms_unchanged=facts.symptoms_unchanged,
        symptoms=facts.symptoms,
    )


def _missing(facts: PatientFacts, results: Results) -> tuple[str, ...]:
    """Baseline tests without a usable value; a full blood count counts as there with its haemoglobin and MCV."""
    there = {analyte for analyte in BASELINE_TESTS if results.baseline(analyte) is not None}
    if all(results.baseline(analyte) is not None for analyte in FBC_ANALYTES[:2]):
        there.add("fbc")
    if results.baseline("active_b12") is not None:
        there.add("total_b12")
    absent = [test for test in BASELINE_TESTS if test not in there]
    return (*absent, *(["age"] if facts.age is None else []))
