"""Is it still needed? For a cause that may pass, treatment has no review date of its own but this one.

Nobody is injected for life for want of a question (evidence sections 1b and 5a). A lifelong plan is asked nothing here.
"""

from __future__ import annotations

from datetime import date, timedelta

from b12clinic.vocabulary import Cause, IntervalUnit, RecheckTest
from regimens.protocols.intervals import Interval
from regimens.protocols.recommendation import Recheck
from regimens.protocols.situation import Situation

DIET_REVIEW_DAY = 90
STILL_NEEDED = "Still needed? Go on, give it less often, or stop (local policy)."
TABLETS = "Could tablets take over (NICE NG239; CKS)?"
DIET = "Diet by injection: choose twice a year, tablets, or stop (NICE CKS)."


def need_reviews(situation: Situation, *, injected: bool) -> tuple[Recheck, ...]:
    """The reviews of the need that a new plan brings, by day; empty for a cause that does not pass."""
    reading, today = situation.reading, situation.facts.as_of
    if reading.irreversible_cause:
        return ()
    yearly = Interval(situation.policy.need_review_months, IntervalUnit.MONTH).after(today)
    reviews = [_review(yearly, why_asked(tablets_may_take_over(situation, injected=injected)))]
    if injected and situation.facts.cause == Cause.DIET:
        reviews.insert(0, _review(today + timedelta(days=DIET_REVIEW_DAY), DIET))
    return tuple(reviews)


def tablets_may_take_over(situation: Situation, *, injected: bool) -> bool:
    """Whether an injected patient may be asked about tablets: by the cause, and with nothing that stands against them."""
    if not injected or not situation.tablets_may_serve:
        return False
    return not situation.against_tablets and not situation.reading.leber_risk


def why_asked(tablets: bool) -> str:
    """The questions of a yearly review."""
    return f"{STILL_NEEDED} {TABLETS}" if tablets else STILL_NEEDED


def _review(due_on: date, why: str) -> Recheck:
    return Recheck(due_on, (RecheckTest.SYMPTOM_REVIEW.value,), why)


def with_reviews(rechecks: tuple[Recheck, ...], reviews: tuple[Recheck, ...]) -> tuple[Recheck, ...]:
    """Both by day; where a recheck falls on a review's day its question is asked there, not twice."""
    by_day = {recheck.due_on: recheck for recheck in rechecks}
    for review in reviews:
        same = by_day.get(review.due_on)
        by_day[review.due_on] = _together(same, review) if same else review
    return tuple(by_day[day] for day in sorted(by_day))


def _together(recheck: Recheck, review: Recheck) -> Recheck:
    tests = tuple(dict.fromkeys((*recheck.tests, *review.tests)))
    return Recheck(recheck.due_on, tests, f"{recheck.why} {review.why}", recheck.asked_by)
