import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from b12clinic.states import Move, MovingQuerySet


class RecheckState(models.TextChoices):
    WANTED = "wanted", "Wanted"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class RecheckQuerySet(MovingQuerySet["Recheck"]):
    def wanted(self) -> "RecheckQuerySet":
        """Still open: neither answered whole nor dropped."""
        return self.filter(state=RecheckState.WANTED)

    def of_followed(self) -> "RecheckQuerySet":
        """Of patients the clinic still cares for: neither deceased nor moved away."""
        return self.filter(patient__died_on__isnull=True, patient__moved_on__isnull=True)


class Recheck(models.Model):
    """Labs or a review due on a day. Overdue is worked out from `due_on`, never stored; nothing closes itself.

    `answers_from` is the first day whose samples answer it, laid down when it is planned; `first_dose_on` the first dose
    of the plan that asks for it, null where a person does.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="rechecks")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    answers_from = models.DateField(null=True)
    first_dose_on = models.DateField(null=True)
    tests = models.JSONField()
    why = models.TextField()
    state = models.CharField(max_length=8, choices=RecheckState.choices, default=RecheckState.WANTED)
    ended_on = models.DateField(null=True)
    dropped_because = models.TextField(blank=True)
    planned_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RecheckQuerySet.as_manager()

    MOVES = (
        Move("", RecheckState.WANTED, "a plan asks for it, or a person does"),
        Move(RecheckState.WANTED, RecheckState.DONE, "every test of it has its answer"),
        Move(
            RecheckState.WANTED,
            RecheckState.DROPPED,
            "a person says why it is not wanted, or the regimen is stopped",
        ),
        Move(RecheckState.DONE, RecheckState.WANTED, "a result that answered it was corrected"),
    )

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
            models.CheckConstraint(
                name="recheck_answers_by_due_day",
                condition=Q(answers_from__isnull=True) | Q(answers_from__lte=models.F("due_on")),
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
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recheck", "test"], name="recheck_test_answered_once"),
            models.CheckConstraint(
                name="recheck_answer_has_result_or_note", condition=Q(result__isnull=False) | ~Q(note="")
            ),
            models.CheckConstraint(
                name="recheck_note_is_signed", condition=Q(note="") | Q(answered_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.test} on {self.answered_on}"
