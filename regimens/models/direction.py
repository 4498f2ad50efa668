from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Direction(models.Model):
    """A patient-specific direction: a prescriber's written leave to give the doses of a regimen until a day.

    The signed regimen is the prescription itself; a direction is what a clinic needs where nurses give under one.
    """

    regimen = models.ForeignKey("regimens.Regimen", on_delete=models.PROTECT, related_name="directions")
    from_on = models.DateField()
    until_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["regimen"], condition=Q(ended_on__isnull=True), name="direction_one_open_per_regimen"
            ),
            models.CheckConstraint(
                name="direction_ends_after_it_begins", condition=Q(until_on__gte=F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} to {self.until_on}"
