"""Which scheme, which route, and what is said of the others."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from b12clinic.vocabulary import Drug, Route
from regimens.packs import load_packs
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.recommendation import Recommendation
from regimens.protocols.selection import recommend, recommend_protocol
from tests.core.patients import given, lab, labs, medicine, patient

PACKS = load_packs()
LOW = labs(total_b12=100)


def answer(policy: Policy = DEFAULT, **changes: Any) -> Recommendation:
    return recommend(patient(**{"labs": LOW, **changes}), PACKS, policy)


def code(**changes: Any) -> str | None:
    found = answer(**changes)
    return found.protocol.code if found.protocol else None


def because(**changes: Any) -> str:
    return " ".join(answer(**changes).because)


@pytest.mark.parametrize(
    ("changes", "protocol"),
    [
        ({}, "uk/oral"),
        ({"cause": "food_bound_malabsorption"}, "uk/oral"),
        ({"cause": "unknown"}, "uk/standard"),
        ({"cause": "medicine_induced"}, "uk/medicine-induced"),
        ({"cause": "coeliac_disease", "pregnancy": "breastfeeding"}, "uk/pregnancy"),
        ({"cause": "bariatric_surgery", "pregnancy": "pregnant"}, "uk/bariatric"),
        ({"cause": "bariatric_surgery", "labs": labs(total_b12=300)}, "uk/bariatric-prophylaxis"),
        ({"cause": "total_gastrectomy", "labs": labs(total_b12=300)}, "uk/prophylaxis"),
        ({"cause": "total_gastrectomy"}, "uk/standard"),
        ({"cause": "total_gastrectomy", "labs": labs(total_b12=300), "findings": {"numbness"}}, "uk/neurological"),
        ({"cause": "nitrous_oxide"}, "uk/nitrous-oxide"),
        ({"findings": {"visual_loss"}}, "uk/neurological"),
        ({"findings": {"visual_loss"}, "conditions": {"leber_family_history"}}, "uk/leber"),
        ({"findings": {"numbness"}, "conditions": {"leber_hereditary_optic_neuropathy"}}, "uk/leber"),
        ({"findings": {"brain_fog"}}, "uk/oral"),
        ({"findings": {"brain_fog"}, "neuro_answer": True}, "uk/neurological"),
        ({"findings": {"brain_fog"}, "neuro_answer": False}, "uk/oral"),
        ({"guideline": "nl", "cause": "total_gastrectomy", "labs": labs(total_b12=400)}, "nl/oral"),
        ({"guideline": "nl", "cause": "total_gastrectomy", "conditions": {"dementia"}}, "nl/standard"),
        ({"guideline": "us-label"}, "us-label/oral"),
        ({"guideline": "us-label", "conditions": {"frailty"}}, "us-label/normal-absorption"),
        ({"guideline": "us-label", "cause": "nitrous_oxide"}, "us-label/nitrous-oxide"),
        ({"guideline": "us-practice", "cause": "bariatric_surgery", "labs": labs(total_b12=450)},
         "us-practice/bariatric-prophylaxis"),
        ({"guideline": "no", "cause": "autoimmune_gastritis"}, "no/oral"),
        ({"guideline": "no", "findings": {"numbness"}}, None),
    ],
)  # fmt: skip
def test_scheme_follows_needs_before_route(changes: dict, protocol: str | None) -> None:
    assert code(**changes) == protocol


@pytest.mark.parametrize(
    ("changes", "route"),
    [
        ({}, Route.ORAL),
        ({"labs": labs(total_b12=100, haemoglobin=80)}, Route.ORAL),
        ({"labs": labs(total_b12=100, haemoglobin=79)}, Route.IM),
        ({"pregnancy": "pregnant"}, Route.IM),
        ({"pregnancy": "breastfeeding"}, Route.IM),
        ({"conditions": {"dementia"}}, Route.IM),
        ({"conditions": {"frailty"}}, Route.IM),
        ({"conditions": {"poor_adherence"}}, Route.IM),
        ({"conditions": {"swallowing_problem"}}, Route.IM),
        ({"findings": {"reduced_ankle_jerks"}}, Route.IM),
        ({"cause_detail": "mixed_nutritional"}, Route.ORAL),
        ({"cause_detail": "mixed_nutritional", "labs": labs(total_b12=100, platelets=150)}, Route.ORAL),
        ({"cause_detail": "mixed_nutritional", "labs": labs(total_b12=100, platelets=149)}, Route.IM),
        ({"cause_detail": "mixed_nutritional", "labs": labs(total_b12=100, white_cells=4.0)}, Route.ORAL),
        ({"cause_detail": "mixed_nutritional", "labs": labs(total_b12=100, white_cells=3.9)}, Route.IM),
        ({"cause_detail": "mixed_nutritional", "labs": labs(total_b12=100, haemoglobin=100)}, Route.ORAL),
        ({"cause_detail": "mixed_nutritional", "labs": labs(total_b12=100, haemoglobin=99)}, Route.IM),
        ({"cause_detail": "vegan", "labs": labs(total_b12=100, haemoglobin=99)}, Route.ORAL),
        ({"doses_given": given(date(2025, 1, 4))}, Route.IM),
        ({"doses_given": given(date(2025, 1, 4), phase="oral")}, Route.ORAL),
    ],
)
def test_route_of_a_dietary_cause(changes: dict, route: Route) -> None:
    assert answer(**changes).route is route


def test_clinic_may_keep_two_months_in_the_uk() -> None:
    two = answer(Policy(uk_maintenance_months=2), cause="autoimmune_gastritis")
    assert [dose.due_on for dose in two.phases[1].doses] == [date(2025, 3, 17), date(2025, 5, 17)]
    diet = answer(Policy(uk_maintenance_months=2), conditions={"frailty"})
    assert [dose.due_on for dose in diet.phases[1].doses] == [date(2025, 4, 17), date(2025, 7, 17)]


def test_clinic_may_book_in_weeks_instead_of_months() -> None:
    twelve_weekly = answer(Policy(weeks_booked_per_month=4), cause="autoimmune_gastritis")
    assert [dose.due_on for dose in twelve_weekly.phases[1].doses] == [date(2025, 4, 11), date(2025, 7, 4)]
    monthly = answer(Policy(weeks_booked_per_month=4), cause="autoimmune_gastritis", guideline="us-practice")
    assert monthly.phases[2].doses[0].due_on == date(2025, 3, 9)


def test_clinic_may_take_six_daily_doses_of_the_label() -> None:
    label = answer(Policy(label_daily_doses=6), cause="autoimmune_gastritis", guideline="us-label")
    assert [phase.remaining for phase in label.phases] == [6, 7, 5, None]


def test_clinic_may_list_more_doses_ahead() -> None:
    policy = Policy(neuro_horizon_doses=7, maintenance_horizon_doses=4)
    assert len(answer(policy, findings={"numbness"}).phases[0].doses) == 7
    assert len(answer(policy, cause="autoimmune_gastritis").phases[1].doses) == 4


BARRED = (*LOW, lab("platelets", 20))


def test_barred_muscle_sends_a_loading_under_the_skin() -> None:
    plan = answer(cause="autoimmune_gastritis", labs=BARRED)
    assert (plan.route, {phase.spec.route for phase in plan.phases}) == (Route.SC, {Route.SC})
    assert "off-label for hydroxocobalamin" in " ".join(plan.because)


def test_deep_subcutaneous_is_licensed_where_the_guideline_says_so() -> None:
    assert "licensed for this drug" in because(
        guideline="us-practice", cause="autoimmune_gastritis", labs=BARRED
    )
    dutch = because(guideline="nl", cause="autoimmune_gastritis", conditions={"dementia"}, labs=BARRED)
    assert "licensed for this drug" in dutch


def test_barred_muscle_defers_prophylaxis_without_days() -> None:
    plan = answer(cause="total_gastrectomy", labs=labs(total_b12=300, inr=4))
    assert (plan.route, plan.drug) == (Route.DEFERRED, Drug.HYDROXOCOBALAMIN)
    assert [phase.doses for phase in plan.phases] == [()]
    assert plan.phases[0].spec.starts_by_decision
    assert "INR above its limit: the intramuscular injection waits" in " ".join(plan.because)


def test_barred_muscle_with_nerves_does_not_wait() -> None:
    upkeep = given(date(2024, 1, 1), *(date(2024, 2, day) for day in range(1, 25, 2)))
    course = (*upkeep, *given(date(2024, 12, 20), phase="maintenance"))
    plan = answer(cause="autoimmune_gastritis", findings={"numbness"}, labs=BARRED, doses_given=course)
    assert plan.route is Route.SC
    assert [phase.spec.kind.value for phase in plan.phases] == ["maintenance"]


def test_tablets_are_not_barred_with_the_muscle() -> None:
    assert answer(labs=BARRED).route is Route.ORAL


def test_requested_drug_is_answered_but_not_obeyed() -> None:
    asked = because(cause="autoimmune_gastritis", requested_drug="cyanocobalamin")
    assert "asked for cyanocobalamin; the guideline's first choice here is hydroxocobalamin" in asked
    assert "hydroxocobalamin; see what it offers or excludes" in asked
    assert "asked for" not in because(cause="autoimmune_gastritis", requested_drug="hydroxocobalamin")
    unknown = because(cause="autoimmune_gastritis", requested_drug="mecobalamin")
    assert "hydroxocobalamin; it has no scheme with that drug" in unknown


def test_kidneys_that_hold_aluminium_change_the_drug_and_speak_of_the_vial() -> None:
    label = answer(guideline="us-label", cause="autoimmune_gastritis", labs=(*LOW, lab("egfr", 29)))
    assert {phase.spec.drug for phase in label.phases} == {Drug.HYDROXOCOBALAMIN}
    assert "eGFR below 30 (aluminium)" in " ".join(label.because)
    assert "vials of hydroxocobalamin hold 1000 mcg/mL" in " ".join(label.because)
    fine = answer(guideline="us-label", cause="autoimmune_gastritis", labs=(*LOW, lab("egfr", 30)))
    assert fine.drug is Drug.CYANOCOBALAMIN


def test_nerves_under_the_label_name_practice_as_first_alternative() -> None:
    plan = answer(guideline="us-label", findings={"numbness"}, cause="autoimmune_gastritis")
    assert plan.alternatives[0].protocol.code == "us-practice/neurological"
    assert "Ten times the label's dose" in plan.alternatives[0].why
    alone = recommend(
        patient(guideline="us-label", findings={"numbness"}, labs=LOW), {"us-label": PACKS["us-label"]}
    )
    assert all(choice.protocol.pack == "us-label" for choice in alone.alternatives)
    empty = {**PACKS, "us-practice": replace(PACKS["us-practice"], protocols=())}
    assert recommend(patient(guideline="us-label", findings={"numbness"}, labs=LOW), empty).alternatives == ()
    plain = answer(guideline="us-label", cause="autoimmune_gastritis")
    assert all(choice.protocol.pack == "us-label" for choice in plain.alternatives)


def why_excluded(protocol: str, **changes: Any) -> str:
    return {choice.protocol.code: choice.why for choice in answer(**changes).excluded}[protocol]


@pytest.mark.parametrize(
    ("protocol", "changes", "words"),
    [
        ("uk/oral", {"cause": "autoimmune_gastritis"}, "NG239 2024"),
        ("uk/oral", {"findings": {"numbness"}}, "injections come first (Cochrane 2018)"),
        ("uk/neurological", {}, "No neurological or optic sign"),
        ("uk/standard", {"findings": {"numbness"}}, "would be too little"),
        ("uk/prophylaxis", {"cause": "ileal_resection"}, "the stores are refilled"),
        (
            "uk/prophylaxis",
            {"cause": "ileal_resection", "findings": {"numbness"}},
            "not with maintenance doses alone",
        ),
        ("uk/standard", {"cause": "ileal_resection", "labs": labs(total_b12=300)}, "no loading is needed"),
        ("uk/cyanocobalamin", {"conditions": {"leber_hereditary_optic_neuropathy"}}, "severe and swift"),
        ("uk/standard", {"conditions": {"tobacco_amblyopia"}}, "licensed scheme of their own"),
        ("uk/cyanocobalamin", {"cause": "unknown", "conditions": {"leber_family_history"}}, "by any route"),
        ("uk/cyanocobalamin", {"cause": "unknown", "labs": (*LOW, lab("egfr", 20))}, "aluminium"),
    ],
)
def test_excluded_protocol_says_why(protocol: str, changes: dict, words: str) -> None:
    assert words in why_excluded(protocol, **changes)


def test_protocols_for_somebody_else_are_not_mentioned() -> None:
    plan = answer(cause="unknown")
    mentioned = {choice.protocol.code for choice in (*plan.excluded, *plan.alternatives)}
    assert not mentioned & {"uk/leber", "uk/nitrous-oxide", "uk/pregnancy", "uk/bariatric", "uk/prophylaxis"}


def test_tablets_first_leave_one_injection_scheme_and_the_low_dose() -> None:
    plan = answer()
    assert [choice.protocol.code for choice in plan.alternatives] == ["uk/diet-injection", "uk/oral-low-dose"]
    assert plan.alternatives[0].why.startswith("Where tablets do not suit")


def test_injections_first_say_why_in_the_alternative() -> None:
    plan = answer(conditions={"frailty"})
    tablets = next(choice for choice in plan.alternatives if choice.protocol.code == "uk/oral")
    assert tablets.why.startswith("Injections come first because of frailty (local policy).")


def test_protocol_asked_for_by_name_says_what_speaks_against_it() -> None:
    plan = recommend_protocol(patient(labs=LOW, findings={"numbness"}), PACKS, "uk/oral")
    assert plan.route is Route.ORAL
    assert any(sentence.startswith("Chosen although: Neurological involvement") for sentence in plan.because)
    assert plan.alternatives[0].protocol.code == "uk/neurological"
    assert plan.alternatives[0].why.startswith("The guideline's first choice here")
    assert "uk/oral" not in {choice.protocol.code for choice in plan.excluded}


def test_protocol_of_another_guideline_is_read_with_that_guidelines_cut_offs() -> None:
    facts = patient(labs=labs(total_b12=190), cause="autoimmune_gastritis")
    assert not recommend(facts, PACKS).plan_allowed
    assert recommend_protocol(facts, PACKS, "us-practice/standard").plan_allowed


def test_visits_of_the_first_year_are_offered_for_comparison() -> None:
    assert answer(cause="autoimmune_gastritis").visits_in_first_year == 9
    assert answer(findings={"numbness"}).visits_in_first_year is None
    assert answer(labs=labs(total_b12=900)).visits_in_first_year is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cause": "autoimmune_gastritis"}, "Lifelong: the cause does not pass. NG239 offers lifelong"),
        ({"cause": "medicine_induced", "medications": (medicine("metformin"),)}, "while the medicine is taken"),
        ({"cause": "nitrous_oxide"}, "stopping nitrous oxide is essential"),
        ({"cause": "nitrous_oxide"}, "Neurological involvement (nitrous oxide, always treated as such)"),
        ({}, "Not lifelong unless the diet stays without B12"),
        ({"cause": "coeliac_disease"}, "as long as the cause lasts"),
        ({"findings": {"numbness"}}, "Neurological involvement (numbness)"),
        ({"neuro_answer": True}, "Neurological involvement (by the clinician's answer)"),
        ({"findings": {"brain_fog"}}, "cannot be signed until the clinician answers"),
        ({"conditions": {"frailty"}}, "because of frailty (local policy)"),
        ({"cause": "unknown"}, "injection first for this cause (Unknown): the route is local policy"),
        ({"cause": "ileal_resection"}, "NG239 2024, section 1.5 offers injections for this cause"),
        ({"cause": "autoimmune_gastritis"}, "Baseline still to draw before the first dose"),
        ({"cause": "unknown", "doses_given": given(date(2025, 1, 4))}, "1 dose of this course has been given"),
        ({"guideline": "no", "findings": {"numbness"}}, "The clinician decides"),
        ({"guideline": "us-label", "conditions": {"frailty"}}, "Then by mouth: cyanocobalamin 1000 mcg a day"),
    ],
)  # fmt: skip
def test_reasoning_says_its_step(changes: dict, sentence: str) -> None:
    assert sentence in because(**changes)


def test_running_course_does_not_ask_for_its_baseline_again() -> None:
    assert "Baseline still" not in because(cause="unknown", doses_given=given(date(2025, 1, 4)))
