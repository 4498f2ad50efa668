from django.db import models
from django.db.models import Q


class ReportedUnit(models.Model):
    """The unit in which a laboratory last reported an analyte to its clinic: offered on the grid, never taken for granted.

    Each result keeps its own unit; this row only says what to offer next, and follows from the newest of them.
    """

    laboratory = models.ForeignKey(
        "monitoring.LabProfile", on_delete=models.CASCADE, related_name="reported_units", db_index=False
    )
    analyte = models.CharField(max_length=32)
    unit = models.CharField(max_length=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["laboratory", "analyte"], name="reported_unit_once_per_laboratory"
            ),
            models.CheckConstraint(name="reported_unit_names_both", condition=~Q(analyte="") & ~Q(unit="")),
        ]

    def __str__(self) -> str:
        return f"{self.analyte} in {self.unit}"
