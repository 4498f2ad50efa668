import unicodedata
import uuid
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from b12clinic.vocabulary import Sex


def name_keys(name: str) -> tuple[str, str]:
    """What a name is searched by: folded to lower case without accents, as written and with the last word first."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return " ".join(words), " ".join(words[-1:] + words[:-1])


class Patient(models.Model):
    """A person in a clinic's register. `name_key` and `name_turned_key` follow from the name and are searched by prefix.

    `allergies_asked_on` is the day on which somebody asked: with it and no open allergy, none is known; without it nobody
    knows. `consent_noted_on` is the day on which the person last agreed to messages. `consents_to_detail`: a message may
    say that it is about an injection or a blood test. `language` is what messages are written in, empty for English;
    `time_zone` where the person lives, empty for the clinic's.
    """

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="patients")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("full name", max_length=160)
    name_key = models.CharField(max_length=200, editable=False)
    name_turned_key = models.CharField(max_length=200, editable=False)
    born_on = models.DateField("date of birth")
    sex = models.CharField(max_length=8, choices=Sex.choices())
    weight_kg = models.DecimalField("weight in kg", max_digits=4, decimal_places=1, null=True, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    phone = models.CharField("telephone", max_length=40, blank=True)
    postal_address = models.TextField("postal address", blank=True)
    consents_to_email = models.BooleanField("agrees to e-mail messages", default=False)
    consents_to_sms = models.BooleanField("agrees to text messages", default=False)
    consents_to_letter = models.BooleanField("agrees to letters", default=False)
    consent_noted_on = models.DateField(null=True, blank=True)
    consents_to_detail = models.BooleanField(
        "agrees that messages say what they are about", default=False, db_default=False
    )
    language = models.CharField(max_length=12, blank=True, db_default="")
    time_zone = models.CharField(max_length=64, blank=True, db_default="")
    allergies_asked_on = models.DateField(null=True, blank=True)
    died_on = models.DateField(null=True, blank=True)
    moved_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    registered_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="patient_name_not_blank", condition=~Q(name="") & ~Q(name_key="")),
            models.CheckConstraint(name="patient_sex_known", condition=Q(sex__in=[sex.value for sex in Sex])),
            models.CheckConstraint(
                name="patient_died_after_birth",
                condition=Q(died_on__isnull=True) | Q(died_on__gte=F("born_on")),
            ),
            models.CheckConstraint(
                name="patient_moved_after_birth",
                condition=Q(moved_on__isnull=True) | Q(moved_on__gte=F("born_on")),
            ),
            models.CheckConstraint(
                name="patient_weight_positive", condition=Q(weight_kg__isnull=True) | Q(weight_kg__gt=0)
            ),
            models.CheckConstraint(
                name="patient_email_consent_has_address", condition=Q(consents_to_email=False) | ~Q(email="")
            ),
            models.CheckConstraint(
                name="patient_sms_consent_has_phone", condition=Q(consents_to_sms=False) | ~Q(phone="")
            ),
            models.CheckConstraint(
                name="patient_letter_consent_has_address",
                condition=Q(consents_to_letter=False) | ~Q(postal_address=""),
            ),
            models.CheckConstraint(
                name="patient_consent_has_date",
                condition=Q(consent_noted_on__isnull=False)
                | Q(consents_to_email=False, consents_to_sms=False, consents_to_letter=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "name_key"],
                name="patient_by_name",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
            models.Index(
                fields=["clinic", "name_turned_key"],
                name="patient_by_turned_name",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
            models.Index(fields=["clinic", "born_on"], name="patient_by_birth"),
            models.Index(fields=["clinic", "-id"], name="patient_newest"),
            models.Index(
                fields=["clinic", "id"],
                condition=Q(died_on__isnull=False) | Q(moved_on__isnull=False),
                name="patient_gone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key, self.name_turned_key = name_keys(self.name)
        super().save(*args, **kwargs)

    def age_on(self, day: date) -> int:
        """Completed years on a day."""
        return relativedelta(day, self.born_on).years

    @property
    def is_followed(self) -> bool:
        """Whether the clinic still cares for this person: neither deceased nor moved away."""
        return self.died_on is None and self.moved_on is None
