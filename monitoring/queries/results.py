"""Laboratory results that a user may see, and a patient's results that stand."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Value, Window
from django.db.models.functions import Coalesce, NullIf, RowNumber

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.queries import clinics_for
from b12clinic.patients.models import Patient
from b12clinic.prepared import Prepared
from monitoring.interpretation.lab_value import LabValue
from monitoring.models import Result
from monitoring.models.result import ResultQuerySet, sampled_at

RECENT = 50


def results_for(user: Any) -> ResultQuerySet:
    """Every result, corrected ones included, of patients in the clinics that the user belongs to."""
    return Result.objects.filter(patient__clinic__in=clinics_for(user))


def live_results(patient: Patient) -> ResultQuerySet:
    """A patient's results that stand, newest first."""
    return Result.objects.filter(patient=patient).live().newest_first()


def reported_values(patient: Patient) -> list[LabValue]:
    """A patient's results that stand, in the laboratory's own words, newest first: light enough for ten years of labs."""
    return list(map(LabValue._make, _REPORTED.rows(patient.pk)))


def newest_values(values: Sequence[LabValue]) -> list[LabValue]:
    """Of values with the newest first, that of each analyte, by analyte."""
    newest = {value.analyte: value for value in reversed(values)}
    return [newest[analyte] for analyte in sorted(newest)]


def _or_none(column: str) -> NullIf:
    return NullIf(column, Value(""))


_REPORTED = Prepared(
    lambda patient: (
        Result.objects.filter(patient=patient)
        .live()
        .newest_first()
        .values_list(
            "analyte",
            "number",
            Coalesce(_or_none("coded"), "reported_value"),
            _or_none("unit"),
            "taken_on",
            "reference_low",
            "reference_high",
            _or_none("comparator"),
        )
    )
)


def latest_results(patient: Patient) -> ResultQuerySet:
    """The newest result that stands of each analyte, one row per analyte; of one day the one sampled last."""
    newest_first = [F("taken_on").desc(), sampled_at().desc(), F("id").desc()]
    place = Window(RowNumber(), partition_by=[F("analyte")], order_by=newest_first)
    return Result.objects.filter(patient=patient).live().annotate(place=place).filter(place=1)


def recent_results(clinic: Clinic, limit: int = RECENT) -> ResultQuerySet:
    """The results that were recorded last in a clinic and stand, with patient, who recorded them, and their place in the inbox."""
    rows = Result.objects.filter(patient__clinic=clinic).live().order_by("-id")
    return rows.select_related("patient", "recorded_by", "inbox_item")[:limit]
