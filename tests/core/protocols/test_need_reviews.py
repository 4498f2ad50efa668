"""Is it still needed? Asked of every cause that may pass, with tablets where they may serve, and of no other."""

from datetime import date
from decimal import Decimal

import pytest

from b12clinic.vocabulary import Cause
from regimens.packs import load_packs
from regimens.protocols.facts import LabValue, PatientFacts
from regimens.protocols.need_reviews import DIET, STILL_NEEDED, TABLETS, with_reviews
from regimens.protocols.policy import Policy
from regimens.protocols.recommendation import Recheck, Recommendation
from regimens.protocols.selection import recommend, recommend_protocol

DAY = date(2025, 1, 6)
PACKS = load_packs()


def plan(cause: str, policy: Policy | None = None, **fields: object) -> Recommendation:
    facts = PatientFacts(
        guideline="uk",
        as_of=DAY,
        age=60,
        sex="female",
        cause=cause,
        certainty="confirmed",
        labs=LOW,
        **fields,
    )
    return recommend(facts, PACKS, policy or Policy())


LOW = (LabValue("total_b12", Decimal(90), "90", "ng/L", date(2025, 1, 4)),)


def asked(recommendation: Recommendation) -> list[tuple[date, str]]:
    return [(review.due_on, review.why) for review in recommendation.reviews]


@pytest.mark.parametrize(
    "cause", ["autoimmune_gastritis", "total_gastrectomy", "ileal_resection", "congenital"]
)
def test_a_cause_that_does_not_pass_is_asked_nothing(cause: str) -> None:
    assert plan(cause).reviews == ()


@pytest.mark.parametrize("cause", ["medicine_induced", "unknown"])
def test_a_cause_that_may_pass_is_asked_after_a_year_and_about_tablets(cause: str) -> None:
    assert asked(plan(cause)) == [(date(2026, 1, 6), f"{STILL_NEEDED} {TABLETS}")]


def test_nitrous_oxide_is_asked_without_tablets() -> None:
    assert asked(plan(Cause.NITROUS_OXIDE)) == [(date(2026, 1, 6), STILL_NEEDED)]


def test_frailty_stands_against_tablets() -> None:
    assert asked(plan("medicine_induced", conditions=frozenset({"frailty"}))) == [
        (date(2026, 1, 6), STILL_NEEDED)
    ]


def test_diet_by_injection_is_asked_on_day_90_too() -> None:
    fragile = plan("diet", conditions=frozenset({"frailty"}))
    assert asked(fragile) == [(date(2025, 4, 6), DIET), (date(2026, 1, 6), STILL_NEEDED)]


def test_tablets_are_asked_only_whether_they_are_still_needed() -> None:
    tablets = plan("diet")
    assert tablets.route == "oral"
    assert asked(tablets) == [(date(2026, 1, 6), STILL_NEEDED)]


def test_a_suspected_autoimmune_gastritis_is_asked() -> None:
    facts = PatientFacts(
        guideline="uk",
        as_of=DAY,
        age=60,
        cause="autoimmune_gastritis",
        certainty="suspected",
        labs=LOW,
    )
    assert recommend_protocol(facts, PACKS, "uk/standard").reviews[0].why == STILL_NEEDED


def test_a_clinic_may_ask_sooner() -> None:
    assert asked(plan("unknown", Policy(need_review_months=6)))[0][0] == date(2025, 7, 6)


def test_the_guidelines_own_rechecks_stay_as_they_are() -> None:
    assert [recheck.due_on for recheck in plan("unknown").rechecks] == [
        date(2025, 1, 14),
        date(2025, 3, 3),
        date(2025, 4, 6),
    ]


def test_what_falls_on_one_day_is_asked_once() -> None:
    recheck = Recheck(DAY, ("fbc", "symptom_review"), "Symptoms.")
    review = Recheck(DAY, ("symptom_review",), STILL_NEEDED)
    assert with_reviews((recheck,), (review,)) == (
        Recheck(DAY, ("fbc", "symptom_review"), f"Symptoms. {STILL_NEEDED}"),
    )


def test_the_answer_on_the_wire_has_a_list_of_its_own() -> None:
    answer = plan("unknown").to_json()
    assert answer["reviews"][0]["due_on"] == "2026-01-06"
    assert "2026-01-06" not in [recheck["due_on"] for recheck in answer["rechecks"]]
