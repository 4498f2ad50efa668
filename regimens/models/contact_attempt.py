import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regimens.protocols.vocabulary import ContactChannel, ContactOutcome


class ContactAttempt(models.Model):
    """One attempt to reach a patient about a dose that is owed: appended, and none ends what is owed.

    `next_action_on` is when somebody tries again; without it the dose stands on today's list of calls. A patient removed
    from the calls, with a reason, stays on the due list.
    """

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="contact_attempts")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    dose = models.ForeignKey("regimens.Dose", on_delete=models.PROTECT, related_name="contact_attempts")
    channel = models.CharField(max_length=12, choices=ContactChannel.choices())
    outcome = models.CharField(max_length=24, choices=ContactOutcome.choices())
    note = models.TextField(blank=True)
    next_action_on = models.DateField(null=True)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="contact_channel_known", condition=Q(channel__in=[c.value for c in ContactChannel])
            ),
            models.CheckConstraint(
                name="contact_outcome_known", condition=Q(outcome__in=[o.value for o in ContactOutcome])
            ),
            models.CheckConstraint(
                name="contact_removed_says_why", condition=~Q(outcome="removed") | ~Q(note="")
            ),
            models.CheckConstraint(
                name="contact_later_names_a_day",
                condition=~Q(outcome="remind_to_call_later") | Q(next_action_on__isnull=False),
            ),
            models.CheckConstraint(
                name="contact_next_not_before",
                condition=Q(next_action_on__isnull=True) | Q(next_action_on__gte=F("on")),
            ),
        ]
        indexes = [
            models.Index(fields=["dose", "-id"], name="contact_by_dose"),
            models.Index(
                fields=["clinic", "next_action_on"],
                condition=Q(next_action_on__isnull=False),
                name="contact_next_action",
            ),
            models.Index(fields=["clinic"], condition=Q(outcome="removed"), name="contact_removed"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} on {self.on}"
