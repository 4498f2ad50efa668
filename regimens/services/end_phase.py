"""End an open-ended phase by a signed review: the next phase begins, or the regimen is complete."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from regimens.courses import is_neurological_loading
from regimens.models import Dose, DoseState, Phase, Regimen, RegimenState, Revision, RevisionKind
from regimens.policies import policy_of
from regimens.services.finish_phase import ENDED, finish_phase
from regimens.services.redate import redate
from regimens.subjects import RECHECK_SAFETY


class NotEnded(ValueError):
    """Why the phase cannot be ended; the sentence says what is wanted."""


@transaction.atomic
def end_phase(*, phase: Phase, version: int, finding: str, by: User, at: datetime, today: date) -> Regimen:
    """Sign that an open-ended phase is over; `finding` says what the review found, `version` is the one that was shown.

    Doses still owed in it are withdrawn and the next phase is dated from the last dose given. Where none follows (nitrous
    oxide, while abstinent) the regimen is complete. Raises NotEnded and changes nothing when the phase ends by doses, has
    given none, is not the one under way, or the regimen was changed meanwhile.
    """
    regimen = (
        Regimen.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=phase.regimen_id)
    )
    phase = Phase.objects.get(pk=phase.pk)
    _refuse(regimen, phase, version, finding)
    before = {"version": regimen.version, "state": regimen.state}
    regimen.version += 1
    regimen.save(update_fields=["version"])
    finish_phase(regimen=regimen, phase=phase, today=today)
    revision = Revision.objects.create(
        regimen=regimen, number=regimen.version, kind=RevisionKind.REVIEWED, reason=finding, by=by, at=at
    )
    redate(regimen=regimen, revision=revision, policy=policy_of(regimen), why=ENDED)
    ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action="phase.ended",
        subject=f"regimen:{regimen.public_id}",
        patient_id=regimen.patient_id,
        before=before,
        after={"version": regimen.version, "state": regimen.state},
        reason=finding,
    )
    return regimen


def _refuse(regimen: Regimen, phase: Phase, version: int, finding: str) -> None:
    if not finding.strip():
        raise NotEnded("Write what the review found: symptoms, signs, gait, and what changed.")
    if regimen.state != RegimenState.ACTIVE or phase.finished_on is not None:
        raise NotEnded("This phase is over already.")
    if regimen.version != version:
        raise NotEnded("This regimen was changed meanwhile; look at it again before you end the phase.")
    if is_neurological_loading(regimen, phase):
        raise NotEnded("A neurological loading is ended by a neurological review.")
    if phase.doses_wanted is not None:
        raise NotEnded("This phase ends when its doses have been given.")
    if not Dose.objects.filter(phase=phase, state=DoseState.GIVEN).exists():
        raise NotEnded("No dose of this phase has been given yet.")
