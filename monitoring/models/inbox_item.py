from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from .result import Result


class InboxItemQuerySet(models.QuerySet["InboxItem"]):
    def waiting(self) -> "InboxItemQuerySet":
        """What nobody has acknowledged, of results that stand.

        Asked without a join, so that an UPDATE of these rows looks at each again once it holds it.
        """
        return self.filter(
            ~Exists(Result.objects.filter(supersedes=OuterRef("result"))), acknowledged_at=None
        )


class InboxItem(models.Model):
    """A new result that a clinician has still to see; it leaves the inbox by being acknowledged.

    A result that is corrected leaves it too, and the corrected value has an item of its own; one entered in error has
    none. `abnormal`: outside its range. `critical`: an alert was raised with it. `arrived_at` counts its age. Files bring
    items by the hundred thousand, so that what nobody has taken on yet stands in no index of people.
    """

    result = models.OneToOneField("monitoring.Result", on_delete=models.PROTECT, related_name="inbox_item")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+", db_index=False)
    abnormal = models.BooleanField()
    critical = models.BooleanField(default=False, db_default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    arrived_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    note = models.TextField(blank=True, db_default="")

    objects = InboxItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="inbox_acknowledged_by_somebody",
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="inbox_critical_is_abnormal", condition=Q(critical=False) | Q(abnormal=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "arrived_at", "id"],
                condition=Q(acknowledged_at__isnull=True),
                name="inbox_waiting",
            ),
            models.Index(fields=["owner"], condition=Q(owner__isnull=False), name="inbox_owned"),
            models.Index(
                fields=["acknowledged_by"],
                condition=Q(acknowledged_by__isnull=False),
                name="inbox_acknowledged",
            ),
        ]

    def __str__(self) -> str:
        return f"result {self.result_id}"
