"""Laboratories' files, how they are written, and the rows of theirs that wait for somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from b12clinic.accounts.models import AuditEvent, Clinic
from b12clinic.accounts.queries import clinics_for
from monitoring.interpretation.units import normalise_unit
from monitoring.models import LabFile, LabProfile, ReportedUnit, WaitingRow

RECENT_FILES = 50
WAITING_SHOWN = 200
OPEN_ROWS = Q(waiting__settled_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows of a clinic's files wait for somebody, and when the file of the oldest came; None where none waits."""

    count: int
    oldest_at: datetime | None


def lab_files_for(user: Any) -> QuerySet[LabFile]:
    """Every file of the clinics that the user belongs to, without its bytes."""
    return LabFile.objects.filter(clinic__in=clinics_for(user)).defer("content")


def recent_lab_files(clinic: Clinic) -> list[tuple[LabFile, int]]:
    """The files of a clinic that came last, with who sent them, and how many rows of each still wait."""
    files = LabFile.objects.filter(clinic=clinic).defer("content").select_related("received_by")
    counted = files.annotate(still_waiting=Count("waiting", filter=OPEN_ROWS))
    newest = counted.order_by("-id")[:RECENT_FILES]  # a count by groups drops the model's own order
    return [(file, file.still_waiting) for file in newest]


def lab_profiles(clinic: Clinic) -> QuerySet[LabProfile]:
    """The laboratories that a clinic knows."""
    return LabProfile.objects.filter(clinic=clinic)


def units_of(laboratory: LabProfile | None) -> dict[str, str]:
    """The unit that each analyte was last reported in by a laboratory, else the one confirmed for its files; of none, none."""
    if laboratory is None:
        return {}
    confirmed = {analyte: normalise_unit(analyte, unit) for analyte, unit in laboratory.units.items()}
    reported = ReportedUnit.objects.filter(laboratory=laboratory).values_list("analyte", "unit")
    return {analyte: unit for analyte, unit in confirmed.items() if unit} | dict(reported)


def last_save(profile: LabProfile) -> AuditEvent | None:
    """The newest event that changed how a laboratory writes."""
    subject = f"lab_profile:{profile.pk}"
    events = AuditEvent.objects.filter(
        clinic_id=profile.clinic_id, subject=subject, action="lab_profile.saved"
    )
    return events.select_related("actor").first()


def waiting_rows_for(user: Any) -> QuerySet[WaitingRow]:
    """Every row that waits or was settled, of the clinics that the user belongs to."""
    return WaitingRow.objects.filter(file__clinic__in=clinics_for(user)).select_related("file")


def waiting_rows(clinic: Clinic) -> QuerySet[WaitingRow]:
    """The rows of a clinic that wait for somebody, the oldest first."""
    rows = WaitingRow.objects.filter(file__clinic=clinic, settled_at__isnull=True)
    return rows.select_related("file").defer("file__content").order_by("file_id", "number")


def rows_that_wait(clinic: Clinic) -> Waiting:
    """How many rows of a clinic wait for somebody, and since when, in one query."""
    rows = WaitingRow.objects.filter(file__clinic=clinic, settled_at__isnull=True)
    return Waiting(**rows.aggregate(count=Count("pk"), oldest_at=Min("file__received_at")))
