"""Sign a plan: the regimen, its phases, doses and rechecks, in one act that leaves nothing half done."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.messages.services.withdraw import withdraw
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Route, Severity
from monitoring.queries import alerted_by_result
from monitoring.services.alerts import raise_alert
from monitoring.services.plan_rechecks import plan_rechecks
from regimens.courses import phase_rows
from regimens.models import (
    Assessment,
    FindingOverride,
    Neuro,
    Phase,
    PlannedRecheck,
    Regimen,
    RegimenState,
    Revision,
    RevisionKind,
)
from regimens.planning import (
    Adjustment,
    blocks,
    policy_for,
    recommendation_for,
    specs_of,
)
from regimens.protocols.need_reviews import with_reviews
from regimens.protocols.pack import Protocol
from regimens.protocols.recommendation import Recommendation
from regimens.services.redate import redate
from regimens.services.stop_regimen import end_regimen
from regimens.services.wanted_plan import end_wanted_plan
from regimens.subjects import RECHECK_SAFETY, UNSIGNED_REGIMEN


class NotSigned(ValueError):
    """Why the plan cannot be signed as it stands; the sentence says what is wanted."""


@transaction.atomic
def sign_regimen(
    *,
    assessment: Assessment,
    protocol_code: str,
    adjustment: Adjustment,
    overrides: Mapping[str, str],
    replaces_because: str,
    by: User,
    at: datetime,
    today: date,
) -> Regimen:
    """Turn an assessment and a chosen protocol into a running regimen, with the protocol kept as it stood.

    overrides: a written reason for each blocking finding, by code. replaces_because: why a running regimen gives way.
    Raises NotSigned with one sentence; nothing is saved then.
    """
    patient = (
        Patient.objects.select_for_update(no_key=True, of=("self",))
        .select_related("clinic")
        .get(pk=assessment.patient_id)
    )
    recommendation = recommendation_for(assessment, protocol_code, today)
    _refuse_unready(assessment, patient, adjustment, today)
    protocol = _offered(recommendation)
    _refuse_unanswered(recommendation, overrides)
    _make_room(patient, replaces_because, by=by, at=at, today=today)
    regimen = _open(assessment, recommendation, protocol, adjustment)
    revision = _sign(regimen, recommendation, protocol, adjustment, by=by, at=at)
    _keep_overrides(revision, recommendation, overrides)
    redate(regimen=regimen, revision=revision, policy=policy_for(patient.clinic))
    _plan_rechecks(regimen, revision, protocol_code, adjustment, at=at)
    _alert_urgent(regimen, recommendation, at=at)
    end_wanted_plan(patient=patient, how="A new plan was signed.", by=by, at=at)
    withdraw(kinds=(UNSIGNED_REGIMEN,), subject_id=assessment.pk, why="The plan was signed.")
    ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
    audit.note(
        at=at,
        clinic=patient.clinic,
        by=by,
        action="regimen.signed",
        subject=f"regimen:{regimen.public_id}",
        patient_id=patient.pk,
        after={"protocol": protocol_code, "version": revision.pack_version, "overrides": sorted(overrides)},
        reason=adjustment.reason,
    )
    return regimen


def _refuse_unready(assessment: Assessment, patient: Patient, adjustment: Adjustment, today: date) -> None:
    if not patient.is_followed:
        raise NotSigned("This patient has died or moved away, so no plan is signed.")
    if Regimen.objects.filter(assessment=assessment).exists():
        raise NotSigned("A plan was signed from this assessment already; open the patient's chart.")
    if assessment.neuro == Neuro.UNKNOWN:
        raise NotSigned(
            "Answer whether the nervous system is involved before signing: assess the patient again."
        )
    if adjustment.starts_on < today:
        raise NotSigned("The first dose cannot lie in the past; choose today or a later day.")
    if adjustment.maintenance is not None and not adjustment.reason.strip():
        raise NotSigned("Say why the maintenance interval differs from the protocol's.")


def _offered(recommendation: Recommendation) -> Protocol:
    """The protocol to sign; a guideline that withholds the plan, or puts it off, offers none."""
    if recommendation.protocol is None or (not recommendation.phases and recommendation.route != Route.ORAL):
        raise NotSigned("The guideline offers no plan here: " + " ".join(recommendation.because[-1:]))
    return recommendation.protocol


def _refuse_unanswered(recommendation: Recommendation, overrides: Mapping[str, str]) -> None:
    for finding in blocks(recommendation):
        if not finding.overridable:
            raise NotSigned(f"{finding.message} This cannot be overridden.")
        if not overrides.get(finding.code, "").strip():
            raise NotSigned(f"Write why you go on in spite of this: {finding.message}")


def _make_room(patient: Patient, because: str, *, by: User, at: datetime, today: date) -> None:
    running = Regimen.objects.filter(
        patient=patient, state__in=[RegimenState.ACTIVE, RegimenState.PAUSED]
    ).select_related("clinic")
    for regimen in running:
        if not because.strip():
            raise NotSigned("Another regimen is running; say why this one replaces it.")
        end_regimen(regimen=regimen, reason=f"Replaced by a new plan: {because}", by=by, at=at, today=today)


def _open(
    assessment: Assessment, recommendation: Recommendation, protocol: Protocol, adjustment: Adjustment
) -> Regimen:
    regimen = Regimen.objects.create(
        patient_id=assessment.patient_id,
        clinic=assessment.clinic,
        assessment=assessment,
        lifelong=recommendation.lifelong,
        neurological=assessment.neuro == Neuro.YES,
        starts_on=adjustment.starts_on,
        weekdays=sorted(adjustment.weekdays) if adjustment.weekdays is not None else None,
    )
    specs = specs_of(recommendation, adjustment) or protocol.phases
    Phase.objects.bulk_create(phase_rows(specs, regimen=regimen))
    return regimen


def _sign(
    regimen: Regimen,
    recommendation: Recommendation,
    protocol: Protocol,
    adjustment: Adjustment,
    *,
    by: User,
    at: datetime,
) -> Revision:
    return Revision.objects.create(
        regimen=regimen,
        number=1,
        kind=RevisionKind.SIGNED,
        reason=adjustment.reason,
        by=by,
        at=at,
        pack=recommendation.pack.code,
        pack_version=recommendation.pack.version,
        protocol=protocol.code,
        protocol_snapshot=protocol.to_dict(),
        policy_snapshot=policy_for(regimen.clinic).to_dict(),
    )


def _keep_overrides(revision: Revision, recommendation: Recommendation, overrides: Mapping[str, str]) -> None:
    FindingOverride.objects.bulk_create(
        FindingOverride(
            revision=revision,
            code=finding.code,
            sentence=finding.message,
            source=finding.source,
            reason=overrides[finding.code],
        )
        for finding in blocks(recommendation)
    )


def _plan_rechecks(
    regimen: Regimen, revision: Revision, protocol_code: str, adjustment: Adjustment, *, at: datetime
) -> None:
    """Rechecks count from the day the plan begins, which the clinician may have moved."""
    dated = recommendation_for(regimen.assessment, protocol_code, adjustment.starts_on)
    rechecks = plan_rechecks(
        patient=regimen.patient,
        clinic=regimen.clinic,
        wanted=[
            (recheck.due_on, recheck.tests, recheck.why)
            for recheck in with_reviews(dated.rechecks, dated.reviews)
        ],
        at=at,
        begins_on=adjustment.starts_on,
        first_dose_on=adjustment.starts_on,
    )
    PlannedRecheck.objects.bulk_create(
        PlannedRecheck(revision=revision, recheck=recheck) for recheck in rechecks
    )


def _alert_urgent(regimen: Regimen, recommendation: Recommendation, *, at: datetime) -> None:
    told = alerted_by_result(regimen.patient)
    for finding in recommendation.alerts:
        if finding.severity is Severity.URGENT and finding.code not in told:
            raise_alert(
                patient=regimen.patient,
                clinic=regimen.clinic,
                rule=finding.code,
                subject=f"regimen:{regimen.public_id}",
                severity=finding.severity,
                sentence=finding.message,
                source=finding.source,
                at=at,
            )
