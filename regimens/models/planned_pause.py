from django.conf import settings
from django.db import models
from django.db.models import F, Q


class PlannedPause(models.Model):
    """A pause that a prescriber signed for days to come: until it begins the patient waits for doses as before.

    `settled_on` says when it began, or was called off.
    """

    regimen = models.ForeignKey("regimens.Regimen", on_delete=models.PROTECT, related_name="planned_pauses")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_on = models.DateField(null=True)

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["regimen"],
                condition=Q(settled_on__isnull=True),
                name="planned_pause_one_open_per_regimen",
            ),
            models.CheckConstraint(
                name="planned_pause_ends_after_it_begins", condition=Q(until_on__gt=F("from_on"))
            ),
            models.CheckConstraint(name="planned_pause_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"planned {self.from_on} to {self.until_on}"
