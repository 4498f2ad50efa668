import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Now


def sampled_at(prefix: str = "", of: type[models.F] = models.F) -> Coalesce:
    """When the sample of a row was taken, to put the values of one day in order.

    A value whose source gave a day alone counts from when it was entered, which is never before it was taken. `of` is
    `OuterRef` within a subquery.
    """
    return Coalesce(of(f"{prefix}taken_at"), of(f"{prefix}recorded_at"))


class ResultQuerySet(models.QuerySet["Result"]):
    def live(self) -> "ResultQuerySet":
        """What stands: superseded by nothing and not entered in error."""
        return self.filter(superseded_by__isnull=True, entered_in_error=False)

    def newest_first(self) -> "ResultQuerySet":
        """By day of sampling, within a day by the moment of it; what has the same moment, the latest entry first."""
        return self.order_by("-taken_on", sampled_at().desc(), "-id")


class Result(models.Model):
    """One laboratory value, as reported and never altered: value as text, comparator, unit, reference range.

    `number` is the reported value as a decimal in the unit reported, `coded` a word such as "positive"; exactly one
    of them is set. `canonical` is `number` in the analyte's canonical unit, null when coded. A correction is a new row
    that supersedes the old one and says why; the live row is the one that nothing supersedes. `taken_on` is the clinic's
    day of the sample, `taken_at` its moment where the laboratory gave one, null where it gave a day alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="results")
    analyte = models.CharField(max_length=32)
    taken_on = models.DateField()
    taken_at = models.DateTimeField(null=True)
    reported_value = models.CharField(max_length=40)
    comparator = models.CharField(max_length=2, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    number = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    coded = models.CharField(max_length=16, blank=True)
    canonical = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    reference_low = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    reference_high = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    unit_confirmed_because = models.TextField(blank=True)
    source_id = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001  unique, and typed results have none
    file = models.ForeignKey(
        "monitoring.LabFile", on_delete=models.PROTECT, null=True, related_name="results"
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    why = models.TextField(blank=True)
    entered_in_error = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="result_number_or_coded",
                condition=Q(number__isnull=False, canonical__isnull=False, coded="") & ~Q(unit="")
                | (Q(number__isnull=True, canonical__isnull=True, unit="") & ~Q(coded="")),
            ),
            models.CheckConstraint(
                name="result_comparator_known", condition=Q(comparator__in=["", "<", ">", "<=", ">="])
            ),
            models.CheckConstraint(
                name="result_value_not_blank", condition=~Q(reported_value="") & ~Q(analyte="")
            ),
            models.CheckConstraint(
                name="result_number_not_negative", condition=Q(number__isnull=True) | Q(number__gte=0)
            ),
            models.CheckConstraint(
                name="result_correction_says_why",
                condition=Q(supersedes__isnull=True, entered_in_error=False) | ~Q(why=""),
            ),
            models.CheckConstraint(
                name="result_range_in_order",
                condition=Q(reference_low__isnull=True)
                | Q(reference_high__isnull=True)
                | Q(reference_low__lte=models.F("reference_high")),
            ),
        ]
        indexes = [models.Index(fields=["patient", "analyte", "-taken_on"], name="result_by_patient")]

    def __str__(self) -> str:
        return f"{self.analyte} {self.comparator}{self.reported_value} {self.unit} on {self.taken_on}"
