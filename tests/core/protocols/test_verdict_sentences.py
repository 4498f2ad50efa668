"""What is said for and against each protocol of a pack, word for word."""

from typing import Any

import pytest

from regimens.packs import load_packs
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.recommendation import Choice
from regimens.protocols.selection import recommend_protocol
from regimens.protocols.situation import Situation
from regimens.protocols.verdicts import Verdicts, judge, why_not
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


OWN = "Local policy of the clinic"
LABEL = "US FDA label, cyanocobalamin injection"
COCHRANE = "Cochrane review, oral against intramuscular vitamin B12 (Wang)"
NG239 = "Vitamin B12 deficiency in over 16s: diagnosis and management (NG239)"
CKS = "Anaemia, B12 and folate deficiency (NICE CKS)"

BEHIND_AGAINST = [
    ("uk/neurological", {}, "no_nerves_recorded", [(OWN, "evidence section 5a")]),
    ("uk/oral", NERVES, "nerves_need_their_scheme", [(COCHRANE, None), (OWN, "evidence section 5a")]),
    ("uk/standard", {"conditions": LEBER}, "leber_has_its_own",
     [(LABEL, "warnings"), ("SmPC Neo-Cytamen (emc 9746)", "4.2")]),
    ("uk/oral", {"conditions": {"leber_family_history"}}, "no_cyanocobalamin_in_leber_family", [(LABEL, "warnings")]),
    ("uk/cyanocobalamin", {"cause": "autoimmune_gastritis", "labs": labs(total_b12=100, egfr=29)},
     "no_cyanocobalamin_in_kidney_failure", [(LABEL, "aluminium")]),
    ("uk/standard", AFTER_GASTRECTOMY, "prophylaxis_or_loading",
     [("SmPC generic hydroxocobalamin", None), (OWN, "evidence section 5a")]),
    ("uk/oral", {"cause": "autoimmune_gastritis"}, "tablets_do_not_serve",
     [(NG239, "1.5"), (CKS, "dietary cause")]),
]  # fmt: skip
BEHIND_FOR = [
    ("uk/oral-low-dose", {}, "injection", [(CKS, "dietary cause")]),
    ("us-practice/cord", NERVES, "published",
     [("Subacute combined degeneration, secondary summary of practice (low confidence) (US practice)", "dosing")]),
    ("uk/oral", {"conditions": {"frailty"}}, "tablets",
     [(OWN, "evidence section 5a"), (NG239, "1.5"), (CKS, "dietary cause")]),
    ("uk/oral", {"doses_given": given(patient().as_of)}, "tablets", [(NG239, "1.5"), (CKS, "dietary cause")]),
]  # fmt: skip


def judged(pack: str, policy: Policy = DEFAULT, **changes: Any) -> Verdicts:
    facts = patient(**{"labs": labs(total_b12=100), "guideline": pack, **changes})
    return judge(Situation.of(facts, PACKS[pack], policy))


def choice(code: str, among: str, **changes: Any) -> Choice:
    found = getattr(judged(code.partition("/")[0], **changes), among)
    return next(one for one in found if one.protocol.code == code)


def origins(rule: str, code: str, among: str, **changes: Any) -> list[tuple[str, str | None]]:
    """Title and section of the origins of a choice, all behind one rule."""
    found = choice(code, among, **changes).origins
    assert {one.rule for one in found} == {rule}
    return [(one.source, one.section) for one in found]


@pytest.mark.parametrize(("code", "changes", "sentence"), AGAINST)
def test_what_stands_against_a_protocol_is_said(code: str, changes: dict, sentence: str) -> None:
    assert choice(code, "excluded", **changes).why == sentence


@pytest.mark.parametrize(("code", "changes", "sentence"), FOR)
def test_what_commends_an_alternative_is_said_with_its_source(
    code: str, changes: dict, sentence: str
) -> None:
    assert choice(code, "alternatives", **changes).why == sentence


@pytest.mark.parametrize(("code", "changes", "check", "expected"), BEHIND_AGAINST)
def test_what_stands_against_a_protocol_names_its_sources(
    code: str, changes: dict, check: str, expected: list
) -> None:
    assert origins(f"exclusion/{check}", code, "excluded", **changes) == expected


@pytest.mark.parametrize(("code", "changes", "kind", "expected"), BEHIND_FOR)
def test_what_commends_an_alternative_names_its_sources(
    code: str, changes: dict, kind: str, expected: list
) -> None:
    assert origins(f"alternative/{kind}", code, "alternatives", **changes) == expected


def test_protocol_chosen_against_a_reason_says_the_reason() -> None:
    family = patient(labs=labs(total_b12=100), conditions=frozenset({"leber_family_history"}))
    because = recommend_protocol(family, PACKS, "uk/oral").because
    assert any("no cyanocobalamin by any route (FDA label, warnings)." in one for one in because)
    assert why_not(PACKS["uk"].by_code["uk/diet-injection"], Situation.of(family, PACKS["uk"], DEFAULT)) == ""


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
