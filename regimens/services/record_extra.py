"""Record an injection that no dose waited for: on top of the plan, before it began, or a second one for one dose."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.jobs.services.ask import ask
from b12clinic.patients.models import Patient
from regimens.courses import given_of
from regimens.facts import live_injections
from regimens.incidents import (
    Incident,
    double_incident,
    extra_incidents,
    incidents_of_any,
    unplanned_incident,
)
from regimens.models import Administration, Outcome, Regimen, RegimenState, RevisionKind
from regimens.policies import policy_of
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT
from regimens.protocols.windows import minimum_gap_days
from regimens.services.answer_reaction import answer_reaction
from regimens.services.hold import revise
from regimens.services.record_administration import (
    Injection,
    Recorded,
    lacks_direction,
    note_recorded,
    raise_incidents,
    refuse_nonsense,
    sent_before,
)
from regimens.services.redate import Redating, redate
from regimens.subjects import RECHECK_SAFETY

ON_TOP = "An injection on top of the plan."


@transaction.atomic
def record_extra(
    *,
    patient: Patient,
    injection: Injection,
    form_key: UUID,
    by: User,
    at: datetime,
    today: date,
    instead_of: Administration | None = None,
    unplanned: bool = False,
) -> Recorded:
    """Record an injection without a dose; a running regimen counts it for the minimum gap to its next dose.

    instead_of: the injection that fulfilled the dose meanwhile, when two people gave one each. The same form sent twice
    records once. unplanned: a dose was prepared for it and withdrawn before this was recorded. Raises NotRecorded as for a planned dose.
    """
    held = Patient.objects.select_for_update(no_key=True, of=("self",)).select_related("clinic")
    patient = held.get(pk=patient.pk)
    repeat = sent_before(form_key, patient_id=patient.pk, dose_id=None, outcome=Outcome.GIVEN)
    if repeat is not None:
        return repeat
    refuse_nonsense(injection, patient, patient.clinic, by=by, at=at, today=today)
    regimen = _running(patient)
    found = _too_soon(patient, regimen, injection)
    given = Administration.objects.create(
        patient=patient,
        clinic=patient.clinic,
        regimen=regimen,
        outcome=Outcome.GIVEN,
        second_to=instead_of,
        recorded_by=by,
        recorded_at=at,
        form_key=form_key,
        **injection.columns(by=by),
    )
    policy = policy_of(regimen) if regimen else DEFAULT
    told = [double_incident(given, instead_of)] if instead_of else extra_incidents(given, *found)
    told += [unplanned_incident(given)] if unplanned else []
    told += incidents_of_any(given, policy, without_direction=lacks_direction(given))
    return _follow(given, regimen, told, by=by, at=at, today=today)


def _follow(
    given: Administration,
    regimen: Regimen | None,
    told: list[Incident],
    *,
    by: User,
    at: datetime,
    today: date,
) -> Recorded:
    raise_incidents(told, given, subject=f"administration:{given.public_id}", at=at)
    redating: Redating | None = None
    if regimen is not None:
        revision = revise(regimen, RevisionKind.GIVEN, reason=ON_TOP, by=by, at=at)
        redating = redate(
            regimen=regimen, revision=revision, policy=policy_of(regimen), given=given_of(regimen)
        )
        ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
    note_recorded("injection.recorded_extra", given, by=by, at=at)
    paused = answer_reaction(given=given, regimen=regimen, by=by, at=at, today=today)
    return Recorded(given, None, None if paused else redating, paused=paused, alerted=bool(told))


def _running(patient: Patient) -> Regimen | None:
    running = Regimen.objects.filter(patient=patient, state__in=[RegimenState.ACTIVE, RegimenState.PAUSED])
    return running.select_for_update(of=("self",)).select_related("clinic", "patient__clinic").first()


def _too_soon(patient: Patient, regimen: Regimen | None, injection: Injection) -> tuple[date | None, int]:
    """The injection before this one, and how many days lie at least between two: those of the phase that goes on."""
    before = live_injections(patient).filter(given_on__lte=injection.given_on).last()
    gap = 1
    if regimen is not None:
        waiting = regimen.phases.filter(doses__is_next=True).first() or regimen.phases.first()
        if waiting is not None:
            gap = minimum_gap_days(PhaseSpec.from_dict(waiting.spec), policy_of(regimen))
    return (before.given_on if before else None), gap
