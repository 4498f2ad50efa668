"""What a patient needs before a protocol is chosen."""

from dataclasses import replace
from typing import Any

import pytest

from b12clinic.vocabulary import Drug
from regimens.packs import load_packs
from regimens.protocols.pack import Indication
from regimens.protocols.policy import DEFAULT
from regimens.protocols.situation import Situation
from tests.core.patients import given, labs, patient

PACKS = load_packs()
LOW = labs(total_b12=100)
GASTRECTOMY = {"cause": "total_gastrectomy", "labs": labs(total_b12=300)}


def situation(guideline: str = "uk", **changes: Any) -> Situation:
    return Situation.of(
        patient(**{"labs": LOW, "guideline": guideline, **changes}), PACKS[guideline], DEFAULT
    )


@pytest.mark.parametrize(
    ("changes", "indication"),
    [
        ({}, Indication.STANDARD),
        (GASTRECTOMY, Indication.PROPHYLAXIS),
        ({"cause": "total_gastrectomy"}, Indication.STANDARD),
        ({**GASTRECTOMY, "findings": {"numbness"}}, Indication.NEUROLOGICAL),
        ({"findings": {"numbness"}, "conditions": {"tobacco_amblyopia"}}, Indication.LEBER),
        ({"conditions": {"leber_family_history"}}, Indication.STANDARD),
    ],
)
def test_indication_is_the_gravest_need(changes: dict, indication: Indication) -> None:
    assert situation(**changes).indication is indication


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, ()),
        ({"findings": {"numbness"}}, ("neurological or optic signs",)),
        ({"pregnancy": "pregnant"}, ("pregnant",)),
        ({"pregnancy": "breastfeeding"}, ("breastfeeding",)),
        ({"conditions": {"dementia", "frailty"}}, ("dementia", "frailty")),
        ({"labs": labs(total_b12=100, haemoglobin=79)}, ("haemoglobin below 80 g/L",)),
    ],
)
def test_what_stands_against_tablets_is_named(changes: dict, reasons: tuple[str, ...]) -> None:
    assert situation(**changes).against_tablets == reasons


def test_without_leber_the_drug_would_be_that_of_the_route() -> None:
    assert situation().drug_but_for_leber is Drug.CYANOCOBALAMIN
    assert situation(cause="autoimmune_gastritis").drug_but_for_leber is Drug.HYDROXOCOBALAMIN
    assert situation(doses_given=given(patient().as_of)).drug_but_for_leber is Drug.HYDROXOCOBALAMIN


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"cause": "unknown"}, True),
        ({"cause": "autoimmune_gastritis"}, False),
        ({"cause": "autoimmune_gastritis", "pregnancy": "pregnant"}, True),
    ],
)
def test_tablets_may_serve_by_cause_or_in_pregnancy(changes: dict, may: bool) -> None:
    assert situation(**changes).tablets_may_serve is may


def test_tablets_that_come_first_may_serve_though_the_pack_names_no_alternative() -> None:
    uk = PACKS["uk"]
    bare = replace(uk, oral=replace(uk.oral, alternative_for=frozenset()))
    diet, unknown = (
        Situation.of(patient(labs=LOW, cause=cause), bare, DEFAULT) for cause in ("diet", "unknown")
    )
    assert (diet.tablets_may_serve, unknown.tablets_may_serve) == (True, False)
