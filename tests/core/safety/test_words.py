"""What a finding tells the clinician to do, where that hangs on the patient."""

import pytest

from tests.core.patients import labs, medicine, said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"findings": ["numbness"], "labs": ()}, "Send B12 or active B12, methylmalonic acid and intrinsic"),
        (
            {"findings": ["scotoma"], "labs": labs(total_b12=400)},
            "a prescriber decide whether to treat at once",
        ),
        (
            {"findings": ["numbness"], "labs": labs(egfr=59)},
            "Send B12 or active B12 and intrinsic factor antibody",
        ),
        (
            {"findings": ["numbness"], "labs": labs(total_b12=400), "cause": "nitrous_oxide"},
            "methylmalonic acid or homocysteine and intrinsic",
        ),
        ({"findings": ["fatigue"], "labs": ()}, "the plan is withheld. Confirm it first"),
    ],
)
def test_an_unshown_deficiency_says_what_to_send_and_who_decides(changes, words):
    assert words in said("DX_NOT_CONFIRMED", **changes)


@pytest.mark.parametrize(
    ("code", "values"), [("INR_HIGH", {"inr": "3.4"}), ("PLT_LOW_BLOCK_IM", {"platelets": 24})]
)
def test_tablets_are_offered_in_place_of_a_barred_injection_unless_leber_bars_them(code, values):
    assert "oral" in said(code, labs=labs(**values))
    family = said(code, labs=labs(**values), conditions=["leber_family_history"])
    assert "oral" not in family
    assert "deep subcutaneous hydroxocobalamin" in family


def test_tablets_are_named_beside_an_anticoagulant_unless_leber_bars_them():
    taken = {"medications": (medicine("apixaban"),)}
    assert said("ANTICOAG_IM", **taken).startswith("Takes apixaban: consider oral B12; for an injection")
    family = said("ANTICOAG_IM", conditions=["leber_family_history"], **taken)
    assert family.startswith("Takes apixaban: for an injection the deltoid")


def test_a_potassium_that_asks_for_hospital_says_so_once():
    assert said("K_LOW", labs=labs(potassium="2.4")).count("hospital") == 1
