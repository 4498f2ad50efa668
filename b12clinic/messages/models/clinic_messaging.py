from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class ClinicMessaging(models.Model):
    """How a clinic sends: when its morning sweep may begin, between which hours patients are written to, and a switch.

    The hours are local: the patient's zone where one is on record, else the clinic's. `paused_at` holds every message of
    the clinic back; they leave when it is lifted, unless they are no longer owed by then.
    """

    clinic = models.OneToOneField("accounts.Clinic", on_delete=models.CASCADE, related_name="messaging")
    sweeps_from = models.TimeField(default=time(7))
    sends_from = models.TimeField(default=time(8))
    sends_until = models.TimeField(default=time(20))
    may_link = models.BooleanField(default=False)
    daily_digest = models.BooleanField(default=True)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    paused_why = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clinic_messaging_hours_in_order", condition=Q(sends_from__lt=F("sends_until"))
            ),
            models.CheckConstraint(
                name="clinic_messaging_pause_says_who_and_why",
                condition=Q(paused_at__isnull=True, paused_by__isnull=True, paused_why="")
                | (Q(paused_at__isnull=False, paused_by__isnull=False) & ~Q(paused_why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"messages of clinic {self.clinic_id}"
