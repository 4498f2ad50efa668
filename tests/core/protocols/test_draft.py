"""The plan as the safety rules look at it, every field."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from b12clinic.vocabulary import Drug
from regimens.packs import load_packs
from regimens.protocols.policy import DEFAULT
from regimens.protocols.reading import PlanDraft
from regimens.protocols.selection import _draft, _lay_out, _no_draft
from regimens.protocols.situation import Situation
from regimens.protocols.verdicts import judge
from tests.core.patients import given, labs, patient

PACKS = load_packs()
GASTRITIS = {"cause": "autoimmune_gastritis"}
LATE = {**GASTRITIS, "doses_given": given(date(2024, 12, 16), date(2024, 12, 18))}
STANDARD = PlanDraft(
    pack_code="uk",
    drug="hydroxocobalamin",
    route="im",
    parenteral=True,
    allowed=True,
    default_drug="hydroxocobalamin",
    first_due_on=date(2025, 1, 6),
)
LAST_18_DECEMBER = replace(
    STANDARD,
    running_kind="loading",
    running_due_on=date(2024, 12, 20),
    running_overdue_on=date(2024, 12, 22),
    running_advice=(
        "19 days since the last loading dose, more than 14: a clinician decides; starting the loading count again is"
        " suggested."
    ),
)
TABLETS = replace(
    STANDARD,
    drug="cyanocobalamin",
    default_drug="cyanocobalamin",
    route="oral",
    parenteral=False,
    first_due_on=None,
)
LEBER = replace(STANDARD, default_drug="cyanocobalamin")
PREVENTION = replace(STANDARD, route="deferred", first_due_on=None)
SWAPPED = replace(LEBER, pack_code="us-practice", parenteral=False)
LABEL = replace(STANDARD, pack_code="us-label", drug="cyanocobalamin", default_drug="cyanocobalamin")


def situation(guideline: str, **changes: Any) -> Situation:
    facts = patient(**{"labs": labs(total_b12=100), "guideline": guideline, **changes})
    return Situation.of(facts, PACKS[guideline], DEFAULT)


@pytest.mark.parametrize(
    ("changes", "expected", "phases"),
    [
        (GASTRITIS, STANDARD, 2),
        (LATE, LAST_18_DECEMBER, 2),
        ({"findings": {"numbness"}}, STANDARD, 2),
        ({}, TABLETS, 1),
        ({"conditions": {"leber_hereditary_optic_neuropathy"}}, LEBER, 3),
        ({"cause": "total_gastrectomy", "labs": labs(total_b12=300, inr=4)}, PREVENTION, 1),
        ({"guideline": "us-practice", "conditions": {"leber_family_history"}}, SWAPPED, 3),
        ({**GASTRITIS, "guideline": "us-label"}, LABEL, 4),
    ],
)
@pytest.mark.parametrize("allowed", [True, False])
def test_draft_says_what_is_planned_and_what_it_replaced(
    changes: dict, expected: PlanDraft, phases: int, allowed: bool
) -> None:
    here = situation(**{"guideline": "uk", **changes})
    verdicts = judge(here)
    assert verdicts.first is not None
    draft = _draft(here, _lay_out(here, verdicts.first), replaced=verdicts.replaced, allowed=allowed)
    assert replace(draft, specs=()) == replace(expected, allowed=allowed)
    assert len(draft.specs) == phases


def test_where_a_pack_has_nothing_the_draft_is_its_drug_put_off() -> None:
    assert _no_draft(situation("no", findings={"numbness"})) == PlanDraft(
        pack_code="no", drug="cyanocobalamin", route="deferred", parenteral=False, allowed=True
    )


def test_drug_of_a_protocol_asked_for_by_its_code_is_its_own() -> None:
    here = situation("uk", **GASTRITIS)
    asked = PACKS["uk"].by_code["uk/cyanocobalamin"]
    draft = _draft(here, _lay_out(here, asked), replaced=None, allowed=True)
    assert (draft.drug, draft.default_drug) == ("cyanocobalamin", "cyanocobalamin")


def test_course_that_is_complete_keeps_its_drug() -> None:
    days = [date(2024, 6, 1) + timedelta(days=3 * place) for place in range(10)]
    here = situation("nl", cause="nitrous_oxide", doses_given=given(*days))
    complete = _lay_out(here, PACKS["nl"].by_code["nl/nitrous-oxide"])
    assert (complete.phases, complete.drug) == ((), Drug.HYDROXOCOBALAMIN)
