"""Correct what was recorded: a new row that says who and why; the old one stays, and the future is worked out anew."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.messages.services.reinstate import reinstate
from regimens.models import Administration, Dose, DoseState, Regimen, Revision, RevisionKind
from regimens.policies import policy_of
from regimens.services.late_alerts import warn_of_short_loading
from regimens.services.record_administration import Injection, NotRecorded
from regimens.services.redate import redate
from regimens.subjects import MISSED_INJECTION, RECHECK_SAFETY


@transaction.atomic
def enter_in_error(
    *, administration: Administration, reason: str, form_key: UUID, by: User, at: datetime, today: date
) -> Administration:
    """Say that something recorded never happened. A dose it had fulfilled is owed again.

    Raises NotRecorded when no reason is given or the row has been corrected already.
    """
    regimen = _locked(administration)
    _refuse(administration, reason)
    correction = _successor(administration, form_key=form_key, by=by, reason=reason, entered_in_error=True)
    freed = list(Dose.objects.filter(given_as=administration).values_list("pk", flat=True))
    Dose.objects.filter(pk__in=freed).move(DoseState.GIVEN, DoseState.OWED, given_as=None)
    for dose_id in freed:
        reinstate(kind=MISSED_INJECTION, subject_id=dose_id)
    for dose in Dose.objects.filter(pk__in=freed).select_related(
        "phase__regimen__patient", "phase__regimen__clinic"
    ):
        warn_of_short_loading(dose=dose, at=at)
    _redate(regimen, reason, by=by, at=at)
    _note("injection.entered_in_error", administration, reason, by=by, at=at)
    return correction


@transaction.atomic
def correct_injection(
    *,
    administration: Administration,
    injection: Injection,
    form_key: UUID,
    by: User,
    at: datetime,
    today: date,
) -> Administration:
    """Put right what was recorded of an injection that did happen; `injection.reason` says why.

    Raises NotRecorded as for recording, and when the row has been corrected already.
    """
    regimen = _locked(administration)
    _refuse(administration, injection.reason)
    if injection.given_on > today or (injection.given_at is not None and injection.given_at > at):
        raise NotRecorded("The injection cannot lie in the future; check the date and time.")
    changed = injection.columns(by=administration.given_by or by)
    correction = _successor(administration, form_key=form_key, by=by, **changed)
    Dose.objects.filter(given_as=administration).update(given_as=correction)
    _redate(regimen, injection.reason, by=by, at=at)
    _note("injection.corrected", administration, injection.reason, by=by, at=at)
    return correction


def _locked(administration: Administration) -> Regimen | None:
    if administration.regimen_id is None:
        return None
    return (
        Regimen.objects.select_for_update(of=("self",))
        .select_related("clinic")
        .get(pk=administration.regimen_id)
    )


def _refuse(administration: Administration, reason: str) -> None:
    if not reason.strip():
        raise NotRecorded("Say why the record is corrected.")
    if Administration.objects.filter(corrects=administration).exists():
        raise NotRecorded("This record has been corrected already; correct the newest one.")
    if administration.entered_in_error:
        raise NotRecorded("This row says that an entry was an error; record the injection anew instead.")


_COPIED = (
    "patient_id",
    "clinic_id",
    "regimen_id",
    "dose_id",
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


def _successor(
    administration: Administration, *, form_key: UUID, by: User, **changed: object
) -> Administration:
    fields = {name: getattr(administration, name) for name in _COPIED}
    for person in ("given_by", "checked_by"):
        if person in changed:
            fields.pop(f"{person}_id")
    return Administration.objects.create(
        **{**fields, **changed}, corrects=administration, form_key=form_key, recorded_by=by
    )


def _redate(regimen: Regimen | None, reason: str, *, by: User, at: datetime) -> None:
    if regimen is None or regimen.ended_on is not None:
        return
    regimen.version += 1
    regimen.save(update_fields=["version"])
    revision = Revision.objects.create(
        regimen=regimen, number=regimen.version, kind=RevisionKind.CORRECTED, reason=reason, by=by, at=at
    )
    redate(regimen=regimen, revision=revision, policy=policy_of(regimen))
    ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)


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
