import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from b12clinic.vocabulary import Drug, NotGivenReason, ReactionGrade, Route, Side, Site


class Outcome(models.TextChoices):
    GIVEN = "given", "Given"
    NOT_GIVEN = "not_given", "Not given"


class Authority(models.TextChoices):
    """What entitles the nurse to give it."""

    PRESCRIPTION = "prescription", "Prescription"
    PSD = "psd", "Patient-specific direction"
    PGD = "pgd", "Patient group direction"


class Administration(models.Model):
    """What happened at the chair: given, or not given with a reason. Appended, never edited or deleted.

    A correction is a new row that names its predecessor in `corrects`; the live row is the tail of the chain.
    `given_on` is the clinic's day of the injection or of the attempt. `form_key` comes with the form, so that a double
    click records one. An injection given elsewhere, before the regimen or on top of one has no dose. `prechecks` holds the
    answers to the questions asked before giving, by their codes; `volume_ml` is what was drawn up; `reactions` are the kinds
    of reaction that were seen, by their codes. `second_to` is the injection that had fulfilled the dose when this second one
    was given too.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="administrations")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    regimen = models.ForeignKey(
        "regimens.Regimen", on_delete=models.PROTECT, null=True, related_name="administrations"
    )
    dose = models.ForeignKey("regimens.Dose", on_delete=models.PROTECT, null=True, related_name="attempts")
    second_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="second_ones")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    given_on = models.DateField()
    given_at = models.DateTimeField(null=True)
    drug = models.CharField(max_length=24, blank=True, choices=Drug.choices())
    dose_mcg = models.PositiveIntegerField(null=True)
    route = models.CharField(max_length=12, blank=True, choices=Route.choices())
    product = models.CharField(max_length=120, blank=True)
    lot = models.CharField(max_length=40, blank=True)
    expires_on = models.DateField(null=True)
    site = models.CharField(max_length=24, blank=True, choices=Site.choices())
    side = models.CharField(max_length=8, blank=True, choices=Side.choices())
    authority = models.CharField(max_length=16, blank=True, choices=Authority.choices)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    given_elsewhere = models.BooleanField(default=False)
    self_administered = models.BooleanField(default=False, db_default=False)
    volume_ml = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    needle = models.CharField(max_length=24, blank=True, db_default="")
    observed_minutes = models.PositiveSmallIntegerField(null=True)
    prechecks = models.JSONField(null=True)
    reaction_grade = models.CharField(max_length=16, blank=True, choices=ReactionGrade.choices())
    reaction = models.TextField(blank=True)
    reactions = models.JSONField(null=True)
    not_given_reason = models.CharField(max_length=32, blank=True, choices=NotGivenReason.choices())
    next_action_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    entered_in_error = models.BooleanField(default=False)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    form_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ["-given_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="administration_outcome_known", condition=Q(outcome__in=Outcome.values)
            ),
            models.CheckConstraint(
                name="administration_given_says_what",
                condition=~Q(outcome="given")
                | (
                    ~Q(drug="")
                    & ~Q(route="")
                    & Q(dose_mcg__isnull=False, dose_mcg__gt=0, not_given_reason="")
                ),
            ),
            models.CheckConstraint(
                name="administration_not_given_says_why",
                condition=~Q(outcome="not_given")
                | (~Q(not_given_reason="") & Q(given_at__isnull=True, lot="")),
            ),
            models.CheckConstraint(
                name="administration_correction_says_why",
                condition=Q(corrects__isnull=True, entered_in_error=False) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="administration_error_corrects_a_row",
                condition=Q(entered_in_error=False) | Q(corrects__isnull=False),
            ),
            models.CheckConstraint(
                name="administration_given_by_ours_only_here",
                condition=Q(given_by__isnull=True) | Q(given_elsewhere=False, self_administered=False),
            ),
            models.CheckConstraint(
                name="administration_checked_by_another",
                condition=Q(checked_by__isnull=True)
                | Q(given_by__isnull=True)
                | ~Q(checked_by=F("given_by")),
            ),
            models.CheckConstraint(
                name="administration_volume_positive",
                condition=Q(volume_ml__isnull=True) | Q(volume_ml__gt=0),
            ),
            models.CheckConstraint(
                name="administration_dose_has_regimen",
                condition=Q(dose__isnull=True) | Q(regimen__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-given_on", "-id"], name="administration_by_patient"),
            models.Index(fields=["clinic", "lot"], name="administration_by_lot"),
            # The few that name a day to try again.
            models.Index(
                fields=["clinic", "next_action_on"],
                condition=Q(next_action_on__isnull=False),
                name="administration_next_action",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.given_on}"
