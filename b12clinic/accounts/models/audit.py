from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class AuditEvent(models.Model):
    """Who saw, changed, exported or was refused what, when and why. Appended in the transaction of the act, never edited.

    `subject` names the row acted on ("regimen:<public id>"), `patient_id` is kept without a foreign key so that the
    event outlives what it speaks of; `before` and `after` hold the fields of mutable rows only, since append-only rows
    are their own history.
    """

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=48)
    subject = models.CharField(max_length=120, blank=True)
    patient_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="audit_action_not_blank", condition=~models.Q(action=""))]
        indexes = [
            models.Index(fields=["clinic", "-id"], name="audit_by_clinic"),
            models.Index(fields=["clinic", "-at", "-id"], name="audit_by_moment"),
            models.Index(fields=["patient_id", "-id"], name="audit_by_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"
