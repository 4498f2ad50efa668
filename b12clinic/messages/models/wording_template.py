from django.db import models
from django.db.models import Q

from b12clinic.messages.models.message import Audience
from b12clinic.vocabulary import Language

LONGEST_SUBJECT, LONGEST_BODY, LONGEST_SHORT = 150, 2000, 306


class WordingTemplate(models.Model):
    """A clinic's own words for one kind of message in one language; without a row the product's words are used.

    An empty `step` stands for every step that has no words of its own. `short` is the text message.
    """

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.CASCADE, related_name="wordings")
    kind = models.CharField(max_length=32)
    step = models.CharField(max_length=24, blank=True)
    audience = models.CharField(max_length=16, choices=Audience.choices)
    language = models.CharField(max_length=12, choices=Language.choices())
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    body = models.TextField()
    short = models.CharField(max_length=LONGEST_SHORT)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "kind", "step", "audience", "language"], name="wording_once"
            ),
            models.CheckConstraint(
                name="wording_says_something", condition=~Q(subject="") & ~Q(body="") & ~Q(short="")
            ),
            models.CheckConstraint(name="wording_audience_known", condition=Q(audience__in=Audience.values)),
            models.CheckConstraint(
                name="wording_language_known",
                condition=Q(language__in=[language.value for language in Language]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.step} in {self.language}"
