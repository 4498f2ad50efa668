"""All that a patient's chart shows, by a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import FilteredRelation, Q

from b12clinic.patients.models import Patient
from monitoring.interpretation.symptom_trend import Scores
from monitoring.models import Alert, Recheck, RecheckState
from monitoring.queries.results import ReportedRow, reported_rows
from monitoring.queries.symptoms import live_scores
from regimens.courses import Given
from regimens.models import (
    Administration,
    Assessment,
    Direction,
    Dose,
    DoseMove,
    Outcome,
    Phase,
    Regimen,
    Revision,
    RevisionKind,
)


@dataclass(frozen=True, slots=True)
class Chart:
    """A patient's regimens, phases with doses, injections, moves, labs, rechecks and alerts."""

    regimens: list[Regimen]
    phases: dict[int, list[Phase]]
    doses: dict[int, list[Dose]]
    administrations: list[Administration]
    revisions: list[Revision]
    moves: dict[int, list[DoseMove]]
    results: list[ReportedRow]
    rechecks: list[Recheck]
    alerts: list[Alert]
    assessments: list[Assessment]
    scores: list[Scores]
    direction: Direction | None = None

    @property
    def next_dose(self) -> Dose | None:
        """The dose that the patient waits for."""
        return next((dose for doses in self.doses.values() for dose in doses if dose.is_next), None)

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
    def latest_results(self) -> list[ReportedRow]:
        """The newest result of each analyte, by analyte."""
        newest: dict[str, ReportedRow] = {}
        for result in self.results:
            newest.setdefault(result.analyte, result)
        return [newest[analyte] for analyte in sorted(newest)]

    @property
    def corrected(self) -> frozenset[int]:
        """The entries that a later one corrects; every entry of a patient is on the chart."""
        return frozenset(one.corrects_id for one in self.administrations if one.corrects_id is not None)

    @property
    def injections(self) -> list[tuple[Administration, Dose | None]]:
        """The injections that stand with the dose that each fulfils, oldest first."""
        corrected = self.corrected
        fulfilled = {dose.given_as_id: dose for doses in self.doses.values() for dose in doses}
        return [
            (one, fulfilled.get(one.pk))
            for one in reversed(self.administrations)
            if one.outcome == Outcome.GIVEN and not one.entered_in_error and one.pk not in corrected
        ]

    @property
    def given(self) -> Given:
        """The days of the running regimen's injections, by the ordinal of their phase."""
        running, ordinals = self.running, self._ordinals()
        by_phase: dict[int, tuple[date, ...]] = {}
        extra: tuple[date, ...] = ()
        for one, dose in self.injections:
            if running is None or one.regimen_id != running.pk:
                continue
            if dose is not None:
                ordinal = ordinals[dose.phase_id]
                by_phase[ordinal] = (*by_phase.get(ordinal, ()), one.given_on)
            elif one.dose_id is None:
                extra = (*extra, one.given_on)
        return Given(by_phase, extra)

    def _ordinals(self) -> dict[int, int]:
        return {phase.pk: phase.ordinal for group in self.phases.values() for phase in group}

    def kind_of(self, dose: Dose | None) -> str | None:
        """The kind of the phase that a dose belongs to."""
        if dose is None:
            return None
        return next((phase.kind for phase in self._all_phases() if phase.pk == dose.phase_id), None)

    def phase_of(self, dose: Dose) -> Phase:
        """The phase that a dose belongs to."""
        return next(phase for phase in self._all_phases() if phase.pk == dose.phase_id)

    def _all_phases(self) -> list[Phase]:
        return [phase for group in self.phases.values() for phase in group]


_NOT_SHOWN = (
    *("form_key", "prechecks", "reactions", "volume_ml", "needle", "observed_minutes", "recorded_at"),
    *("recorded_by__password", "recorded_by__last_login", "recorded_by__date_joined"),
)
_BESIDE_REGIMEN: tuple[str, ...] = ("a_phase", "open_direction__by")
_BESIDE_REVISION: tuple[str, ...] = ("by", "a_move")
"""Joined as filtered relations, which set their attribute on a row only where there is something to join."""


def chart_of(patient: Patient) -> Chart:
    """The chart of a patient whom the user may see."""
    regimens, phases, direction = _regimens(patient)
    administrations = _administrations(patient)
    revisions, moves = _revisions(patient, regimens)
    return Chart(
        regimens=regimens,
        phases=phases,
        doses=_doses(patient, administrations),
        administrations=administrations,
        revisions=revisions,
        moves=moves,
        results=reported_rows(patient),
        rechecks=list(Recheck.objects.filter(patient=patient).exclude(state=RecheckState.DROPPED)),
        alerts=list(Alert.objects.filter(patient=patient, ended_at=None).order_by("raised_at")),
        assessments=list(Assessment.objects.filter(patient=patient).select_related("by")),
        scores=live_scores(patient),
        direction=direction,
    )


def _regimens(patient: Patient) -> tuple[list[Regimen], dict[int, list[Phase]], Direction | None]:
    """Regimens, the newest first, their phases, and the open direction of the running one: one query, a row a phase."""
    rows: Any = (
        Regimen.objects.filter(patient=patient)
        .annotate(
            a_phase=FilteredRelation("phases"),
            open_direction=FilteredRelation("directions", condition=Q(directions__ended_on__isnull=True)),
        )
        .select_related(*_BESIDE_REGIMEN)
        .order_by("-id", "a_phase__ordinal")
    )
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


def _administrations(patient: Patient) -> list[Administration]:
    rows = Administration.objects.filter(patient=patient).select_related("recorded_by")
    return list(rows.defer(*_NOT_SHOWN))


def _doses(patient: Patient, administrations: list[Administration]) -> dict[int, list[Dose]]:
    """Doses by phase, each with the injection that fulfils it out of the rows that were read already."""
    by_pk = {one.pk: one for one in administrations}
    doses: dict[int, list[Dose]] = {}
    for dose in Dose.objects.filter(patient=patient).order_by("number"):
        if dose.given_as_id is not None:
            dose.given_as = by_pk[dose.given_as_id]
        doses.setdefault(dose.phase_id, []).append(dose)
    return doses


def _revisions(patient: Patient, regimens: list[Regimen]) -> tuple[list[Revision], dict[int, list[DoseMove]]]:
    """Revisions, the newest first, with the dates that each moved: one query, a row a move.

    An injection on its day that moved nothing is left out: it stands among the injections.
    """
    rows: Any = (
        Revision.objects.filter(regimen__patient=patient)
        .annotate(a_move=FilteredRelation("moves"))
        .exclude(kind=RevisionKind.GIVEN, a_move__isnull=True)
        .select_related(*_BESIDE_REVISION)
        .order_by("-regimen_id", "-number", "a_move__due_on")
    )
    known = {regimen.pk: regimen for regimen in regimens}
    revisions: dict[int, Revision] = {}
    moves: dict[int, list[DoseMove]] = {}
    for row in rows:
        revisions.setdefault(row.pk, row).regimen = known[row.regimen_id]
        if hasattr(row, "a_move"):
            moves.setdefault(row.pk, []).append(row.a_move)
    return list(revisions.values()), moves
