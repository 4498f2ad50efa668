"""Record what happened at the chair. What has happened is always recorded; only nonsense is refused."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.messages.services.withdraw import withdraw
from b12clinic.patients.models import Patient
from monitoring.models import Alert
from monitoring.services.alerts import raise_alerts
from regimens.courses import Given, given_of
from regimens.incidents import Incident, incidents, incidents_of_any
from regimens.lateness import advice_for, is_decided
from regimens.models import (
    Administration,
    Dose,
    DoseState,
    Outcome,
    Regimen,
    Revision,
    RevisionKind,
)
from regimens.models.administration import Authority
from regimens.policies import policy_of
from regimens.protocols.policy import Policy
from regimens.protocols.windows import LateAction, LateAdvice
from regimens.queries.directions import direction_in_force
from regimens.services.answer_reaction import answer_reaction
from regimens.services.record_contact_attempt import TOO_FAR, lies_too_far
from regimens.services.redate import Redating, redate
from regimens.services.withhold_reminders import withhold_reminders
from regimens.subjects import OF_A_DOSE, RECHECK_SAFETY


class NotRecorded(ValueError):
    """The entry cannot be true or cannot be told apart from a mistake; the sentence says what to do."""


class NoLongerPlanned(NotRecorded):
    """The dose was withdrawn meanwhile; if it was given, it is recorded on top of the plan."""


class AlreadyRecorded(Exception):
    """Somebody else recorded this dose first; `administration` says who, what and when."""

    def __init__(self, administration: Administration) -> None:
        super().__init__("This dose has been recorded already.")
        self.administration = administration


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """An injection that was given: day and moment, drug, dose in micrograms, route, product, place, people, reaction.

    given_by: who gave it, None for whoever records it; nobody of ours where it was given elsewhere or by the patient.
    prechecks: the answers to the questions before giving, by their codes. reactions: the kinds seen, by their codes.
    """

    given_on: date
    given_at: datetime | None
    drug: str
    dose_mcg: int
    route: str
    product: str = ""
    lot: str = ""
    expires_on: date | None = None
    site: str = ""
    side: str = ""
    volume_ml: Decimal | None = None
    needle: str = ""
    authority: str = ""
    given_by: User | None = None
    checked_by: User | None = None
    observed_minutes: int | None = None
    prechecks: dict[str, Any] | None = None
    reaction_grade: str = ""
    reaction: str = ""
    reactions: tuple[str, ...] = ()
    given_elsewhere: bool = False
    self_administered: bool = False
    reason: str = ""

    def columns(self, *, by: User) -> dict[str, Any]:
        """The columns of its row; `by` gave it unless somebody else is named or it was not given here."""
        row = {one.name: getattr(self, one.name) for one in fields(self)}
        ours = not (self.given_elsewhere or self.self_administered)
        return row | {
            "given_by": (self.given_by or by) if ours else None,
            "reactions": list(self.reactions) or None,
        }


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording led to: the row, how late it was and what the rule says, the future dates, or a repeat.

    paused: the reaction was anaphylactic, so the regimen rests and no next dose is waited for. alerted: whether an alert was
    raised.
    """

    administration: Administration
    advice: LateAdvice | None
    redating: Redating | None
    repeat: bool = False
    paused: bool = False
    alerted: bool = False


def record_given(
    *,
    dose: Dose,
    injection: Injection,
    form_key: UUID,
    by: User,
    at: datetime,
    today: date,
    blocks: Sequence[str] = (),
    policy: Policy | None = None,
    before: Given | None = None,
    directed: bool | None = None,
    outside_formulary: bool | None = None,
) -> Recorded:
    """Record a planned dose as given and re-date the future from it. The same form sent twice records once.

    blocks: the sentences of blocking rules that were before the nurse's eyes. policy: the regimen's, where the caller read
    it with the dose; before: what was given in it, where the caller read that after the dose. All three are read again when
    the plan has changed since. directed: whether a patient-specific
    direction covers the day, outside_formulary: whether the formulary lacks the product, where the caller has looked. Raises
    NotRecorded for a future time, a day before the patient was born or a checker who gave it, NoLongerPlanned for a dose
    withdrawn meanwhile, AlreadyRecorded for a lost race.
    """
    asked = _Asked(injection, form_key, by, at, today, tuple(blocks), directed, outside_formulary)
    try:
        return _record(dose, asked, policy, before)
    except IntegrityError:
        repeat = sent_before(form_key, patient_id=dose.patient_id, dose_id=dose.pk, outcome=Outcome.GIVEN)
        if repeat is None:
            raise
        return repeat  # of an entry that was corrected since


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be recorded, by whom and when, and what was known of it before."""

    injection: Injection
    form_key: UUID
    by: User
    at: datetime
    today: date
    blocks: tuple[str, ...]
    directed: bool | None
    outside_formulary: bool | None


@transaction.atomic
def _record(dose: Dose, asked: _Asked, policy: Policy | None, before: Given | None) -> Recorded:
    claimed = dose.given_as is None and _claim_version(dose)
    if not claimed:
        policy, before, dose = None, None, _held_with_plan(dose)
    clinic = dose.phase.regimen.clinic
    refuse_nonsense(asked.injection, dose.patient, clinic, by=asked.by, at=asked.at, today=asked.today)
    if dose.given_as is not None:
        repeat = sent_before(
            asked.form_key, patient_id=dose.patient_id, dose_id=dose.pk, outcome=Outcome.GIVEN
        )
        if repeat is None:
            raise AlreadyRecorded(dose.given_as)
        return repeat
    if not claimed:
        _claim_version(dose)
    return _give(dose, asked, policy, before)


def _give(dose: Dose, asked: _Asked, policy: Policy | None, before: Given | None) -> Recorded:
    """Claim the dose, plan what follows, tell of what was wrong, answer a reaction."""
    regimen = copy(dose.phase.regimen)  # the caller's keeps the version that it was read with
    regimen.version += 1
    regimen.patient = dose.patient
    policy, before, on = policy or policy_of(regimen), before or given_of(regimen), asked.injection.given_on
    advice = advice_for(dose, regimen, on, policy=policy, last_given_on=before.last)
    decided = advice.action is LateAction.CLINICIAN_REVIEW and is_decided(dose, regimen, on, policy)
    given = _claim(dose, regimen, asked)
    revision = _revise(regimen, advice.sentence, by=asked.by, at=asked.at)
    after = before.with_dose(dose.phase.ordinal, on)
    redating = redate(regimen=regimen, revision=revision, policy=policy, given=after)
    withdraw(kinds=OF_A_DOSE, subject_id=dose.pk, why="The injection was recorded.")
    found = incidents(dose, given, advice, decided=decided)
    undirected = lacks_direction(given, asked.directed)
    found += incidents_of_any(
        given,
        policy,
        blocks=asked.blocks,
        without_direction=undirected,
        outside_formulary=asked.outside_formulary,
    )
    raise_incidents(found, given, subject=f"dose:{dose.public_id}", at=asked.at)
    ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
    note_recorded("injection.recorded", given, by=asked.by, at=asked.at)
    paused = answer_reaction(given=given, regimen=regimen, by=asked.by, at=asked.at, today=asked.today)
    return Recorded(given, advice, replace(redating, next_dose=None) if paused else redating, paused=paused)


def _claim(dose: Dose, regimen: Regimen, asked: _Asked) -> Administration:
    given = Administration.objects.create(
        patient=regimen.patient,
        clinic=regimen.clinic,
        regimen=regimen,
        dose=dose,
        outcome=Outcome.GIVEN,
        recorded_by=asked.by,
        recorded_at=asked.at,
        form_key=asked.form_key,
        **asked.injection.columns(by=asked.by),
    )
    claimed = Dose.objects.filter(pk=dose.pk).move(
        DoseState.OWED, DoseState.GIVEN, given_as=given, is_next=False
    )
    if not claimed:
        raise NoLongerPlanned("This dose is no longer planned; open the patient's chart to see what changed.")
    return given


def sent_before(form_key: UUID, *, patient_id: int, dose_id: int | None, outcome: Outcome) -> Recorded | None:
    """What the same form led to before. Raises NotRecorded where its key stands on another entry: nothing is taken for told."""
    row = Administration.objects.filter(form_key=form_key).first()
    if row is None:
        return None
    if (row.patient_id, row.dose_id, row.outcome) != (patient_id, dose_id, outcome):
        raise NotRecorded("This page has recorded something else already; open it again, then record this.")
    return Recorded(row, None, None, repeat=True)


@transaction.atomic
def record_not_given(
    *,
    dose: Dose,
    on: date,
    not_given_reason: str,
    reason: str,
    next_action_on: date | None,
    form_key: UUID,
    by: User,
    at: datetime,
    today: date,
) -> Recorded:
    """Record an attempt that led to no injection. The dose stays owed, so it stays on the list.

    The same form sent twice records once. Raises NotRecorded, and AlreadyRecorded for a dose given meanwhile.
    """
    Regimen.objects.select_for_update(of=("self",)).get(pk=dose.phase.regimen_id)
    repeat = sent_before(form_key, patient_id=dose.patient_id, dose_id=dose.pk, outcome=Outcome.NOT_GIVEN)
    if repeat is not None:
        return repeat
    if on > today:
        raise NotRecorded("The attempt cannot lie in the future.")
    if next_action_on is not None and lies_too_far(next_action_on, today):
        raise NotRecorded(TOO_FAR)
    dose = Dose.objects.select_related("phase__regimen__clinic", "given_as__recorded_by").get(pk=dose.pk)
    if dose.given_as is not None:
        raise AlreadyRecorded(dose.given_as)
    regimen = dose.phase.regimen
    administration = Administration.objects.create(
        patient_id=dose.patient_id,
        clinic_id=dose.clinic_id,
        regimen=regimen,
        dose=dose,
        outcome=Outcome.NOT_GIVEN,
        given_on=on,
        not_given_reason=not_given_reason,
        reason=reason,
        next_action_on=next_action_on,
        recorded_by=by,
        recorded_at=at,
        form_key=form_key,
    )
    withhold_reminders(dose_id=dose.pk, today=today)
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action="injection.not_given",
        subject=f"administration:{administration.public_id}",
        patient_id=dose.patient_id,
        reason=reason or not_given_reason,
    )
    return Recorded(administration, None, None)


def refuse_nonsense(
    injection: Injection, patient: Patient, clinic: Clinic, *, by: User, at: datetime, today: date
) -> None:
    """Raise NotRecorded for what cannot be true of an injection."""
    if injection.given_on > today or (injection.given_at is not None and injection.given_at > at):
        raise NotRecorded("The injection cannot lie in the future; check the date and time.")
    if injection.given_at is not None and clinic.local_date(injection.given_at) != injection.given_on:
        raise NotRecorded("The time given does not fall on the day given.")
    if injection.given_on < patient.born_on:
        raise NotRecorded("The injection lies before the patient's birth; check the date.")
    if injection.checked_by is not None and injection.checked_by == injection.columns(by=by)["given_by"]:
        raise NotRecorded("Whoever gives an injection cannot check it too; name somebody else or nobody.")


def lacks_direction(given: Administration, directed: bool | None = None) -> bool:
    """Whether it was said to be given under a patient-specific direction when none was in force on that day."""
    if given.authority != Authority.PSD or directed:
        return False
    return given.regimen_id is None or not direction_in_force([given.regimen_id], given.given_on)


def raise_incidents(found: Sequence[Incident], given: Administration, *, subject: str, at: datetime) -> None:
    """One alert for each incident of an injection."""
    if found:
        raise_alerts(
            Alert(
                patient=given.patient,
                clinic=given.clinic,
                rule=incident.rule,
                subject=subject,
                severity=incident.severity,
                sentence=incident.sentence,
                source=incident.source,
                raised_at=at,
            )
            for incident in found
        )


def note_recorded(action: str, given: Administration, *, by: User, at: datetime) -> None:
    """The audit event of an injection."""
    audit.note(
        at=at,
        clinic=given.clinic,
        by=by,
        action=action,
        subject=f"administration:{given.public_id}",
        patient_id=given.patient_id,
        reason=given.reason,
    )


def _claim_version(dose: Dose) -> bool:
    """Take the next version of the regimen that a dose was read with, and its lock; False when the plan has changed since.

    Whatever changes a dose or an injection raises the version.
    """
    read_with = dose.phase._state.fields_cache.get("regimen")
    if read_with is None:
        return False
    unchanged = Regimen.objects.filter(pk=read_with.pk, version=read_with.version, state=read_with.state)
    return bool(unchanged.update(version=read_with.version + 1))


def _held_with_plan(dose: Dose) -> Dose:
    """The dose as it stands now, with its plan, whose lock is taken."""
    Regimen.objects.select_for_update().values_list("pk").get(pk=dose.phase.regimen_id)
    beside = ("patient", "phase__regimen__clinic", "given_as__recorded_by", "given_as__clinic")
    return Dose.objects.select_related(*beside).get(pk=dose.pk)


def _revise(regimen: Regimen, reason: str, *, by: User, at: datetime) -> Revision:
    return Revision.objects.create(
        regimen=regimen, number=regimen.version, kind=RevisionKind.GIVEN, reason=reason, by=by, at=at
    )
