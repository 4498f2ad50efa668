import uuid
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models


def every_weekday() -> list[int]:
    """Monday (0) to Friday (4): what a new clinic opens until it says otherwise."""
    return [0, 1, 2, 3, 4]


def check_time_zone(value: str) -> None:
    """Refuse a name that the IANA database does not know."""
    if value not in available_timezones():
        raise ValidationError(f"“{value}” is not a time zone; write it as in “Europe/London”.")


def check_weekdays(value: Any) -> None:
    """Refuse anything but a list of distinct weekdays, Monday 0 to Sunday 6, with at least one."""
    if (
        not isinstance(value, list)
        or not value
        or len(set(value)) != len(value)
        or not set(value) <= set(range(7))
    ):
        raise ValidationError("Choose at least one weekday on which the clinic gives injections.")


class Clinic(models.Model):
    """A place that gives injections: its zone decides what "today" is, its opening days where doses land.

    `injections_a_day` is how many it can give on one day; without it no day is ever full.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[check_time_zone])
    country = models.CharField(max_length=2, default="GB")
    region = models.CharField(max_length=12, blank=True)
    default_pack = models.CharField(max_length=24, default="uk")
    open_weekdays = models.JSONField(default=every_weekday, validators=[check_weekdays])
    injections_a_day = models.PositiveSmallIntegerField(null=True, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="clinic_name_not_blank", condition=~models.Q(name="")),
            models.CheckConstraint(name="clinic_time_zone_not_blank", condition=~models.Q(time_zone="")),
            models.CheckConstraint(
                name="clinic_gives_some_a_day",
                condition=models.Q(injections_a_day__isnull=True) | models.Q(injections_a_day__gt=0),
            ),
            models.CheckConstraint(name="clinic_version_positive", condition=models.Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    def local_date(self, moment: datetime) -> date:
        """The clinic's own calendar day at an aware moment."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()


class ClosedDay(models.Model):
    """A day on which the clinic gives no injections: a public holiday or its own."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="closed_days")
    on = models.DateField()
    why = models.CharField(max_length=120)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "on"], name="closed_day_once_per_clinic"),
            models.CheckConstraint(name="closed_day_says_why", condition=~models.Q(why="")),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d %b %Y} · {self.why}"


class Role(models.TextChoices):
    PRESCRIBER = "prescriber", "Prescriber"
    NURSE = "nurse", "Nurse"
    ADMINISTRATOR = "administrator", "Administrator"


class Membership(models.Model):
    """One role of one person in one clinic; a person may hold several."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "clinic", "role"], name="membership_once"),
            models.CheckConstraint(name="membership_role_known", condition=models.Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} in {self.clinic_id}"
