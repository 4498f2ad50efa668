"""Decide on a dose so late that the rules ask for a clinician: continue, re-anchor, restart the loading or stop."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from regimens.courses import course_of, phase_rows, signed_specs
from regimens.models import Dose, DoseMove, DoseState, Phase, Regimen, RegimenState, Revision, RevisionKind
from regimens.protocols.late_decision import Decided, LateDose, outcomes, withheld
from regimens.protocols.vocabulary import LateChoice
from regimens.protocols.windows import LateAdvice
from regimens.services.hold import hold_regimen, revise
from regimens.services.late_alerts import end_late_alerts
from regimens.services.redate import redate
from regimens.services.stop_regimen import NotStopped, stop_regimen
from regimens.subjects import RECHECK_SAFETY


class NotDecided(ValueError):
    """Why nothing was decided; the sentence says what is wanted."""


@transaction.atomic
def decide_late_dose(
    *, dose: Dose, version: int, choice: str, reason: str, by: User, at: datetime, today: date
) -> Regimen:
    """Sign a decision on a late dose, owed or given; the dates that follow are those that the core laid out for it.

    `version` is the one that was shown. Raises ChangedMeanwhile for a stale one, NotDecided with one sentence when there is
    no reason, no such choice, or nothing to decide; nothing is saved then.
    """
    regimen = hold_regimen(dose.phase.regimen_id, version)
    dose = Dose.objects.select_related("phase", "given_as").get(pk=dose.pk)
    chosen = _chosen(regimen, dose, choice, reason, today)
    if chosen.choice is LateChoice.STOP:
        return _stop(regimen, version, reason, by=by, at=at, today=today)
    before = _owed(regimen)
    revision = revise(regimen, RevisionKind.DECIDED, reason=reason.strip(), choice=choice, by=by, at=at)
    _carry_out(regimen, dose, chosen, revision, today)
    redate(
        regimen=regimen,
        revision=revision,
        policy=chosen.course.policy,
        why="A late-dose decision changed the dates.",
    )
    if chosen.choice is LateChoice.RESTART:
        _name_what_each_stands_in_for(regimen, revision, before)
    end_late_alerts(regimen=regimen, how=f"{chosen.choice.label}: {reason.strip()}", by=by, at=at)
    ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action="late_dose.decided",
        subject=f"regimen:{regimen.public_id}",
        patient_id=regimen.patient_id,
        before={"version": version, "due": [one.due_on.isoformat() for one in before]},
        after={
            "version": regimen.version,
            "choice": choice,
            "due": [one.due_on.isoformat() for one in _owed(regimen)],
        },
        reason=reason.strip(),
    )
    return regimen


def choices_on(regimen: Regimen, dose: Dose, today: date) -> tuple[LateAdvice, tuple[Decided, ...]]:
    """What the rule says of a dose, and where each choice made today leads: what the page shows and the signature saves."""
    return outcomes(course_of(regimen), _late(dose), signed=signed_specs(regimen), on=today)


def choices_withheld(regimen: Regimen, dose: Dose) -> dict[LateChoice, str]:
    """The choices that this dose does not have, each with why."""
    return withheld(course_of(regimen), _late(dose), signed=signed_specs(regimen))


def _late(dose: Dose) -> LateDose:
    return LateDose(dose.phase.ordinal, dose.due_on, dose.given_as.given_on if dose.given_as else None)


def refusal_to_decide(regimen: Regimen, dose: Dose) -> str:
    """Why there is nothing to decide on a dose, in a sentence; empty where there is."""
    if regimen.state == RegimenState.PAUSED:
        return "This regimen is paused; resume it, then decide on the dose."
    if regimen.state != RegimenState.ACTIVE:
        return "This regimen is over; there is nothing to decide."
    if dose.state == DoseState.WITHDRAWN or (dose.state == DoseState.OWED and not dose.is_next):
        return "This dose is not the one that the patient waits for; open the chart to see what changed."
    if dose.given_as is not None and _given_since(regimen, dose.given_as.given_on):
        return "Another dose has been given since; decide on that one."
    return ""


def _given_since(regimen: Regimen, given_on: date) -> bool:
    later = Dose.objects.filter(phase__regimen=regimen, given_as__given_on__gt=given_on)
    return later.exists()


def _chosen(regimen: Regimen, dose: Dose, choice: str, reason: str, today: date) -> Decided:
    if not reason.strip():
        raise NotDecided("Say why you decide so.")
    refusal = refusal_to_decide(regimen, dose)
    if refusal:
        raise NotDecided(refusal)
    advice, choices = choices_on(regimen, dose, today)
    if not advice.needs_decision:
        raise NotDecided("The rules ask for no decision on this dose.")
    for one in choices:
        if one.choice == choice:
            return one
    raise NotDecided("Choose one of the ways to go on.")


def _stop(regimen: Regimen, version: int, reason: str, *, by: User, at: datetime, today: date) -> Regimen:
    try:
        stop_regimen(regimen=regimen, version=version, reason=reason, by=by, at=at, today=today)
    except NotStopped as refusal:
        raise NotDecided(str(refusal)) from refusal
    return Regimen.objects.get(pk=regimen.pk)


def _owed(regimen: Regimen) -> list[Dose]:
    return list(
        Dose.objects.filter(phase__regimen=regimen, state=DoseState.OWED).order_by("phase__ordinal", "number")
    )


def _carry_out(regimen: Regimen, dose: Dose, chosen: Decided, revision: Revision, today: date) -> None:
    if chosen.choice is LateChoice.REANCHOR:
        Phase.objects.filter(pk=dose.phase_id).update(starts_on=today)
    if chosen.choice is LateChoice.RESTART:
        last = regimen.phases.order_by("ordinal").last()
        regimen.phases.filter(finished_on__isnull=True).update(finished_on=today)
        rows = phase_rows(
            chosen.added, regimen=regimen, after=last.ordinal if last else -1, added_by=revision
        )
        rows[0].starts_on = today
        Phase.objects.bulk_create(rows)


def _name_what_each_stands_in_for(regimen: Regimen, revision: Revision, gone: Sequence[Dose]) -> None:
    """A dose begun again names the day it stands in for."""
    DoseMove.objects.bulk_create(
        DoseMove(revision=revision, dose=new, was_due_on=old.due_on, due_on=new.due_on)
        for old, new in zip(gone, _owed(regimen), strict=False)
        if old.due_on != new.due_on
    )
