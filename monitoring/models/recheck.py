import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class RecheckState(models.TextChoices):
    WANTED = "wanted", "Wanted"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class Recheck(models.Model):
    """Labs or a review due on a day. Overdue is worked out from `due_on`, never stored; nothing closes itself."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="rechecks")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    tests = models.JSONField()
    why = models.TextField()
    state = models.CharField(max_length=8, choices=RecheckState.choices, default=RecheckState.WANTED)
    ended_on = models.DateField(null=True)
    dropped_because = models.TextField(blank=True)
    planned_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(name="recheck_state_known", condition=Q(state__in=RecheckState.values)),
            models.CheckConstraint(
                name="recheck_ended_iff_not_wanted",
                condition=Q(state="wanted", ended_on__isnull=True)
                | (~Q(state="wanted") & Q(ended_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="recheck_dropped_says_why", condition=~Q(state="dropped") | ~Q(dropped_because="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "due_on", "id"], condition=Q(state="wanted"), name="recheck_wanted"
            )
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.tests)} due {self.due_on}"


class RecheckAnswer(models.Model):
    """One wanted test of a recheck, answered by a result or, where the test is no analyte, by a signed note."""

    recheck = models.ForeignKey(Recheck, on_delete=models.PROTECT, related_name="answers")
    test = models.CharField(max_length=32)
    result = models.ForeignKey(
        "monitoring.Result", on_delete=models.PROTECT, null=True, related_name="answers"
    )
    note = models.TextField(blank=True)
    answered_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recheck", "test"], name="recheck_test_answered_once"),
            models.CheckConstraint(
                name="recheck_answer_has_result_or_note", condition=Q(result__isnull=False) | ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.test} on {self.answered_on}"
