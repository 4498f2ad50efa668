"""Record what happened at the chair. What has happened is always recorded; only nonsense is refused."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.messages.services.withdraw import withdraw
from monitoring.services.alerts import raise_alert
from regimens.incidents import incidents
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
from regimens.policies import policy_of
from regimens.protocols.windows import LateAdvice
from regimens.services.redate import Redating, redate
from regimens.subjects import MISSED_INJECTION, RECHECK_SAFETY


class NotRecorded(ValueError):
    """The entry cannot be true or cannot be told apart from a mistake; the sentence says what to do."""


class AlreadyRecorded(Exception):
    """Somebody else recorded this dose first; `administration` says who, what and when."""

    def __init__(self, administration: Administration) -> None:
        super().__init__("This dose has been recorded already.")
        self.administration = administration


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """An injection that was given: day and moment, drug, dose in micrograms, route, product, place, reaction."""

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
    authority: str = ""
    reaction_grade: str = ""
    reaction: str = ""
    given_elsewhere: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording led to: the row, how late it was and what the rule says, the future dates, or a repeat."""

    administration: Administration
    advice: LateAdvice | None
    redating: Redating | None
    repeat: bool = False


@transaction.atomic
def record_given(
    *, dose: Dose, injection: Injection, form_key: UUID, by: User, at: datetime, today: date
) -> Recorded:
    """Record a planned dose as given and re-date the future from it. The same form sent twice records once.

    Raises NotRecorded for a future time or a day before the patient was born, AlreadyRecorded for a lost race.
    """
    regimen = (
        Regimen.objects.select_for_update(of=("self",))
        .select_related("clinic", "patient")
        .get(pk=dose.phase.regimen_id)
    )
    repeat = Administration.objects.filter(form_key=form_key).first()
    if repeat is not None:
        return Recorded(repeat, None, None, repeat=True)
    _refuse_nonsense(injection, regimen, at=at, today=today)
    dose = Dose.objects.select_related("phase", "given_as__recorded_by").get(pk=dose.pk)
    if dose.given_as is not None:
        raise AlreadyRecorded(dose.given_as)
    advice = advice_for(dose, regimen, injection.given_on)
    decided = is_decided(dose, regimen, injection.given_on)
    administration = _append(dose, regimen, injection, form_key=form_key, by=by)
    claimed = Dose.objects.filter(pk=dose.pk).move(
        DoseState.OWED, DoseState.GIVEN, given_as=administration, is_next=False
    )
    if not claimed:
        raise NotRecorded("This dose is no longer planned; open the patient's chart to see what changed.")
    redating = _follow(regimen, administration, advice, by=by, at=at)
    withdraw(kind=MISSED_INJECTION, subject_id=dose.pk, why="The injection was recorded.")
    for incident in incidents(dose, administration, advice, decided=decided):
        raise_alert(
            patient=regimen.patient,
            clinic=regimen.clinic,
            rule=incident.rule,
            subject=f"dose:{dose.public_id}",
            severity=incident.severity,
            sentence=incident.sentence,
            source=incident.source,
            at=at,
        )
    ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action="injection.recorded",
        subject=f"administration:{administration.public_id}",
        patient_id=regimen.patient_id,
        reason=injection.reason,
    )
    return Recorded(administration, advice, redating)


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
    """Record an attempt that led to no injection. The dose stays owed, so it stays on the list."""
    repeat = Administration.objects.filter(form_key=form_key).first()
    if repeat is not None:
        return Recorded(repeat, None, None, repeat=True)
    if on > today:
        raise NotRecorded("The attempt cannot lie in the future.")
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
        form_key=form_key,
    )
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


def _refuse_nonsense(injection: Injection, regimen: Regimen, *, at: datetime, today: date) -> None:
    if injection.given_on > today or (injection.given_at is not None and injection.given_at > at):
        raise NotRecorded("The injection cannot lie in the future; check the date and time.")
    if injection.given_at is not None and regimen.clinic.local_date(injection.given_at) != injection.given_on:
        raise NotRecorded("The time given does not fall on the day given.")
    if injection.given_on < regimen.patient.born_on:
        raise NotRecorded("The injection lies before the patient's birth; check the date.")


def _append(
    dose: Dose, regimen: Regimen, injection: Injection, *, form_key: UUID, by: User
) -> Administration:
    return Administration.objects.create(
        patient_id=regimen.patient_id,
        clinic_id=regimen.clinic_id,
        regimen=regimen,
        dose=dose,
        outcome=Outcome.GIVEN,
        given_on=injection.given_on,
        given_at=injection.given_at,
        drug=injection.drug,
        dose_mcg=injection.dose_mcg,
        route=injection.route,
        product=injection.product,
        lot=injection.lot,
        expires_on=injection.expires_on,
        site=injection.site,
        side=injection.side,
        authority=injection.authority,
        given_by=None if injection.given_elsewhere else by,
        given_elsewhere=injection.given_elsewhere,
        reaction_grade=injection.reaction_grade,
        reaction=injection.reaction,
        reason=injection.reason,
        recorded_by=by,
        form_key=form_key,
    )


def _follow(
    regimen: Regimen, administration: Administration, advice: LateAdvice, *, by: User, at: datetime
) -> Redating:
    revision = Revision.objects.create(
        regimen=regimen,
        number=regimen.version + 1,
        kind=RevisionKind.GIVEN,
        reason=advice.sentence,
        by=by,
        at=at,
    )
    regimen.version += 1
    regimen.save(update_fields=["version"])
    return redate(regimen=regimen, revision=revision, policy=policy_of(regimen))
