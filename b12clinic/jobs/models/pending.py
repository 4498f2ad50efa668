from django.db import models
from django.db.models.functions import Now


class Pending(models.Model):
    """Work owed: written in the transaction that makes it necessary, deleted when done.

    The broker only hears a nudge; a sweep picks up whatever a lost nudge left behind, so the row is the one copy of
    the fact. `kind` names a handler, `subject_id` the row it works on; asking twice before it ran leaves one row.
    """

    kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    asked_at = models.DateTimeField(db_default=Now())
    not_before = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="pending_once"),
            models.CheckConstraint(name="pending_kind_not_blank", condition=~models.Q(kind="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
