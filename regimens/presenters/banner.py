"""The line that says who a page is about, with the running regimen and the next dose."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from b12clinic.patients.models import Patient
from b12clinic.patients.presenters.banner import banner_facts
from regimens.models import Dose, Phase, Regimen, RegimenState
from regimens.presenters.words import day, dose_count, drug_line, paused_until, standing
from regimens.queries.chart import Chart


@dataclass(frozen=True, slots=True)
class PlanLine:
    """The regimen in a line, the next dose in a line with its status for the chip."""

    regimen: str
    next_dose: str
    next_status: str


def banner_of(patient: Patient, today: date, chart: Chart | None = None) -> dict[str, Any]:
    """All that the patient banner shows, on every page about a patient; chart: where the page has read it."""
    facts = banner_facts(patient, today)
    dose = chart.next_dose if chart else None
    plan = _dose_line(dose, chart.phase_of(dose), today) if chart and dose else plan_line(patient, today)
    return {
        **{name: getattr(facts, name) for name in facts.__slots__},
        "url": reverse("regimens:chart", args=[patient.public_id]),
        "regimen": plan.regimen,
        "next_dose": plan.next_dose,
        "next_status": plan.next_status,
    }


def plan_line(patient: Patient, today: date) -> PlanLine:
    """The running regimen's next dose in words; says so where there is none."""
    dose = Dose.objects.filter(patient=patient, is_next=True).select_related("phase").first()
    if dose is not None:
        return _dose_line(dose, dose.phase, today)
    regimen = Regimen.objects.filter(patient=patient, ended_on=None).first()
    if regimen is None:
        return PlanLine("", "", "")
    if regimen.state == RegimenState.PAUSED:
        pause = regimen.pauses.filter(ended_on__isnull=True).first()
        return PlanLine(paused_until(pause.until_on, today) if pause else "Paused", "", "")
    first = regimen.phases.first()
    line = drug_line(first.drug, first.dose_mcg, first.route) if first else "Running"
    return PlanLine(line, "", "")


def _dose_line(dose: Dose, phase: Phase, today: date) -> PlanLine:
    status, words = standing(dose.due_on, dose.overdue_on, today)
    count = dose_count(phase.kind, dose.number, phase.doses_wanted)
    return PlanLine(
        regimen=f"{drug_line(phase.drug, phase.dose_mcg, phase.route)} · {count}",
        next_dose=f"{words} · due {day(dose.due_on, today)}",
        next_status=status,
    )
