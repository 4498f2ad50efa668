"""Alert to critical values in the transaction that writes them: no worker, broker or plan stands between."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Severity
from monitoring.interpretation.critical import CRITICAL, critical_sentence, is_critical
from monitoring.models import Alert, InboxItem, LabFile, Result
from monitoring.queries.alerts import OF_A_RESULT
from monitoring.told import DOSED

AT_ONCE = 1_000


def alert_critical(*, clinic: Clinic, result_ids: Collection[int], at: datetime) -> int:
    """Raise an urgent alert for each of these critical results that no later sample has followed; how many there are.

    An old value in a file of history, with a newer one beside it, alerts nobody. Of one day only the moments of sampling
    can tell which is newer: where one of them is not known, every critical value of that day alerts. A worse value than
    one already alerted to is an alert of its own.
    """
    wanted, raised = list(result_ids), 0
    for start in range(0, len(wanted), AT_ONCE):
        newest = list(_newest(wanted[start : start + AT_ONCE]))
        begun = _begun(newest, clinic.local_date(at))
        InboxItem.objects.filter(result__in=newest).update(abnormal=True, critical=True)
        Alert.objects.bulk_create(
            (_alert(one, clinic, at, begun=one.patient_id in begun) for one in newest), ignore_conflicts=True
        )
        raised += len(newest)
    return raised


def alert_uncovered(*, patient: Patient, analyte: str, at: datetime) -> None:
    """Alert to a critical value that nothing follows any more, now that a later one does not stand.

    One that was alerted to before is left as somebody ended it.
    """
    critical = CRITICAL.get(analyte)
    if critical is None:
        return
    low = Result.objects.live().filter(patient=patient, analyte=analyte, canonical__lte=critical.limit)
    subjects = {
        f"{OF_A_RESULT}{one.public_id}": one.pk
        for one in low
        if is_critical(analyte, one.canonical, one.comparator)
    }
    known = Alert.objects.filter(patient=patient, subject__in=subjects).values_list("subject", flat=True)
    alert_critical(
        clinic=patient.clinic, result_ids=[subjects[new] for new in subjects.keys() - set(known)], at=at
    )


def critical_of(file: LabFile) -> list[int]:
    """The results of an imported file that are critical by their value."""
    low = Q()
    for analyte, critical in CRITICAL.items():
        low |= Q(analyte=analyte, canonical__lte=critical.limit)
    found = Result.objects.filter(low, file=file).values_list("pk", "analyte", "canonical", "comparator")
    return [pk for pk, analyte, canonical, comparator in found if is_critical(analyte, canonical, comparator)]


def _newest(result_ids: list[int]) -> Iterator[Result]:
    """Those of the results that stand and that no later sample of the analyte has followed."""
    others = Result.objects.live().filter(patient=OuterRef("patient"), analyte=OuterRef("analyte"))
    same_day = others.filter(taken_on=OuterRef("taken_on"))
    followed = Exists(others.filter(taken_on__gt=OuterRef("taken_on"))) | (
        Exists(same_day.filter(taken_at__gt=OuterRef("taken_at")))
        & ~Exists(same_day.filter(taken_at__isnull=True))
    )
    return Result.objects.live().filter(~followed, pk__in=result_ids).iterator()


def _begun(results: Collection[Result], today: date) -> frozenset[int]:
    """The patients who are on treatment: a first dose need not be warned of."""
    spans = DOSED.of({one.patient_id for one in results})
    return frozenset(whose for whose, found in spans.items() if any(span.holds(today) for span in found))


def _alert(result: Result, clinic: Clinic, at: datetime, *, begun: bool) -> Alert:
    critical = CRITICAL[result.analyte]
    shown = f"{result.comparator}{result.reported_value} {result.unit} on {_when(result, clinic)}"
    return Alert(
        patient_id=result.patient_id,
        clinic=clinic,
        rule=critical.rule,
        subject=f"{OF_A_RESULT}{result.public_id}",
        severity=Severity.URGENT,
        sentence=critical_sentence(result.analyte, result.canonical, result.comparator, shown, begun=begun),
        source=critical.source,
        raised_at=at,
    )


def _when(result: Result, clinic: Clinic) -> str:
    """ "5 Jan 2026", with the time by the clinic's clock where it is known."""
    day = f"{result.taken_on.day} {result.taken_on:%b %Y}"
    if result.taken_at is None:
        return day
    return f"{day} at {result.taken_at.astimezone(ZoneInfo(clinic.time_zone)):%H:%M}"
