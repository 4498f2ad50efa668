from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Pause(models.Model):
    """A time in which a regimen rests, as a prescriber signed it: hospital, travel. Nobody waits for a dose meanwhile.

    `until_on` is the first day on which it goes on again, null where a prescriber must decide that; `ended_on` says when
    it did.
    """

    regimen = models.ForeignKey("regimens.Regimen", on_delete=models.PROTECT, related_name="pauses")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["regimen"], condition=Q(ended_on__isnull=True), name="pause_one_open_per_regimen"
            ),
            models.CheckConstraint(
                name="pause_ends_after_it_begins",
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")),
            ),
            models.CheckConstraint(name="pause_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="pause_ended_after_it_began",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} to {self.until_on or 'a decision'}"
