from django.db import models


class IdentifierScheme(models.TextChoices):
    """Who issued an identifier. The rule of each scheme's check digit stands in patients/identifiers.py."""

    NHS_NUMBER = "nhs_number", "NHS number (England, Wales)"
    CHI_NUMBER = "chi_number", "CHI number (Scotland)"
    BSN = "bsn", "BSN (Netherlands)"
    MEDICAL_RECORD = "medical_record", "Clinic record number"


class PatientIdentifier(models.Model):
    """A number that names a patient within one clinic; unique per clinic and scheme, so that no stranger learns who exists."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="identifiers")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=16, choices=IdentifierScheme.choices)
    value = models.CharField(max_length=40)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "scheme", "value"], name="identifier_unique_in_clinic"),
            models.UniqueConstraint(fields=["patient", "scheme"], name="identifier_one_per_scheme"),
            models.CheckConstraint(name="identifier_not_blank", condition=~models.Q(value="")),
            models.CheckConstraint(
                name="identifier_scheme_known", condition=models.Q(scheme__in=IdentifierScheme.values)
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "value"],
                name="identifier_by_value",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"
