import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class ReadRow(models.Model):
    """A row of a file as it was read when the file came, and the fate that it was weighed at then.

    Only of a file that may still be imported: the file itself is what is kept. `words` is the row as `intake.kept` writes
    it. Where nothing in the row itself speaks against it, it is measured already and `person` is the number of a row that
    names the same patient; otherwise `person` is null. `public_id` is the address that its result may bear.
    """

    public_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(
        "monitoring.LabFile", on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField()
    fate = models.CharField(max_length=24)
    sentence = models.TextField(blank=True)
    words = models.JSONField(encoder=DjangoJSONEncoder)
    person = models.PositiveIntegerField(null=True)
    key = models.CharField(max_length=120, blank=True)
    taken_on = models.DateField(null=True)
    taken_at = models.DateTimeField(null=True)
    analyte = models.CharField(max_length=32, blank=True)
    reported_value = models.CharField(max_length=40, blank=True)
    comparator = models.CharField(max_length=2, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    amount = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    coded = models.CharField(max_length=16, blank=True)
    canonical = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    reference_low = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    reference_high = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    abnormal = models.BooleanField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="read_row_once_per_file"),
            models.CheckConstraint(
                name="read_row_measured_iff_of_a_person",
                condition=Q(person__isnull=True, abnormal__isnull=True, taken_on__isnull=True)
                | Q(person__isnull=False, abnormal__isnull=False, taken_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number}: {self.fate}"
