"""Keep in which unit a laboratory last reported each analyte, so that the grid can offer it."""

from collections.abc import Iterable

from django.db.models import Max

from monitoring.models import LabFile, LabProfile, ReportedUnit, Result


def remember_units(*, laboratory: LabProfile | None, results: Iterable[Result]) -> None:
    """Keep the units of results typed from a laboratory's report, the last of each analyte; of no laboratory, nothing.

    Call it in the transaction that appends the results.
    """
    if laboratory is not None:
        _keep(laboratory, {result.analyte: result.unit for result in results if result.unit})


def remember_units_of_file(*, file: LabFile) -> None:
    """Keep the units of an imported file of a known laboratory. Call it in the transaction of the import."""
    if file.profile is None:
        return
    used = file.results.exclude(unit="").values("analyte", "unit").annotate(last=Max("pk")).order_by("last")
    _keep(file.profile, {row["analyte"]: row["unit"] for row in used})


def _keep(laboratory: LabProfile, units: dict[str, str]) -> None:
    ReportedUnit.objects.bulk_create(
        [
            ReportedUnit(laboratory=laboratory, analyte=analyte, unit=unit)
            for analyte, unit in sorted(units.items())
        ],
        update_conflicts=True,
        unique_fields=["laboratory", "analyte"],
        update_fields=["unit"],
    )
