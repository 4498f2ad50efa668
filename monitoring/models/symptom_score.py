import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

DOMAINS = ("fatigue", "numbness", "balance", "cognition")


class SymptomScore(models.Model):
    """How a patient fares on a day, by their own word: four scores from 0 (none) to 10 (the worst imaginable).

    Appended, never edited: a correction names its predecessor, and the live row is the one that nothing corrects.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="symptom_scores")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    fatigue = models.PositiveSmallIntegerField()
    numbness = models.PositiveSmallIntegerField()
    balance = models.PositiveSmallIntegerField()
    cognition = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    why = models.TextField(blank=True)
    entered_in_error = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                name="score_from_0_to_10", condition=Q(**{f"{domain}__lte": 10 for domain in DOMAINS})
            ),
            models.CheckConstraint(
                name="score_correction_says_why",
                condition=Q(corrects__isnull=True, entered_in_error=False) | ~Q(why=""),
            ),
            models.CheckConstraint(
                name="score_error_corrects_a_row",
                condition=Q(entered_in_error=False) | Q(corrects__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["patient", "on"], name="score_by_patient")]

    def __str__(self) -> str:
        return f"{self.fatigue}/{self.numbness}/{self.balance}/{self.cognition} on {self.on}"
