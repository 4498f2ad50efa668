from django.db import models
from django.db.models import F, Q


class PatientAllergy(models.Model):
    """A substance a patient reacted to, with the reactions as codes. Ended, never deleted."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="allergies")
    substance = models.CharField(max_length=48)
    reactions = models.JSONField(default=list)
    noted_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="allergy_substance_not_blank", condition=~Q(substance="")),
            models.UniqueConstraint(
                fields=["patient", "substance"],
                condition=Q(ended_on__isnull=True),
                name="allergy_once_while_open",
            ),
            models.CheckConstraint(
                name="allergy_ends_after_noted",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("noted_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.substance


class PatientCondition(models.Model):
    """Another illness or circumstance that bears on B12 treatment, as a code. Ended, never deleted."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="conditions")
    code = models.CharField(max_length=48)
    noted_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="condition_code_not_blank", condition=~Q(code="")),
            models.UniqueConstraint(
                fields=["patient", "code"],
                condition=Q(ended_on__isnull=True),
                name="condition_once_while_open",
            ),
            models.CheckConstraint(
                name="condition_ends_after_noted",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("noted_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PatientMedicine(models.Model):
    """A medicine taken, as a code with its dose in words ("2 g/day") and, for warfarin, the INR aimed at."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="medicines")
    code = models.CharField(max_length=48)
    dose = models.CharField(max_length=60, blank=True)
    since = models.DateField(null=True, blank=True)
    inr_low = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    inr_high = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    noted_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="medicine_code_not_blank", condition=~Q(code="")),
            models.UniqueConstraint(
                fields=["patient", "code"],
                condition=Q(ended_on__isnull=True),
                name="medicine_once_while_open",
            ),
            models.CheckConstraint(
                name="medicine_ends_after_noted",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("noted_on")),
            ),
            models.CheckConstraint(
                name="medicine_inr_both_or_neither",
                condition=Q(inr_low__isnull=True, inr_high__isnull=True)
                | Q(inr_low__isnull=False, inr_high__isnull=False, inr_low__lte=F("inr_high")),
            ),
        ]

    def __str__(self) -> str:
        return self.code
