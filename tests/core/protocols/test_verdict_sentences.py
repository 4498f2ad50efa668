"""What is said for and against each protocol of a pack, word for word."""

from typing import Any

import pytest

from regimens.packs import load_packs
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.situation import Situation
from regimens.protocols.verdicts import Verdicts, judge
from tests.core.patients import given, labs, patient

PACKS = load_packs()
LEBER = {"leber_hereditary_optic_neuropathy"}
NERVES = {"findings": {"numbness"}}
AFTER_GASTRECTOMY = {"cause": "total_gastrectomy", "labs": labs(total_b12=300)}
NEEDS_NERVES = "No neurological or optic sign is recorded; this scheme applies as soon as there is one."

AGAINST = [
    ("uk/neurological", {}, NEEDS_NERVES),
    ("uk/standard", NERVES,
     "Neurological involvement asks for the neurological scheme; a standard loading would be too little."),
    ("uk/oral", NERVES,
     "Neurological involvement: trials of tablets hold no good data on nerves, so injections come first (Cochrane 2018)."),
    ("uk/prophylaxis", {**AFTER_GASTRECTOMY, **NERVES},
     "Neurological involvement is treated with a full loading, not with maintenance doses alone."),
    ("uk/standard", {"conditions": LEBER},
     "Leber optic neuropathy and tobacco amblyopia have a licensed scheme of their own (Neo-Cytamen, 4.2)."),
    ("uk/oral", {"conditions": LEBER},
     "Cyanocobalamin is not given in Leber optic neuropathy: severe and swift optic atrophy is reported (FDA label)."),
    ("uk/oral", {"conditions": {"leber_family_history"}},
     "A family history of Leber optic neuropathy: no cyanocobalamin by any route (FDA label, warnings)."),
    ("uk/cyanocobalamin", {"cause": "autoimmune_gastritis", "labs": labs(total_b12=100, egfr=29)},
     "eGFR below 30: aluminium from cyanocobalamin vials accumulates, hydroxocobalamin is taken (FDA label)."),
    ("uk/standard", AFTER_GASTRECTOMY,
     "Nothing shows a deficiency, so no loading is needed (product texts of hydroxocobalamin, prophylaxis)."),
    ("uk/prophylaxis", {"cause": "total_gastrectomy"},
     "A deficiency is shown, or a loading has begun: the stores are refilled before they are maintained."),
    ("uk/oral", {"cause": "autoimmune_gastritis"},
     "NG239 2024, section 1.5 offers injections for this cause; oral replacement is not its advice here."),
]  # fmt: skip

OFFERED = (
    "At least 1 mg a day by mouth may be offered for this cause, with a review at 3 months and injections where it fails"
    " (NG239 2024, section 1.5)."
)
FOR = [
    ("nl/standard", {},
     "Where tablets do not suit or do not work: Ten injections over about five weeks refill the stores; intramuscular or"
     " deep subcutaneous (FK, hydroxocobalamine)."),
    ("uk/oral-low-dose", {},
     "NICE CKS gives 50 to 150 mcg a day between meals for a dietary cause (NICE CKS 2020, dietary cause)."),
    ("us-practice/cord", NERVES,
     "A longer frequent phase that is given for subacute combined degeneration (US practice, dosing). Known from a"
     " secondary summary only; low confidence."),
    ("uk/oral", {"conditions": {"frailty", "dementia"}},
     f"Injections come first because of dementia, frailty (local policy). {OFFERED}"),
    ("uk/oral", {"conditions": {"poor_adherence", "swallowing_problem"}},
     f"Injections come first because of doubtful adherence, swallowing problem (local policy). {OFFERED}"),
    ("uk/oral", {"labs": labs(total_b12=100, haemoglobin=79)},
     f"Injections come first because of haemoglobin below 80 g/L (local policy). {OFFERED}"),
    ("uk/oral", {"cause_detail": "mixed_nutritional", "labs": labs(total_b12=100, platelets=149)},
     "Injections come first because of a mixed nutritional deficiency with a poor blood count (local policy)."
     f" {OFFERED}"),
    ("uk/oral", {"doses_given": given(patient().as_of)}, OFFERED),
]  # fmt: skip


def judged(pack: str, policy: Policy = DEFAULT, **changes: Any) -> Verdicts:
    facts = patient(**{"labs": labs(total_b12=100), "guideline": pack, **changes})
    return judge(Situation.of(facts, PACKS[pack], policy))


def words(code: str, among: str, **changes: Any) -> str:
    found = getattr(judged(code.partition("/")[0], **changes), among)
    return next(choice.why for choice in found if choice.protocol.code == code)


@pytest.mark.parametrize(("code", "changes", "sentence"), AGAINST)
def test_what_stands_against_a_protocol_is_said(code: str, changes: dict, sentence: str) -> None:
    assert words(code, "excluded", **changes) == sentence


@pytest.mark.parametrize(("code", "changes", "sentence"), FOR)
def test_what_commends_an_alternative_is_said_with_its_source(
    code: str, changes: dict, sentence: str
) -> None:
    assert words(code, "alternatives", **changes) == sentence


def test_first_the_replaced_the_others_in_the_packs_order() -> None:
    family = judged("uk", conditions={"leber_family_history"})
    assert (family.first and family.first.code, family.replaced and family.replaced.code) == (
        "uk/diet-injection",
        "uk/oral",
    )
    assert [one.protocol.code for one in family.alternatives] == ["uk/product-text"]
    assert [one.protocol.code for one in family.excluded] == [
        "uk/neurological",
        "uk/oral",
        "uk/oral-low-dose",
        "uk/cyanocobalamin",
    ]


def test_nothing_is_replaced_where_tablets_were_not_first() -> None:
    assert judged("uk", cause="autoimmune_gastritis", conditions={"leber_family_history"}).replaced is None
    assert judged("uk").replaced is None


def test_a_clinics_own_limits_are_said() -> None:
    strict = Policy(severe_anaemia_hb=90, egfr_aluminium=40)
    anaemic = judged("uk", strict, labs=labs(total_b12=100, haemoglobin=89))
    assert anaemic.alternatives[0].why.startswith(
        "Injections come first because of haemoglobin below 90 g/L ("
    )
    kidneys = judged("uk", strict, cause="autoimmune_gastritis", labs=labs(total_b12=100, egfr=39))
    assert "eGFR below 40: aluminium" in kidneys.excluded[-1].why
