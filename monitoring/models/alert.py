import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from b12clinic.vocabulary import Severity


class Alert(models.Model):
    """A finding that somebody must see: it has an owner and ends by a person, with how it ended."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="alerts")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=48)
    subject = models.CharField(max_length=120, blank=True)
    severity = models.CharField(max_length=8, choices=Severity.choices())
    sentence = models.TextField()
    source = models.TextField()
    raised_at = models.DateTimeField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    how = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "rule", "subject"],
                condition=Q(ended_at__isnull=True),
                name="alert_once_while_open",
            ),
            models.CheckConstraint(
                name="alert_severity_known",
                condition=Q(severity__in=[severity.value for severity in Severity]),
            ),
            models.CheckConstraint(
                name="alert_end_is_whole",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, how="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(how="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "-raised_at"], condition=Q(ended_at__isnull=True), name="alert_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} ({self.severity})"
