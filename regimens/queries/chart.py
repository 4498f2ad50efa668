"""All that a patient's chart shows, by a fixed number of queries."""

from dataclasses import dataclass

from b12clinic.patients.models import Patient
from monitoring.interpretation.symptom_trend import Scores
from monitoring.models import Alert, Recheck, RecheckState, Result
from monitoring.queries import live_results
from monitoring.queries.symptoms import live_scores
from regimens.models import Administration, Assessment, Dose, DoseMove, Outcome, Phase, Regimen, Revision


@dataclass(frozen=True, slots=True)
class Chart:
    """A patient's regimens, phases with doses, injections, moves, labs, rechecks and alerts."""

    regimens: list[Regimen]
    phases: dict[int, list[Phase]]
    doses: dict[int, list[Dose]]
    administrations: list[Administration]
    revisions: list[Revision]
    moves: dict[int, list[DoseMove]]
    results: list[Result]
    rechecks: list[Recheck]
    alerts: list[Alert]
    assessments: list[Assessment]
    scores: list[Scores]

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
    def latest_results(self) -> list[Result]:
        """The newest result of each analyte, by analyte."""
        newest: dict[str, Result] = {}
        for result in self.results:
            newest.setdefault(result.analyte, result)
        return [newest[analyte] for analyte in sorted(newest)]

    @property
    def injections(self) -> list[tuple[Administration, Dose | None]]:
        """The injections that stand with the dose that each fulfils, oldest first."""
        fulfilled = {dose.given_as_id: dose for doses in self.doses.values() for dose in doses}
        return [(one, fulfilled.get(one.pk)) for one in reversed(self.administrations) if _stands(one)]

    def kind_of(self, dose: Dose | None) -> str | None:
        """The kind of the phase that a dose belongs to."""
        if dose is None:
            return None
        phases = (phase for group in self.phases.values() for phase in group)
        return next((phase.kind for phase in phases if phase.pk == dose.phase_id), None)


def _stands(row: Administration) -> bool:
    corrected = getattr(row, "corrected_by", None) is not None
    return row.outcome == Outcome.GIVEN and not corrected and not row.entered_in_error


def chart_of(patient: Patient) -> Chart:
    """The chart of a patient whom the user may see."""
    regimens = list(Regimen.objects.filter(patient=patient).order_by("-id"))
    phases: dict[int, list[Phase]] = {}
    for phase in Phase.objects.filter(regimen__patient=patient):
        phases.setdefault(phase.regimen_id, []).append(phase)
    doses: dict[int, list[Dose]] = {}
    for dose in Dose.objects.filter(patient=patient).select_related("given_as").order_by("number"):
        doses.setdefault(dose.phase_id, []).append(dose)
    moves: dict[int, list[DoseMove]] = {}
    for move in DoseMove.objects.filter(dose__patient=patient).order_by("due_on"):
        moves.setdefault(move.revision_id, []).append(move)
    return Chart(
        regimens=regimens,
        phases=phases,
        doses=doses,
        administrations=list(
            Administration.objects.filter(patient=patient).select_related(
                "recorded_by", "given_by", "checked_by", "corrected_by"
            )
        ),
        revisions=list(
            Revision.objects.filter(regimen__patient=patient)
            .select_related("by")
            .order_by("-regimen_id", "-number")
        ),
        moves=moves,
        results=list(live_results(patient)),
        rechecks=list(Recheck.objects.filter(patient=patient).exclude(state=RecheckState.DROPPED)),
        alerts=list(Alert.objects.filter(patient=patient, ended_at=None).order_by("raised_at")),
        assessments=list(Assessment.objects.filter(patient=patient).select_related("by")),
        scores=live_scores(patient),
    )
