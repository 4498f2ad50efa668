import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class LetterBatch(models.Model):
    """Letters that were printed together: one PDF, kept as it was made, and who made it when.

    `count` is how many letters it holds. `accessible`: it keeps to PDF/UA-1; one that does not may lack a sign for which
    there was no font, and is looked through before it is posted.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="letter_batches")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    accessible = models.BooleanField(default=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="letter_batch_not_empty", condition=Q(count__gt=0))]

    def __str__(self) -> str:
        return f"{self.count} letters of clinic {self.clinic_id}"
