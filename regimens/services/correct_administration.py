"""Correct what was recorded: a new row that says who and why; the old one stays, and the future is worked out anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.messages.services.reinstate import reinstate
from b12clinic.patients.models import Patient
from regimens.courses import given_of
from regimens.incidents import Incident, incidents, incidents_of_any
from regimens.lateness import advice_for
from regimens.models import Administration, Dose, DoseState, Outcome, Regimen, Revision, RevisionKind
from regimens.policies import policy_of
from regimens.protocols.policy import DEFAULT
from regimens.services.answer_reaction import answer_reaction
from regimens.services.late_alerts import warn_of_short_loading
from regimens.services.record_administration import (
    Injection,
    NotRecorded,
    lacks_direction,
    raise_incidents,
    refuse_nonsense,
)
from regimens.services.redate import Redating, redate
from regimens.services.take_back_incidents import chain_of, end_double_alerts, take_back_incidents
from regimens.services.withhold_reminders import withhold_reminders
from regimens.subjects import OF_A_DOSE, RECHECK_SAFETY


@transaction.atomic
def enter_in_error(
    *, administration: Administration, reason: str, form_key: UUID, by: User, at: datetime, today: date
) -> bool:
    """Say that something recorded never happened: its alerts end, and a dose it had fulfilled is owed again, unless a second
    injection was given for it, which then stands for the dose.

    True where its reaction had led to an allergy or a pause that stands until a prescriber lifts it; an alert asks for
    that. Raises NotRecorded when no reason is given or the row has been corrected already.
    """
    regimen = _locked(administration)
    _refuse(administration, reason)
    _successor(administration, form_key=form_key, by=by, reason=reason, entered_in_error=True)
    fulfilled = Dose.objects.filter(given_as=administration)
    for dose in fulfilled.select_related("phase__regimen__patient", "phase__regimen__clinic"):
        Dose.objects.filter(pk=dose.pk).move(DoseState.GIVEN, DoseState.OWED, given_as=None)
        if not _second_stands(dose, administration, form_key=form_key, by=by, at=at):
            dose.refresh_from_db(fields=["state", "given_as"])
            warn_of_short_loading(dose=dose, at=at)
    still_stands = take_back_incidents(
        administration=administration, regimen=regimen, reason=reason, by=by, at=at
    )
    _redate(regimen, reason, by=by, at=at)
    if administration.dose_id is not None:
        _remind_again(administration.dose_id, today)
    _note("injection.entered_in_error", administration, reason, by=by, at=at)
    return still_stands


def _remind_again(dose_id: int, today: date) -> None:
    """Where the dose is waited for once more, on whichever day now, and was not put off by what was said before."""
    for due_on in Dose.objects.filter(pk=dose_id, is_next=True).values_list("due_on", flat=True):
        reinstate(kinds=OF_A_DOSE, subject_id=dose_id, about_on=due_on)
    withhold_reminders(dose_id=dose_id, today=today)


SECOND_STANDS = "It stands for the dose: the entry that had fulfilled it was an error."


def _second_stands(
    dose: Dose, administration: Administration, *, form_key: UUID, by: User, at: datetime
) -> bool:
    """Whether a second injection had been given for this dose: a new row of it fulfils the dose, and was no double."""
    second = Administration.objects.filter(
        second_to__in=chain_of(administration), dose=None, corrected_by__isnull=True, entered_in_error=False
    ).first()
    if second is None:
        return False
    row = _successor(
        second,
        form_key=uuid5(form_key, "second"),
        by=by,
        reason=SECOND_STANDS,
        dose_id=dose.pk,
        second_to_id=None,
    )
    Dose.objects.filter(pk=dose.pk).move(DoseState.OWED, DoseState.GIVEN, given_as=row)
    end_double_alerts(second, how=SECOND_STANDS, by=by, at=at)
    return True


LATER_REACTION = "A reaction noticed after the injection was recorded."


@dataclass(frozen=True, slots=True)
class Corrected:
    """The row that stands now, the future dates where they were worked out anew, whether the regimen rests for a reaction."""

    administration: Administration
    redating: Redating | None
    paused: bool = False


@transaction.atomic
def correct_injection(
    *,
    administration: Administration,
    injection: Injection,
    form_key: UUID,
    by: User,
    at: datetime,
    today: date,
) -> Corrected:
    """Put right what was recorded of an injection that did happen; `injection.reason` says why.

    What is wrong with it only now is alerted as when recording. The same form sent twice corrects once. Raises NotRecorded
    as for recording, and when the row has been corrected already.
    """
    regimen = _locked(administration)
    if repeat := _sent_before(administration, form_key):
        return repeat
    _refuse(administration, injection.reason)
    giver = administration.given_by or by
    refuse_nonsense(injection, administration.patient, administration.clinic, by=giver, at=at, today=today)
    corrected = _correct(
        administration, regimen, injection.columns(by=giver), form_key, by=by, at=at, today=today
    )
    redating = _redate(regimen, injection.reason, by=by, at=at)
    _note("injection.corrected", administration, injection.reason, by=by, at=at)
    return Corrected(corrected.administration, None if corrected.paused else redating, corrected.paused)


@transaction.atomic
def note_later_reaction(
    *,
    administration: Administration,
    reaction_grade: str,
    reactions: Sequence[str],
    reaction: str,
    observed_minutes: int | None,
    form_key: UUID,
    by: User,
    at: datetime,
    today: date,
) -> Corrected:
    """Add a reaction to an injection that was recorded without it; what follows is the same as when recording.

    Raises NotRecorded for an attempt that led to no injection, and when the row has been corrected already.
    """
    regimen = _locked(administration)
    if repeat := _sent_before(administration, form_key):
        return repeat
    _refuse(administration, LATER_REACTION)
    changed = {
        "reaction_grade": reaction_grade,
        "reactions": list(reactions) or None,
        "reaction": reaction,
        "observed_minutes": observed_minutes,
        "reason": LATER_REACTION,
    }
    corrected = _correct(administration, regimen, changed, form_key, by=by, at=at, today=today)
    if regimen is not None:
        ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
    _note("injection.reaction_noted", administration, reaction, by=by, at=at)
    return corrected


def _correct(
    administration: Administration,
    regimen: Regimen | None,
    changed: dict[str, Any],
    form_key: UUID,
    *,
    by: User,
    at: datetime,
    today: date,
) -> Corrected:
    """The row that stands from now on, what it newly tells of, and the answer to a reaction that was not known of."""
    if administration.outcome != Outcome.GIVEN:
        raise NotRecorded("Nothing was given then; mark the entry as an error and record what happened.")
    known = _told_of(administration, regimen)
    correction = _successor(administration, form_key=form_key, by=by, **changed)
    Dose.objects.filter(given_as=administration).update(given_as=correction)
    found = [one for one in _told_of(correction, regimen) if one not in known]
    raise_incidents(found, correction, subject=f"administration:{correction.public_id}", at=at)
    paused = any(one.rule == "REACTION_ANAPHYLAXIS" for one in found) and answer_reaction(
        given=correction, regimen=regimen, by=by, at=at, today=today
    )
    return Corrected(correction, None, paused)


def _told_of(row: Administration, regimen: Regimen | None) -> list[Incident]:
    """What is wrong with an injection as it is written down."""
    policy = policy_of(regimen) if regimen else DEFAULT
    found = incidents_of_any(row, policy, without_direction=lacks_direction(row))
    if row.dose is None or regimen is None:
        return found
    before = [day for days in given_of(regimen).by_phase.values() for day in days if day < row.given_on]
    advice = advice_for(
        row.dose, regimen, row.given_on, policy=policy, last_given_on=max(before, default=None)
    )
    return [*incidents(row.dose, row, advice), *found]


def _sent_before(administration: Administration, form_key: UUID) -> Corrected | None:
    row = Administration.objects.filter(form_key=form_key, corrects=administration).first()
    return Corrected(row, None) if row else None


def _locked(administration: Administration) -> Regimen | None:
    """The regimen, locked; where the injection belongs to none, its patient is."""
    if administration.regimen_id is None:
        Patient.objects.select_for_update(no_key=True, of=("self",)).get(pk=administration.patient_id)
        return None
    return (
        Regimen.objects.select_for_update(of=("self",))
        .select_related("clinic", "patient__clinic")
        .get(pk=administration.regimen_id)
    )


def why_closed(administration: Administration) -> str:
    """Why an entry cannot be corrected any more; nothing while it can."""
    if Administration.objects.filter(corrects=administration).exists():
        return "This record has been corrected already; correct the newest one."
    if administration.entered_in_error:
        return "This row says that an entry was an error; record the injection anew instead."
    return ""


def _refuse(administration: Administration, reason: str) -> None:
    if not reason.strip():
        raise NotRecorded("Say why the record is corrected.")
    if closed := why_closed(administration):
        raise NotRecorded(closed)


_COPIED = (
    "patient_id",
    "clinic_id",
    "regimen_id",
    "dose_id",
    "second_to_id",
    "outcome",
    "given_on",
    "given_at",
    "drug",
    "dose_mcg",
    "route",
    "product",
    "lot",
    "expires_on",
    "site",
    "side",
    "authority",
    "given_by_id",
    "checked_by_id",
    "given_elsewhere",
    "self_administered",
    "volume_ml",
    "needle",
    "observed_minutes",
    "prechecks",
    "reaction_grade",
    "reaction",
    "reactions",
    "not_given_reason",
    "next_action_on",
)


def _successor(administration: Administration, *, form_key: UUID, by: User, **changed: Any) -> Administration:
    fields = {name: getattr(administration, name) for name in _COPIED}
    for person in ("given_by", "checked_by"):
        if person in changed:
            fields.pop(f"{person}_id")
    return Administration.objects.create(
        **{**fields, **changed}, corrects=administration, form_key=form_key, recorded_by=by
    )


def _redate(regimen: Regimen | None, reason: str, *, by: User, at: datetime) -> Redating | None:
    if regimen is None or regimen.ended_on is not None:
        return None
    regimen.version += 1
    regimen.save(update_fields=["version"])
    revision = Revision.objects.create(
        regimen=regimen, number=regimen.version, kind=RevisionKind.CORRECTED, reason=reason, by=by, at=at
    )
    redating = redate(regimen=regimen, revision=revision, policy=policy_of(regimen))
    ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
    return redating


def _note(action: str, administration: Administration, reason: str, *, by: User, at: datetime) -> None:
    audit.note(
        at=at,
        clinic=administration.clinic,
        by=by,
        action=action,
        subject=f"administration:{administration.public_id}",
        patient_id=administration.patient_id,
        reason=reason,
    )
