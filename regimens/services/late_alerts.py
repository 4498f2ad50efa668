"""The alerts that ask a clinician to decide on late doses: found by the sweep, ended with what was decided."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db.models import Max

from b12clinic.accounts.models import Clinic, User
from b12clinic.vocabulary import Severity
from monitoring.models import Alert
from monitoring.services.alerts import end_alert, raise_alert
from regimens.incidents import LATE_DOSE
from regimens.lateness import ANSWERING, decision_holds
from regimens.models import Dose, DoseState, Regimen, Revision
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.schema import PhaseSpec
from regimens.protocols.windows import LateAdvice, late_advice
from regimens.queries.due_list import waited_for

BATCH = 500
SHORT_LOADING = "LOADING_MAY_BE_SHORT"


def ask_for_decisions(*, clinic: Clinic, at: datetime, today: date) -> int:
    """Raise an alert for each owed dose so late that a clinician decides before it is given; how many are new.

    Run any number of times it asks once: an open alert is left alone, and a decision to go on holds for the dose's window.
    """
    asked = set(
        Alert.objects.filter(clinic=clinic, rule=LATE_DOSE, ended_at=None).values_list("subject", flat=True)
    )
    return sum(
        raise_alert(
            patient=dose.patient,
            clinic=clinic,
            rule=LATE_DOSE,
            subject=subject_of(dose),
            severity=Severity.WARN,
            sentence=advice.sentence,
            source=advice.source,
            at=at,
        )
        for dose, advice in _undecided(clinic, today)
        if subject_of(dose) not in asked
    )


def end_late_alerts(*, regimen: Regimen, how: str, by: User, at: datetime) -> int:
    """End what waits for a late-dose decision on any dose of a regimen; how many there were."""
    subjects = {subject_of(dose) for dose in Dose.objects.filter(phase__regimen=regimen)}
    waiting = Alert.objects.filter(patient_id=regimen.patient_id, rule=LATE_DOSE, ended_at=None)
    ended = [alert for alert in waiting.select_related("clinic") if alert.subject in subjects]
    for alert in ended:
        end_alert(alert=alert, how=how, by=by, at=at)
    return len(ended)


def warn_of_short_loading(*, dose: Dose, at: datetime) -> bool:
    """Alert when a dose that a loading begun again may have counted as its first never happened; whether it was new.

    Nothing is planned by guess: a clinician looks whether a dose is missing now.
    """
    regimen = dose.phase.regimen
    begun_again = regimen.phases.filter(
        added_by__isnull=False, ordinal__gt=dose.phase.ordinal, finished_on__isnull=True
    )
    if dose.phase.finished_on is None or not begun_again.exists():
        return False
    return raise_alert(
        patient=regimen.patient,
        clinic=regimen.clinic,
        rule=SHORT_LOADING,
        subject=subject_of(dose),
        severity=Severity.WARN,
        sentence="An injection from before the loading was begun again was entered in error. If it was counted as the first"
        " dose of that loading, one is missing: look at the plan.",
        source="Local policy: no loading dose is dropped silently",
        at=at,
    )


def subject_of(dose: Dose) -> str:
    """How an alert names a dose."""
    return f"dose:{dose.public_id}"


def _undecided(clinic: Clinic, today: date) -> Iterator[tuple[Dose, LateAdvice]]:
    after = 0
    overdue = waited_for(clinic).filter(overdue_on__lte=today).select_related("phase__regimen", "patient")
    while page := list(overdue.filter(pk__gt=after).order_by("pk")[:BATCH]):
        yield from _undecided_of(clinic, page, today)
        after = page[-1].pk


def _undecided_of(clinic: Clinic, doses: Sequence[Dose], today: date) -> Iterator[tuple[Dose, LateAdvice]]:
    regimens = [dose.phase.regimen_id for dose in doses]
    given, answers, policies = _last_given(regimens), _last_answers(regimens), _policies(regimens)
    for dose in doses:
        regimen = dose.phase.regimen
        policy = policies.get(regimen.pk, DEFAULT)
        advice = late_advice(
            PhaseSpec.from_dict(dose.phase.spec),
            due_on=dose.due_on,
            given_on=today,
            last_given_on=given.get(regimen.pk),
            neurological=regimen.neurological,
            policy=policy,
        )
        last = answers.get(regimen.pk)
        decided = last and decision_holds(dose, last, clinic.local_date(last.at), today, policy)
        if advice.needs_decision and not decided:
            yield dose, advice


def _last_given(regimens: Sequence[int]) -> dict[int, date]:
    rows = Dose.objects.filter(phase__regimen__in=regimens, state=DoseState.GIVEN)
    return dict(
        rows.order_by()
        .values_list("phase__regimen")
        .annotate(last=Max("given_as__given_on"))
        .values_list("phase__regimen", "last")
    )


def _last_answers(regimens: Sequence[int]) -> dict[int, Revision]:
    rows = Revision.objects.filter(regimen__in=regimens, kind__in=ANSWERING).defer(
        "protocol_snapshot", "policy_snapshot"
    )
    return {row.regimen_id: row for row in rows.order_by("number")}


def _policies(regimens: Sequence[int]) -> dict[int, Policy]:
    rows = Revision.objects.filter(regimen__in=regimens, policy_snapshot__isnull=False).order_by("number")
    return {
        regimen_id: Policy.from_dict(kept or {})
        for regimen_id, kept in rows.values_list("regimen_id", "policy_snapshot")
    }
