"""Resume a paused regimen: by hand before its day, or by the sweep on it, so that nobody falls off the list."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.messages.services.reinstate import reinstate
from monitoring.models import Alert
from regimens.incidents import REACTION_RULES
from regimens.models import Pause, Regimen, RegimenState, RevisionKind
from regimens.services.hold import hold_regimen, revise
from regimens.services.redate import mark_next
from regimens.services.withhold_reminders import withhold_reminders
from regimens.subjects import OF_A_DOSE, RECHECK_SAFETY

BY_ITSELF = "The day until which it was paused has come."


REACTION_WAITS = "A reaction waits for review. End its alert with what was decided, and check drug and allergies; then resume."


class NotResumed(ValueError):
    """Why the regimen is not resumed; the sentence says what is the matter."""


@transaction.atomic
def resume_regimen(
    *, regimen: Regimen, version: int, reason: str, by: User, at: datetime, today: date
) -> Regimen:
    """Go on before the day that was signed. The dose waited for stands on its day, however late, by the late-dose rules.

    Raises ChangedMeanwhile for a stale page, NotResumed when it is not paused or a reaction waits for review.
    """
    regimen = hold_regimen(regimen.pk, version)
    pause = Pause.objects.filter(regimen=regimen, ended_on__isnull=True).select_related("by").first()
    if regimen.state != RegimenState.PAUSED or pause is None:
        raise NotResumed("This regimen is not paused.")
    if Alert.objects.filter(patient=regimen.patient_id, rule__in=REACTION_RULES, ended_at=None).exists():
        raise NotResumed(REACTION_WAITS)
    _go_on(regimen, pause, reason=reason.strip(), by=by, at=at, today=today)
    return regimen


def resume_due(*, clinic: Clinic, at: datetime, today: date) -> int:
    """Resume every regimen of a clinic whose day has come; how many. Run again, it finds none left.

    The revision stands under the name of who signed the pause; the audit trail says that nobody did it by hand.
    """
    due = Pause.objects.filter(
        regimen__clinic=clinic,
        regimen__state=RegimenState.PAUSED,
        regimen__patient__died_on=None,
        regimen__patient__moved_on=None,
        ended_on__isnull=True,
        until_on__lte=today,
    )
    return sum(_resume_one(pause_id, at=at, today=today) for pause_id in due.values_list("pk", flat=True))


@transaction.atomic
def _resume_one(pause_id: int, *, at: datetime, today: date) -> bool:
    pause = Pause.objects.select_related("regimen", "by").get(pk=pause_id)
    regimen = (
        Regimen.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=pause.regimen_id)
    )
    pause.refresh_from_db(fields=["ended_on"])
    if regimen.state != RegimenState.PAUSED or pause.ended_on is not None:
        return False  # resumed or stopped by somebody meanwhile
    _go_on(regimen, pause, reason=BY_ITSELF, by=None, at=at, today=today)
    return True


def _go_on(
    regimen: Regimen, pause: Pause, *, reason: str, by: User | None, at: datetime, today: date
) -> None:
    Regimen.objects.filter(pk=regimen.pk).move(RegimenState.PAUSED, RegimenState.ACTIVE)
    regimen.refresh_from_db(fields=["state"])
    Pause.objects.filter(pk=pause.pk).update(ended_on=today)
    revise(regimen, RevisionKind.RESUMED, reason=reason, by=by or pause.by, at=at)
    waited_for = mark_next(regimen)
    if waited_for is not None:
        reinstate(kinds=OF_A_DOSE, subject_id=waited_for.pk, about_on=waited_for.due_on)
        withhold_reminders(dose_id=waited_for.pk, today=today)
    ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action="regimen.resumed",
        subject=f"regimen:{regimen.public_id}",
        patient_id=regimen.patient_id,
        before={
            "state": RegimenState.PAUSED.value,
            "until_on": pause.until_on.isoformat() if pause.until_on else None,
        },
        after={"state": RegimenState.ACTIVE.value},
        reason=reason,
    )
