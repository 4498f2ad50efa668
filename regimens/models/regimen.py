import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from b12clinic.states import Move, MovingQuerySet
from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from regimens.protocols.vocabulary import LateChoice


class RegimenState(models.TextChoices):
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    STOPPED = "stopped", "Stopped"
    COMPLETED = "completed", "Completed"


class Regimen(models.Model):
    """One patient's plan from decision to stop. `version` rises with every revision and refuses a stale edit.

    `weekdays` are those that suit the patient (Monday is 0); null: every day on which the clinic is open.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="regimens")
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    assessment = models.OneToOneField("regimens.Assessment", on_delete=models.PROTECT, related_name="regimen")
    state = models.CharField(max_length=12, choices=RegimenState.choices, default=RegimenState.ACTIVE)
    version = models.PositiveIntegerField(default=1)
    lifelong = models.BooleanField(default=False)
    neurological = models.BooleanField(default=False)
    starts_on = models.DateField()
    weekdays = models.JSONField(null=True)
    ended_on = models.DateField(null=True)

    objects = MovingQuerySet["Regimen"].as_manager()

    MOVES = (
        Move("", RegimenState.ACTIVE, "a prescriber signs it"),
        Move(RegimenState.ACTIVE, RegimenState.STOPPED, "a prescriber stops it, with a reason"),
        Move(RegimenState.PAUSED, RegimenState.STOPPED, "a prescriber stops it, with a reason"),
        Move(RegimenState.ACTIVE, RegimenState.PAUSED, "a prescriber pauses it until a day, with a reason"),
        Move(RegimenState.PAUSED, RegimenState.ACTIVE, "its day has come, or a prescriber resumes it before"),
        Move(RegimenState.ACTIVE, RegimenState.COMPLETED, "the last phase is ended by a signed review"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(state__in=["active", "paused"]),
                name="regimen_one_running_per_patient",
            ),
            models.CheckConstraint(name="regimen_state_known", condition=Q(state__in=RegimenState.values)),
            models.CheckConstraint(
                name="regimen_ended_iff_over",
                condition=Q(state__in=["active", "paused"], ended_on__isnull=True)
                | Q(state__in=["stopped", "completed"], ended_on__isnull=False),
            ),
            models.CheckConstraint(name="regimen_version_positive", condition=Q(version__gte=1)),
        ]
        indexes = [
            models.Index(fields=["clinic", "id"], condition=~Q(state="active"), name="regimen_resting"),
            models.Index(fields=["clinic", "assessment"], name="regimen_by_assessment"),
        ]

    def __str__(self) -> str:
        return f"regimen {self.public_id} ({self.state})"


class RevisionKind(models.TextChoices):
    SIGNED = "signed", "Signed"
    GIVEN = "given", "Re-dated after an injection"
    CORRECTED = "corrected", "Re-dated after a correction"
    DECIDED = "decided", "Late-dose decision"
    REVIEWED = "reviewed", "Review signed"
    ADJUSTED = "adjusted", "Adjusted"
    PAUSED = "paused", "Paused"
    RESUMED = "resumed", "Resumed"
    STOPPED = "stopped", "Stopped"


class Revision(models.Model):
    """One change of a regimen: who, when, why, and for a signed plan the protocol and the policy as they stood."""

    regimen = models.ForeignKey(Regimen, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=RevisionKind.choices)
    reason = models.TextField(blank=True)
    choice = models.CharField(max_length=12, blank=True, choices=LateChoice.choices(), db_default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    pack = models.CharField(max_length=24, blank=True)
    pack_version = models.CharField(max_length=24, blank=True)
    protocol = models.CharField(max_length=64, blank=True)
    protocol_snapshot = models.JSONField(null=True)
    policy_snapshot = models.JSONField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["regimen", "number"], name="revision_number_once"),
            models.CheckConstraint(name="revision_kind_known", condition=Q(kind__in=RevisionKind.values)),
            models.CheckConstraint(
                name="revision_choice_known",
                condition=Q(choice__in=["", *(choice.value for choice in LateChoice)]),
            ),
            models.CheckConstraint(
                name="revision_choice_iff_decided",
                condition=Q(kind="decided") & ~Q(choice="") | ~Q(kind="decided") & Q(choice=""),
            ),
            models.CheckConstraint(
                name="revision_signed_keeps_snapshot",
                condition=~Q(kind="signed")
                | (Q(protocol_snapshot__isnull=False, policy_snapshot__isnull=False) & ~Q(pack_version="")),
            ),
            models.CheckConstraint(
                name="revision_decision_says_why",
                condition=~Q(kind__in=["decided", "adjusted", "paused", "stopped", "corrected"])
                | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} ({self.kind})"


class Phase(models.Model):
    """A loading, taper, maintenance or oral part of a regimen. `spec` is the protocol's phase as signed.

    `starts_on` is the day before which none of its doses is planned, where a decision named one. `review_on` is the day of
    the next review of an open-ended loading or of tablets. `added_by` is the decision that laid it down again; null for a
    phase as first signed.
    """

    regimen = models.ForeignKey(Regimen, on_delete=models.PROTECT, related_name="phases")
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=PhaseKind.choices())
    drug = models.CharField(max_length=24, choices=Drug.choices())
    dose_mcg = models.PositiveIntegerField()
    route = models.CharField(max_length=12, choices=Route.choices())
    interval_count = models.PositiveSmallIntegerField()
    interval_unit = models.CharField(max_length=8, choices=IntervalUnit.choices())
    doses_wanted = models.PositiveSmallIntegerField(null=True)
    ends_by = models.TextField()
    starts_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)
    added_by = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="phases_added")
    spec = models.JSONField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["regimen", "ordinal"], name="phase_ordinal_once"),
            models.CheckConstraint(
                name="phase_kind_known", condition=Q(kind__in=[k.value for k in PhaseKind])
            ),
            models.CheckConstraint(name="phase_drug_known", condition=Q(drug__in=[d.value for d in Drug])),
            models.CheckConstraint(name="phase_route_known", condition=Q(route__in=[r.value for r in Route])),
            models.CheckConstraint(name="phase_dose_positive", condition=Q(dose_mcg__gt=0)),
            models.CheckConstraint(name="phase_interval_positive", condition=Q(interval_count__gt=0)),
            models.CheckConstraint(
                name="phase_unit_known", condition=Q(interval_unit__in=[u.value for u in IntervalUnit])
            ),
            models.CheckConstraint(
                name="phase_wants_doses_or_is_open",
                condition=Q(doses_wanted__isnull=True) | Q(doses_wanted__gt=0),
            ),
        ]
        indexes = [
            models.Index(
                fields=["review_on"],
                condition=Q(review_on__isnull=False, finished_on__isnull=True),
                name="phase_review_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} phase {self.ordinal + 1}"


class PlannedRecheck(models.Model):
    """That a revision of the plan asked for a recheck."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="planned_rechecks")
    recheck = models.OneToOneField("monitoring.Recheck", on_delete=models.PROTECT, related_name="planned_by")

    def __str__(self) -> str:
        return f"recheck {self.recheck_id} of revision {self.revision_id}"


class FindingOverride(models.Model):
    """A prescriber's written reason to pass a blocking finding when a plan was signed."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="overrides")
    code = models.CharField(max_length=48)
    sentence = models.TextField()
    source = models.TextField()
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "code"], name="override_once_per_finding"),
            models.CheckConstraint(name="override_says_why", condition=~Q(reason="") & ~Q(code="")),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"
