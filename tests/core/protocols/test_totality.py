"""Every kind of patient gets an answer from every guideline, and every answer says why."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from b12clinic.vocabulary import Cause, Certainty, Drug, PhaseKind, Pregnancy, Route
from regimens.packs import load_packs
from regimens.protocols.facts import PatientFacts
from regimens.protocols.recommendation import Recommendation
from regimens.protocols.selection import candidates, recommend, recommend_protocol
from tests.core.patients import allergy, given, labs, patient

PACKS = load_packs()
KINDS = list(product(Cause, (False, True), Pregnancy))
LOW, HIGH = labs(total_b12=100), labs(total_b12=900)


def kind(guideline: str, cause: str, nerves: bool, pregnancy: str, **more: object) -> PatientFacts:
    findings = {"numbness"} if nerves else {"fatigue"}
    return patient(guideline=guideline, cause=cause, findings=findings, pregnancy=pregnancy, **more)


def check_answer(answer: Recommendation) -> None:
    """An answer is a plan with days or tablets, a withheld plan, or a clinician's decision; each says why."""
    assert answer.because
    assert all(sentence.strip().endswith((".", "]")) for sentence in answer.because), answer.because
    if answer.protocol is None:
        assert (answer.phases, answer.rechecks, answer.drug, answer.route) == ((), (), None, None)
        return
    assert answer.plan_allowed
    assert answer.rechecks
    assert [one.due_on for one in answer.rechecks] == sorted({one.due_on for one in answer.rechecks})
    assert all(one.due_on >= answer.as_of and one.tests and one.why for one in answer.rechecks)
    assert all(dose.due_on >= answer.as_of for phase in answer.phases for dose in phase.doses)
    if answer.route is Route.ORAL:
        assert answer.phases == ()
        assert any("mcg by mouth every day" in sentence for sentence in answer.because)
    else:
        assert answer.phases


@pytest.mark.parametrize("guideline", PACKS)
def test_every_kind_of_patient_with_a_low_b12_is_planned_or_left_to_the_clinician(guideline: str) -> None:
    for cause, nerves, pregnancy in KINDS:
        answer = recommend(kind(guideline, cause, nerves, pregnancy, labs=LOW), PACKS)
        check_answer(answer)
        assert answer.plan_allowed
        if guideline not in ("ca-bc", "no"):
            assert not answer.clinician_decides, (cause, nerves, pregnancy)


@pytest.mark.parametrize("guideline", PACKS)
def test_every_kind_of_patient_without_support_is_withheld_or_protected(guideline: str) -> None:
    for cause, nerves, pregnancy in KINDS:
        answer = recommend(kind(guideline, cause, nerves, pregnancy, labs=HIGH), PACKS)
        check_answer(answer)
        codes = {alert.code for alert in answer.alerts}
        assert answer.plan_allowed is ("DX_NOT_CONFIRMED" not in codes)
        assert answer.plan_allowed or any("DX_NOT_CONFIRMED" in sentence for sentence in answer.because)


@pytest.mark.parametrize("guideline", PACKS)
def test_allergy_withholds_every_kind_of_plan(guideline: str) -> None:
    allergic = (allergy("hydroxocobalamin", "anaphylaxis"),)
    for cause, nerves, pregnancy in KINDS:
        answer = recommend(kind(guideline, cause, nerves, pregnancy, labs=LOW, allergies=allergic), PACKS)
        check_answer(answer)
        assert not answer.plan_allowed


@pytest.mark.parametrize("guideline", PACKS)
def test_leber_never_meets_cyanocobalamin(guideline: str) -> None:
    for condition, cause, nerves, pregnancy in product(
        ("leber_hereditary_optic_neuropathy", "leber_family_history"), Cause, (False, True), Pregnancy
    ):
        facts = kind(guideline, cause, nerves, pregnancy, labs=LOW, conditions={condition})
        for one in candidates(facts, {guideline: PACKS[guideline]}):
            answer = one.recommendation
            check_answer(answer)
            assert answer.drug is not Drug.CYANOCOBALAMIN
            assert all(phase.spec.drug is not Drug.CYANOCOBALAMIN for phase in answer.phases)


def test_every_protocol_can_be_laid_out_by_name() -> None:
    begun = given(date(2025, 1, 1), date(2025, 1, 3))
    for pack in PACKS.values():
        for code in pack.by_code:
            for doses in ((), begun, given(date(2024, 12, 1), phase="maintenance")):
                facts = patient(guideline=pack.code, labs=LOW, doses_given=doses)
                answer = recommend_protocol(facts, PACKS, code)
                check_answer(answer)
                assert answer.protocol is not None
                assert answer.protocol.code == code


def test_candidates_hold_one_first_choice_of_each_guideline() -> None:
    found = candidates(patient(labs=LOW, cause="autoimmune_gastritis"), PACKS)
    first = [one.recommendation.pack.code for one in found if one.first_choice]
    assert first == list(PACKS)
    others = [one.recommendation for one in found if not one.first_choice]
    assert {"uk/cyanocobalamin", "us-practice/weekly"} <= {
        one.protocol.code for one in others if one.protocol
    }
    assert all(one.as_of == date(2025, 1, 6) for one in others)


def test_candidates_of_a_withheld_plan_are_only_the_reasons() -> None:
    found = candidates(patient(labs=HIGH, cause="autoimmune_gastritis"), PACKS)
    assert [one.first_choice for one in found] == [True] * len(PACKS)
    assert all(one.recommendation.protocol is None for one in found)


@pytest.mark.parametrize("certainty", Certainty)
def test_lifelong_needs_a_confirmed_cause(certainty: str) -> None:
    facts = replace(patient(labs=LOW, cause="autoimmune_gastritis"), certainty=certainty)
    assert recommend(facts, PACKS).lifelong is (certainty == "confirmed")


@pytest.mark.parametrize("guideline", PACKS)
def test_maintenance_is_always_marked_as_such(guideline: str) -> None:
    answer = recommend(patient(guideline=guideline, labs=LOW, cause="autoimmune_gastritis"), PACKS)
    kinds = [phase.spec.kind for phase in answer.phases]
    assert kinds == sorted(kinds, key=[PhaseKind.LOADING, PhaseKind.TAPER, PhaseKind.MAINTENANCE].index)


def test_unknown_guideline_and_unknown_protocol_are_key_errors() -> None:
    with pytest.raises(KeyError):
        recommend(patient(guideline="fr"), PACKS)
    with pytest.raises(KeyError):
        recommend_protocol(patient(), PACKS, "uk/nothing")
