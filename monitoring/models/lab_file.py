import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from b12clinic.states import Move, MovingQuerySet


class LabEncoding(models.TextChoices):
    """What a laboratory declares that its files are written in; nothing is guessed."""

    UTF_8 = "utf-8", "UTF-8"
    UTF_16 = "utf-16", "UTF-16"
    LATIN_1 = "latin-1", "Latin-1 (ISO 8859-1)"


class DecimalMark(models.TextChoices):
    """What a laboratory declares that its decimals are written with; 1,234 is never guessed to be the one or the other."""

    POINT = ".", "a point: 4.1"
    COMMA = ",", "a comma: 4,1"


class LabProfile(models.Model):
    """How one laboratory writes its files: the columns of its CSV, its encoding and zone, the unit it uses for a test.

    `columns` maps our fields to its headings; `units` an analyte to the unit that this laboratory is known to use where
    its file names none, as somebody confirmed it; `codes` its code of a test to our analyte, or to nothing for a test
    that is left out. `scheme` says whose numbers its patients carry where a row does not. `version` grows with every
    save, so that of two people who change it at once neither overwrites the other unseen.
    """

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.CASCADE, related_name="lab_profiles")
    name = models.CharField(max_length=80)
    columns = models.JSONField(default=dict)
    units = models.JSONField(default=dict)
    codes = models.JSONField(default=dict)
    encoding = models.CharField(max_length=12, choices=LabEncoding.choices, default=LabEncoding.UTF_8)
    scheme = models.CharField(max_length=16, blank=True)
    day_first = models.BooleanField(null=True)
    decimal_mark = models.CharField(max_length=1, choices=DecimalMark.choices, default=DecimalMark.POINT)
    time_zone = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "name"], name="lab_profile_name_once_per_clinic"),
            models.CheckConstraint(name="lab_profile_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="lab_profile_decimal_mark_known", condition=Q(decimal_mark__in=DecimalMark.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LabFormat(models.TextChoices):
    CSV = "csv", "CSV"
    HL7 = "hl7", "HL7 v2"
    FHIR = "fhir", "FHIR R4"


class LabFileState(models.TextChoices):
    READ = "read", "Read, nothing written"
    IMPORTED = "imported", "Imported"
    REFUSED = "refused", "Refused"


class LabDoor(models.TextChoices):
    """Through which door a file came in."""

    PAGE = "page", "the page"
    FOLDER = "folder", "the watched folder"
    COMMAND = "command", "a command"


class LabFile(models.Model):
    """A file of results as it came, kept whole; the same bytes in one clinic are one file.

    Reading writes no result. `refusal` is the one sentence for a file that cannot be read at all; `counts` says how many
    rows met which fate when they were last weighed, `weighed_on` the clinic's day on which that was, and `read_as` under
    which layout they were read: empty, they have to be read anew. `came_by` is empty of files that came before it was noted.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="lab_files")
    profile = models.ForeignKey(LabProfile, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    format = models.CharField(max_length=8, choices=LabFormat.choices, blank=True)
    state = models.CharField(max_length=12, choices=LabFileState.choices, default=LabFileState.READ)
    refusal = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    read_as = models.CharField(max_length=64, blank=True)
    weighed_on = models.DateField(null=True)
    received_at = models.DateTimeField()
    came_by = models.CharField(max_length=8, choices=LabDoor.choices, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    imported_at = models.DateTimeField(null=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = MovingQuerySet["LabFile"].as_manager()

    MOVES = (
        Move("", LabFileState.READ, "somebody brings it, or it lies in the watched folder"),
        Move(LabFileState.READ, LabFileState.READ, "it is read again, with another laboratory's layout"),
        Move(LabFileState.READ, LabFileState.REFUSED, "it cannot be read"),
        Move(LabFileState.REFUSED, LabFileState.READ, "read again with another layout, it can"),
        Move(LabFileState.REFUSED, LabFileState.REFUSED, "read again, it still cannot"),
        Move(LabFileState.READ, LabFileState.IMPORTED, "somebody imports what it shows"),
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "digest"], name="lab_file_once_per_clinic"),
            models.CheckConstraint(
                name="lab_file_format_known", condition=Q(format__in=["", *LabFormat.values])
            ),
            models.CheckConstraint(
                name="lab_file_came_by_known_door", condition=Q(came_by__in=["", *LabDoor.values])
            ),
            models.CheckConstraint(name="lab_file_state_known", condition=Q(state__in=LabFileState.values)),
            models.CheckConstraint(
                name="lab_file_refused_iff_says_why",
                condition=Q(state="refused") & ~Q(refusal="") | ~Q(state="refused") & Q(refusal=""),
            ),
            models.CheckConstraint(
                name="lab_file_imported_has_moment",
                condition=Q(state="imported", imported_at__isnull=False)
                | (~Q(state="imported") & Q(imported_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WaitingRow(models.Model):
    """A row of a file that became no result yet: its patient, test, unit or date could not be settled.

    `said` is what the row says, as text. It waits until somebody settles it, by a result or by a reason not to.
    """

    file = models.ForeignKey(LabFile, on_delete=models.PROTECT, related_name="waiting")
    number = models.PositiveIntegerField()
    fate = models.CharField(max_length=24)
    sentence = models.TextField()
    said = models.JSONField()
    result = models.OneToOneField("monitoring.Result", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    why = models.TextField(blank=True)

    class Meta:
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="waiting_row_once_per_file"),
            models.CheckConstraint(
                name="waiting_row_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, result__isnull=True, why="")
                | (
                    Q(settled_at__isnull=False, settled_by__isnull=False)
                    & (Q(result__isnull=False) | ~Q(why=""))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["file"], condition=Q(settled_at__isnull=True), name="waiting_row_open")
        ]

    def __str__(self) -> str:
        return f"row {self.number}: {self.fate}"
