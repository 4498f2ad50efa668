from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regimens.protocols.vocabulary import NeuroChange


class NeuroReview(models.Model):
    """A signed review of an open-ended neurological loading: what was found, and whether the loading goes on.

    `next_review_on` is the day of the next one; null where the review ended the phase.
    """

    phase = models.ForeignKey("regimens.Phase", on_delete=models.PROTECT, related_name="reviews")
    revision = models.OneToOneField(
        "regimens.Revision", on_delete=models.PROTECT, null=True, related_name="review"
    )
    on = models.DateField()
    symptoms = models.TextField()
    signs = models.TextField()
    gait = models.TextField()
    change = models.CharField(max_length=12, choices=NeuroChange.choices())
    what_changed = models.TextField()
    next_review_on = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="review_change_known", condition=Q(change__in=[c.value for c in NeuroChange])
            ),
            models.CheckConstraint(
                name="review_next_lies_ahead",
                condition=Q(next_review_on__isnull=True) | Q(next_review_on__gt=F("on")),
            ),
            models.CheckConstraint(
                name="review_says_what_was_found", condition=~Q(symptoms="") & ~Q(signs="") & ~Q(gait="")
            ),
            models.CheckConstraint(
                name="review_that_ends_has_revision",
                condition=Q(next_review_on__isnull=False) | Q(revision__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change} on {self.on}"
