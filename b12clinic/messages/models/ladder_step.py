from django.db import models
from django.db.models import Q

from b12clinic.messages.models.message import Audience
from b12clinic.vocabulary import Channel


class LadderStep(models.Model):
    """A rung of a clinic's own ladder; a clinic without any climbs the one that comes with the product.

    `days` are counted from the date that the kind speaks of, negative before it. `phase` is empty where the kind knows no
    phases. An empty channel of a patient's step means whichever the patient agreed to.
    """

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.CASCADE, related_name="ladder")
    kind = models.CharField(max_length=32)
    phase = models.CharField(max_length=24, blank=True)
    code = models.CharField(max_length=24)
    days = models.SmallIntegerField()
    audience = models.CharField(max_length=16, choices=Audience.choices)
    channel = models.CharField(max_length=16, blank=True, choices=Channel.choices())
    urgent = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "phase", "days", "code"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "kind", "phase", "code"], name="ladder_step_once"),
            models.CheckConstraint(
                name="ladder_step_audience_known", condition=Q(audience__in=Audience.values)
            ),
            models.CheckConstraint(
                name="ladder_step_channel_known",
                condition=Q(channel="") | Q(channel__in=[channel.value for channel in Channel]),
            ),
            models.CheckConstraint(name="ladder_step_within_two_years", condition=Q(days__range=(-366, 731))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.phase} {self.code}: {self.days:+d} days"
