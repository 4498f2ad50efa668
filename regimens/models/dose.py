import uuid

from django.db import models
from django.db.models import F, Q

from b12clinic.states import Move, MovingQuerySet


class DoseState(models.TextChoices):
    OWED = "owed", "Owed"
    GIVEN = "given", "Given"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Dose(models.Model):
    """The slot "dose n of phase p": never deleted or made again; a re-plan moves its dates.

    A dose is given at most once: `given_as` is set by a conditional update. `overdue_on` is the first local day outside
    the on-time window; whether it is overdue today is always worked out, never stored. `is_next` marks the one dose
    that a patient is waiting for, so that nobody stands on the due list twice. `urgent` marks a dose of a neurological
    loading, which stands on top of the list once it is overdue.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phase = models.ForeignKey("regimens.Phase", on_delete=models.PROTECT, related_name="doses")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="doses")
    number = models.PositiveIntegerField()
    earliest_on = models.DateField()
    due_on = models.DateField()
    overdue_on = models.DateField()
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=DoseState.choices, default=DoseState.OWED)
    is_next = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    given_as = models.OneToOneField(
        "regimens.Administration", on_delete=models.PROTECT, null=True, related_name="fulfils"
    )

    objects = MovingQuerySet["Dose"].as_manager()

    MOVES = (
        Move("", DoseState.OWED, "a revision of the regimen plans it"),
        Move(DoseState.OWED, DoseState.GIVEN, "an injection of it is recorded"),
        Move(DoseState.GIVEN, DoseState.OWED, "what was recorded was entered in error"),
        Move(DoseState.OWED, DoseState.WITHDRAWN, "the regimen is stopped, or re-planned without it"),
        Move(DoseState.WITHDRAWN, DoseState.OWED, "a later revision plans it again"),
    )

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "number"], name="dose_number_once_per_phase"),
            models.CheckConstraint(name="dose_state_known", condition=Q(state__in=DoseState.values)),
            models.CheckConstraint(name="dose_next_is_owed", condition=Q(is_next=False) | Q(state="owed")),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(is_next=True), name="dose_one_next_per_patient"
            ),
            models.CheckConstraint(name="dose_number_positive", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="dose_window_in_order",
                condition=Q(earliest_on__lte=F("due_on"), due_on__lt=F("overdue_on")),
            ),
            models.CheckConstraint(
                name="dose_given_iff_administration",
                condition=Q(state="given", given_as__isnull=False)
                | (~Q(state="given") & Q(given_as__isnull=True)),
            ),
        ]
        indexes = [
            # The last four let the bands be counted from the index alone.
            models.Index(
                fields=["clinic", "due_on", "id", "overdue_on", "urgent", "phase", "patient"],
                condition=Q(is_next=True),
                name="dose_due_list",
            ),
            models.Index(
                fields=["clinic", "due_on", "id"], condition=Q(is_next=True, urgent=True), name="dose_urgent"
            ),
            models.Index(fields=["clinic", "due_on"], condition=Q(state="owed"), name="dose_load"),
        ]

    def __str__(self) -> str:
        return f"dose {self.number} due {self.due_on} ({self.state})"


class DoseMove(models.Model):
    """An old date against a new one, appended by the revision that moved the dose."""

    revision = models.ForeignKey("regimens.Revision", on_delete=models.PROTECT, related_name="moves")
    dose = models.ForeignKey(Dose, on_delete=models.PROTECT, related_name="moves")
    was_due_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "dose"], name="dose_moved_once_per_revision"),
            models.CheckConstraint(name="dose_move_moves", condition=~Q(was_due_on=F("due_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.was_due_on} → {self.due_on}"
