"""Laboratory results that a user may see, and a patient's results that stand."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.queries import clinics_for
from b12clinic.patients.models import Patient
from b12clinic.prepared import Prepared
from monitoring.models import Result
from monitoring.models.result import ResultQuerySet

RECENT = 50


def results_for(user: Any) -> ResultQuerySet:
    """Every result, corrected ones included, of patients in the clinics that the user belongs to."""
    return Result.objects.filter(patient__clinic__in=clinics_for(user))


def live_results(patient: Patient) -> ResultQuerySet:
    """A patient's results that stand, newest first."""
    return Result.objects.filter(patient=patient).live().newest_first()


class ReportedRow(NamedTuple):
    """What a result says, without the row's history: light enough for ten years of labs on one page."""

    analyte: str
    taken_on: date
    reported_value: str
    comparator: str
    unit: str
    number: Decimal | None
    coded: str
    reference_low: Decimal | None
    reference_high: Decimal | None


def reported_rows(patient: Patient) -> list[ReportedRow]:
    """What a patient's results that stand say, newest first."""
    return list(map(ReportedRow._make, _REPORTED.rows(patient.pk)))


_REPORTED = Prepared(
    lambda patient: (
        Result.objects.filter(patient=patient).live().newest_first().values_list(*ReportedRow._fields)
    )
)


def latest_results(patient: Patient) -> ResultQuerySet:
    """The newest result that stands of each analyte, one row per analyte; of one day the one entered last."""
    place = Window(RowNumber(), partition_by=[F("analyte")], order_by=[F("taken_on").desc(), F("id").desc()])
    return Result.objects.filter(patient=patient).live().annotate(place=place).filter(place=1)


def recent_results(clinic: Clinic, limit: int = RECENT) -> ResultQuerySet:
    """The results that were recorded last in a clinic and stand, with patient and who recorded them."""
    rows = Result.objects.filter(patient__clinic=clinic).live().order_by("-id")
    return rows.select_related("patient", "recorded_by")[:limit]
