"""Sign what is concluded from the response, and do at once what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.vocabulary import ResponseDecision
from monitoring.services.plan_rechecks import plan_rechecks
from regimens.models import PlannedRecheck, Regimen, ResponseConclusion, Revision
from regimens.protocols.intervals import Interval
from regimens.services.change_interval import IntervalKept, change_interval
from regimens.services.hold import hold_regimen
from regimens.services.reassessment_alert import settle_reassessment
from regimens.services.stop_regimen import NotStopped, stop_regimen
from regimens.services.wanted_plan import NEW_PLAN, end_wanted_plan, want_new_plan

CHANGES = NEW_PLAN | {ResponseDecision.INTERVAL}
"""Decisions that change what is given, or how often."""


class NotConcluded(ValueError):
    """Why the conclusion is not signed; the sentence says what is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The answer as it stood on the page: verdict, day from the first dose, each marker in a sentence, and what was open.

    Where symptoms go on with a B12 that is not low, `tests` and `questions` come before any change of dose: a test is
    answered by its result alone, a question by going through it.
    """

    verdict: str
    day: int
    sentences: Sequence[str]
    tests: Sequence[str] = ()
    questions: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What the clinician writes: the questions gone through, the conclusion, the decision and what it needs.

    `despite`: why a dose is changed though what comes first is open. `tests` are wanted in `in_days` days.
    """

    checked: Sequence[str]
    words: str
    decision: str
    reason: str
    despite: str = ""
    interval: Interval | None = None
    tests: Sequence[str] = ()
    in_days: int = 0


@transaction.atomic
def conclude_response(
    *,
    regimen: Regimen,
    version: int,
    seen: Seen,
    conclusion: Conclusion,
    form_key: UUID,
    by: User,
    at: datetime,
    today: date,
) -> ResponseConclusion:
    """Append the conclusion; a form sent twice is signed once. A changed interval, a stop and tests take effect at once.

    Another drug or route waits on the worklist for a new plan; a later conclusion takes its place.
    Raises ChangedMeanwhile for a stale page and NotConcluded with one sentence; nothing is saved then.
    """
    known = ResponseConclusion.objects.filter(form_key=form_key, regimen=regimen).first()
    if known is not None:
        return known
    regimen = hold_regimen(regimen.pk, version)
    still_open = [*seen.tests, *(one for one in seen.questions if one not in conclusion.checked)]
    _refuse(regimen, conclusion, still_open)
    concluded = f"Concluded: {ResponseDecision.label_of(conclusion.decision).lower()}."
    settle_reassessment(regimen=regimen, how=concluded, by=by, at=at, today=today)
    end_wanted_plan(
        patient=regimen.patient, how=f"{concluded} It takes the earlier one's place.", by=by, at=at
    )
    revision = _carry_out(regimen, version, conclusion, by=by, at=at, today=today)
    signed = ResponseConclusion.objects.create(
        patient=regimen.patient,
        clinic=regimen.clinic,
        regimen=regimen,
        revision=revision,
        on=today,
        day=seen.day,
        verdict=seen.verdict,
        seen=list(seen.sentences),
        checked=list(conclusion.checked),
        open_tests=still_open,
        words=conclusion.words.strip(),
        decision=conclusion.decision,
        reason=reason_of(conclusion),
        by=by,
        at=at,
        form_key=form_key,
    )
    if conclusion.decision == ResponseDecision.TESTS:
        _plan(regimen, conclusion, at=at, today=today)
    if conclusion.decision in NEW_PLAN:
        want_new_plan(conclusion=signed, at=at)
    _note(signed, by=by, at=at)
    return signed


def reason_of(conclusion: Conclusion) -> str:
    """The reason, with why the dose is changed before what comes first was answered."""
    despite = conclusion.despite.strip()
    return f"{conclusion.reason.strip()}{f' Before the tests are answered: {despite}' if despite else ''}".strip()


def _refuse(regimen: Regimen, conclusion: Conclusion, still_open: Sequence[str]) -> None:
    decision = conclusion.decision
    if regimen.ended_on is not None:
        raise NotConcluded("This regimen is over; nothing is concluded on it.")
    if decision not in ResponseDecision.codes():
        raise NotConcluded("Choose what is decided.")
    if not conclusion.words.strip():
        raise NotConcluded("Write what you conclude; your name is put under it.")
    if decision in (*CHANGES, ResponseDecision.STOP) and not conclusion.reason.strip():
        raise NotConcluded("Write the reason for the change; it is kept with the plan.")
    if decision in CHANGES and still_open and not conclusion.despite.strip():
        raise NotConcluded(
            "B12 is not low: answer the open questions first, or write why the dose is changed before."
        )
    if decision == ResponseDecision.INTERVAL and conclusion.interval is None:
        raise NotConcluded("Give the new interval: the number and the unit.")
    if decision == ResponseDecision.TESTS and (not conclusion.tests or conclusion.in_days < 0):
        raise NotConcluded("Choose the tests that are wanted, and in how many days.")


def _carry_out(
    regimen: Regimen, version: int, conclusion: Conclusion, *, by: User, at: datetime, today: date
) -> Revision | None:
    """The change of the plan that the decision makes at once; drug and route wait for a new assessment."""
    reason = reason_of(conclusion)
    try:
        if conclusion.decision == ResponseDecision.INTERVAL and conclusion.interval is not None:
            return change_interval(
                regimen=regimen,
                version=version,
                interval=conclusion.interval,
                reason=reason,
                by=by,
                at=at,
                today=today,
            )
        if conclusion.decision == ResponseDecision.STOP:
            stop_regimen(regimen=regimen, version=version, reason=reason, by=by, at=at, today=today)
            return Revision.objects.filter(regimen=regimen).latest("number")
    except (IntervalKept, NotStopped) as refusal:
        raise NotConcluded(str(refusal)) from refusal
    return None


def _plan(regimen: Regimen, conclusion: Conclusion, *, at: datetime, today: date) -> None:
    """Wanted by the plan as it stands, so that they fall with it."""
    rechecks = plan_rechecks(
        patient=regimen.patient,
        clinic=regimen.clinic,
        wanted=[
            (
                today + timedelta(days=conclusion.in_days),
                conclusion.tests,
                f"Response: {conclusion.words.strip()}",
            )
        ],
        at=at,
        begins_on=today - timedelta(days=1),
    )
    revision = Revision.objects.filter(regimen=regimen).latest("number")
    PlannedRecheck.objects.bulk_create(PlannedRecheck(revision=revision, recheck=one) for one in rechecks)


def _note(signed: ResponseConclusion, *, by: User, at: datetime) -> None:
    audit.note(
        at=at,
        clinic=signed.clinic,
        by=by,
        action="response.concluded",
        subject=f"conclusion:{signed.public_id}",
        patient_id=signed.patient_id,
        after={"decision": signed.decision, "verdict": signed.verdict, "day": signed.day},
        reason=signed.reason,
    )
