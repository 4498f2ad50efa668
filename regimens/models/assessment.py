import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from b12clinic.vocabulary import Cause, Certainty, Pregnancy


class Neuro(models.TextChoices):
    """Whether the nervous system is involved. "Unknown" is an answer of its own and cannot be signed on."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Unknown"


class Assessment(models.Model):
    """What a clinician judged on a day: cause, certainty, nervous system, symptoms, risks. Appended, never edited.

    `facts` is the whole picture handed to the core on that day, so that the reasoning can be replayed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="assessments")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=32, choices=Cause.choices())
    certainty = models.CharField(max_length=12, choices=Certainty.choices())
    cause_detail = models.CharField(max_length=120, blank=True)
    neuro = models.CharField(max_length=8, choices=Neuro.choices)
    pregnancy = models.CharField(max_length=16, choices=Pregnancy.choices())
    gestation_weeks = models.PositiveSmallIntegerField(null=True)
    nitrous_oxide_planned = models.BooleanField(default=False, db_default=False)
    findings = models.JSONField(default=list)
    note = models.TextField(blank=True)
    as_of = models.DateField()
    facts = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="assessment_cause_known", condition=Q(cause__in=[c.value for c in Cause])
            ),
            models.CheckConstraint(
                name="assessment_certainty_known", condition=Q(certainty__in=[c.value for c in Certainty])
            ),
            models.CheckConstraint(name="assessment_neuro_known", condition=Q(neuro__in=Neuro.values)),
            models.CheckConstraint(
                name="assessment_pregnancy_known", condition=Q(pregnancy__in=[p.value for p in Pregnancy])
            ),
            models.CheckConstraint(
                name="assessment_weeks_only_when_pregnant",
                condition=Q(gestation_weeks__isnull=True) | Q(pregnancy="pregnant", gestation_weeks__lte=45),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-id"], name="assessment_by_patient"),
            # With regimen_by_assessment: what nobody signed is found among years of assessments from two indexes alone.
            models.Index(fields=["clinic", "as_of", "id", "patient"], name="assessment_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.cause} ({self.certainty}) as of {self.as_of}"


class AssessmentSetAside(models.Model):
    """A decision not to plan from an assessment, with its reason; it then leaves the worklist."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="set_aside")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="set_aside_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return self.reason
