"""All that a patient's chart shows, by a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import FilteredRelation, Q

from b12clinic.accounts.models import User
from b12clinic.patients.models import Patient
from b12clinic.prepared import PreparedObjects
from monitoring.interpretation.lab_value import LabValue
from monitoring.interpretation.symptom_trend import Scores
from monitoring.models import Alert, Recheck, RecheckState
from monitoring.queries.results import newest_values, reported_values
from monitoring.queries.symptoms import live_scores
from regimens.courses import Given
from regimens.models import (
    Assessment,
    Direction,
    Dose,
    DoseMove,
    DoseState,
    Phase,
    Regimen,
    Revision,
    RevisionKind,
)
from regimens.queries.injections import InjectionRow, injection_rows, standing_injections


@dataclass(frozen=True, slots=True)
class Chart:
    """A patient's regimens, phases, injections, doses still owed, moves, labs, rechecks and alerts.

    entries: all that was recorded at the chair, newest first; injections: those that stand, oldest first.
    """

    regimens: list[Regimen]
    phases: dict[int, list[Phase]]
    owed: dict[int, list[Dose]]
    entries: list[InjectionRow]
    injections: list[InjectionRow]
    revisions: list[Revision]
    moves: dict[int, list[DoseMove]]
    results: list[LabValue]
    rechecks: list[Recheck]
    alerts: list[Alert]
    assessments: list[Assessment]
    scores: list[Scores]
    direction: Direction | None = None

    @property
    def next_dose(self) -> Dose | None:
        """The dose that the patient waits for."""
        return next((dose for doses in self.owed.values() for dose in doses if dose.is_next), None)

    @property
    def running(self) -> Regimen | None:
        """The regimen that has not ended."""
        return next((regimen for regimen in self.regimens if regimen.ended_on is None), None)

    @property
    def assessment(self) -> Assessment | None:
        """The judgement that counts: the one that the running regimen was signed from, else the last."""
        running = self.running
        wanted = [one for one in self.assessments if running and one.pk == running.assessment_id]
        return next(iter(wanted or self.assessments), None)

    @property
    def signed(self) -> Revision | None:
        """The last signature of the running regimen that kept a protocol."""
        running = self.running
        kept = (one for one in self.revisions if running and one.regimen_id == running.pk and one.protocol)
        return next(kept, None)

    @property
    def latest_results(self) -> list[LabValue]:
        """The newest result of each analyte, by analyte."""
        return newest_values(self.results)

    @property
    def given(self) -> Given:
        """The days of the running regimen's injections, by the ordinal of their phase."""
        running, phases = self.running, self.phase_by_pk
        by_phase: dict[int, list[date]] = {}
        extra: list[date] = []
        for one in self.injections:
            if running is None or one.regimen_id != running.pk:
                continue
            if one.fulfils is not None:
                by_phase.setdefault(phases[one.fulfils.phase_id].ordinal, []).append(one.given_on)
            elif one.dose_id is None:
                extra.append(one.given_on)
        return Given({ordinal: tuple(days) for ordinal, days in by_phase.items()}, tuple(extra))

    @property
    def phase_by_pk(self) -> dict[int, Phase]:
        """Every phase of every regimen by its key."""
        return {phase.pk: phase for group in self.phases.values() for phase in group}

    def phase_of(self, dose: Dose) -> Phase:
        """The phase that a dose belongs to."""
        return self.phase_by_pk[dose.phase_id]


def _phase_rows(patient: int) -> Any:
    """A row for each phase, with the open direction of its regimen; one row for a regimen without phases.

    Joined as filtered relations, which set their attribute on a row only where there is something to join.
    """
    return (
        Regimen.objects.filter(patient=patient)
        .annotate(
            a_phase=FilteredRelation("phases"),
            open_direction=FilteredRelation("directions", condition=Q(directions__ended_on__isnull=True)),
        )
        .order_by("-id", "a_phase__ordinal")
    )


def _move_rows(patient: int) -> Any:
    """A row for each date that a revision moved; one row for a revision that moved none.

    An injection on its day that moved nothing is left out: it stands among the injections.
    """
    return (
        Revision.objects.filter(regimen__patient=patient)
        .annotate(a_move=FilteredRelation("moves"))
        .exclude(kind=RevisionKind.GIVEN, a_move__isnull=True)
        .order_by("-regimen_id", "-number", "a_move__due_on")
    )


_REGIMENS = PreparedObjects(
    Regimen, _phase_rows, a_phase=Phase, open_direction=Direction, open_direction__by=User
)
_REVISIONS = PreparedObjects(Revision, _move_rows, by=User, a_move=DoseMove)
_OWED = PreparedObjects(
    Dose, lambda patient: Dose.objects.filter(patient=patient, state=DoseState.OWED).order_by("number")
)
_RECHECKS = PreparedObjects(
    Recheck, lambda patient: Recheck.objects.filter(patient=patient).exclude(state=RecheckState.DROPPED)
)
_ALERTS = PreparedObjects(
    Alert,
    lambda patient: Alert.objects.filter(patient=patient, ended_at=None).order_by("raised_at"),
    owner=User,
)
_ASSESSMENTS = PreparedObjects(Assessment, lambda patient: Assessment.objects.filter(patient=patient))


def chart_of(patient: Patient) -> Chart:
    """The chart of a patient whom the user may see."""
    regimens, phases, direction = _regimens(patient)
    entries = injection_rows(patient)
    revisions, moves = _revisions(patient, regimens)
    return Chart(
        regimens=regimens,
        phases=phases,
        owed=_owed(patient),
        entries=entries,
        injections=standing_injections(entries),
        revisions=revisions,
        moves=moves,
        results=reported_values(patient),
        rechecks=_RECHECKS.of(patient.pk),
        alerts=_ALERTS.of(patient.pk),
        assessments=_ASSESSMENTS.of(patient.pk),
        scores=live_scores(patient),
        direction=direction,
    )


def _regimens(patient: Patient) -> tuple[list[Regimen], dict[int, list[Phase]], Direction | None]:
    """Regimens, the newest first, their phases, and the open direction of the running one: one query."""
    rows: Any = _REGIMENS.of(patient.pk)
    regimens: dict[int, Regimen] = {}
    phases: dict[int, list[Phase]] = {}
    direction = None
    for row in rows:
        regimen = regimens.setdefault(row.pk, row)
        regimen.clinic = patient.clinic
        if hasattr(row, "a_phase"):
            phases.setdefault(row.pk, []).append(row.a_phase)
        if row.ended_on is None:
            direction = getattr(row, "open_direction", None)
    return list(regimens.values()), phases, direction


def _owed(patient: Patient) -> dict[int, list[Dose]]:
    """The doses still owed, by phase; one given stands with the injection that fulfils it."""
    doses: dict[int, list[Dose]] = {}
    for dose in _OWED.of(patient.pk):
        doses.setdefault(dose.phase_id, []).append(dose)
    return doses


def _revisions(patient: Patient, regimens: list[Regimen]) -> tuple[list[Revision], dict[int, list[DoseMove]]]:
    """Revisions, the newest first, with the dates that each moved: one query."""
    rows: Any = _REVISIONS.of(patient.pk)
    known = {regimen.pk: regimen for regimen in regimens}
    revisions: dict[int, Revision] = {}
    moves: dict[int, list[DoseMove]] = {}
    for row in rows:
        revisions.setdefault(row.pk, row).regimen = known[row.regimen_id]
        if hasattr(row, "a_move"):
            moves.setdefault(row.pk, []).append(row.a_move)
    return list(revisions.values()), moves
