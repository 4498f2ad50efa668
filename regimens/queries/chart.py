"""All that a patient's chart shows, by a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from b12clinic.patients.models import Patient
from monitoring.models import Alert, Recheck, RecheckState
from monitoring.queries import latest_results
from regimens.models import Administration, Assessment, Dose, DoseMove, Phase, Regimen, Revision


@dataclass(frozen=True, slots=True)
class Chart:
    """A patient's regimens, phases with doses, injections, moves, labs, rechecks and alerts."""

    regimens: list[Regimen]
    phases: dict[int, list[Phase]]
    doses: dict[int, list[Dose]]
    administrations: list[Administration]
    revisions: list[Revision]
    moves: dict[int, list[DoseMove]]
    results: list[Any]
    rechecks: list[Recheck]
    alerts: list[Alert]
    assessments: list[Assessment]


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
                "recorded_by", "given_by", "corrected_by"
            )
        ),
        revisions=list(
            Revision.objects.filter(regimen__patient=patient)
            .select_related("by")
            .order_by("-regimen_id", "-number")
        ),
        moves=moves,
        results=list(latest_results(patient)),
        rechecks=list(Recheck.objects.filter(patient=patient).exclude(state=RecheckState.DROPPED)),
        alerts=list(Alert.objects.filter(patient=patient, ended_at=None).order_by("raised_at")),
        assessments=list(Assessment.objects.filter(patient=patient).select_related("by")),
    )
