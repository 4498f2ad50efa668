import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from b12clinic.vocabulary import ResponseDecision


class ResponseConclusion(models.Model):
    """What a clinician concluded from the response to treatment, signed; appended, never edited.

    `verdict` and `seen` are the answer and the markers' sentences as they stood on the page, `day` counts from the first
    dose. `checked` holds the questions of the checklist that were gone through, by code; `open_tests` what was still
    without an answer. `revision` is the change of the plan that the decision made at once.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="response_conclusions"
    )
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    regimen = models.ForeignKey("regimens.Regimen", on_delete=models.PROTECT, related_name="conclusions")
    revision = models.OneToOneField(
        "regimens.Revision", on_delete=models.PROTECT, null=True, related_name="conclusion"
    )
    on = models.DateField()
    day = models.PositiveIntegerField()
    verdict = models.CharField(max_length=16)
    seen = models.JSONField()
    checked = models.JSONField()
    open_tests = models.JSONField()
    words = models.TextField()
    decision = models.CharField(max_length=12, choices=ResponseDecision.choices())
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="conclusion_decision_known",
                condition=Q(decision__in=[one.value for one in ResponseDecision]),
            ),
            models.CheckConstraint(
                name="conclusion_verdict_known",
                condition=Q(verdict__in=["adequate", "too_early", "inadequate", "cannot_judge"]),
            ),
            models.CheckConstraint(name="conclusion_is_in_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="conclusion_of_change_says_why",
                condition=Q(decision__in=["no_change", "tests"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="conclusion_revises_iff_at_once",
                condition=Q(decision__in=["interval", "stop"], revision__isnull=False)
                | (~Q(decision__in=["interval", "stop"]) & Q(revision__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-on"], name="conclusion_by_patient")]

    def __str__(self) -> str:
        return f"{self.decision} on {self.on}"
