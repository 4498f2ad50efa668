"""The patient's chart in words."""

from datetime import date
from typing import Any

from django.urls import reverse

from b12clinic.vocabulary import PhaseKind
from monitoring.models import Recheck, RecheckState
from monitoring.presenters.words import tests_in_words
from regimens.alert_origins import origins_of_alert
from regimens.dates_explained import Reasons
from regimens.models import Administration, Dose, DoseState, Outcome, Phase, Regimen, Revision
from regimens.presenters.dates import dates_explained
from regimens.presenters.plan import baseline_lines
from regimens.presenters.record import place
from regimens.presenters.response import response_panels
from regimens.presenters.words import day, days, drug_line, phase_line, standing
from regimens.presenters.worklist import end_alert_url
from regimens.protocols.phasespec import PhaseSpec
from regimens.queries.chart import Chart
from regimens.response_check import Standing

NEWEST = 12
"""Injections shown before all are asked for, and doses given that are named one by one."""


def chart_page(
    chart: Chart,
    treatment: Standing,
    reasons: Reasons | None,
    today: date,
    *,
    may_decide: bool,
    newest: int | None = NEWEST,
) -> dict[str, Any]:
    """Every panel of the chart, ready to print. newest: how many injections are shown; None: all of them."""
    running, corrected = chart.running, chart.corrected
    signed = [
        revision
        for revision in chart.revisions
        if running and revision.regimen_id == running.pk and revision.protocol
    ]
    return {
        "running": running,
        "plan": _plan_line(running, signed, today) if running else "",
        "overrides_of": signed[0] if signed else None,
        "phases": [
            _phase(phase, chart.doses.get(phase.pk, []), today)
            | {"origins": dates_explained(phase, chart, reasons, today)}
            | ({"end_url": _end_url(running, phase, chart)} if may_decide else {})
            for phase in chart.phases.get(running.pk, [])
        ]
        if running
        else [],
        "next": _next(chart, today),
        "injections": [
            _injection(row, today, is_corrected=row.pk in corrected) for row in chart.administrations[:newest]
        ],
        "earlier": max(len(chart.administrations) - NEWEST, 0) if newest else 0,
        "results": baseline_lines(chart.latest_results, today),
        **response_panels(treatment),
        "rechecks": [_recheck(recheck, today) for recheck in chart.rechecks],
        "alerts": [
            {
                "severity": alert.severity,
                "message": alert.sentence,
                "source": alert.source,
                "origins": origins_of_alert(alert.rule, alert.source),
                "end_url": end_alert_url(alert.public_id),
            }
            for alert in chart.alerts
        ],
        "history": [_revision(revision, chart, today) for revision in chart.revisions],
        "unsigned": [
            {
                "line": f"{a.get_cause_display()}, {day(a.as_of, today)}",
                "url": reverse("regimens:compare", args=[a.public_id]),
            }
            for a in chart.assessments[:1]
            if not any(regimen.assessment_id == a.pk for regimen in chart.regimens)
        ],
    }


def _plan_line(regimen: Regimen, signed: list[Revision], today: date) -> str:
    protocol = f"{signed[0].protocol}, version {signed[0].pack_version}" if signed else "protocol not kept"
    length = "lifelong" if regimen.lifelong else "reviewed for need"
    return f"{protocol} · {length} · planned from {day(regimen.starts_on, today)}"


def _phase(phase: Phase, doses: list[Dose], today: date) -> dict[str, Any]:
    given = sum(dose.state == DoseState.GIVEN for dose in doses)
    wanted = phase.doses_wanted
    over = phase.finished_on is not None or (wanted is not None and given >= wanted)
    state = "done" if over else ("current" if given or any(dose.is_next for dose in doses) else "planned")
    return {
        "name": phase.get_kind_display(),
        "state": state,
        "state_label": f"{given} of {wanted} given" if wanted else f"{given} given, open-ended",
        "dates": "",
        "line": f"{drug_line(phase.drug, phase.dose_mcg, phase.route)} · {phase_line(PhaseSpec.from_dict(phase.spec))}",
        "doses": [_dose(dose, today) for dose in doses[max(given - NEWEST, 0) :] if _is_shown(dose)],
        "earlier": max(given - NEWEST, 0),
        "note": phase.ends_by,
    }


def _is_shown(dose: Dose) -> bool:
    return dose.state != DoseState.WITHDRAWN


def _end_url(regimen: Regimen, phase: Phase, chart: Chart) -> str:
    """Where a review ends the phase: only for an open-ended loading that has begun; maintenance ends by stopping."""
    begun = any(dose.state == DoseState.GIVEN for dose in chart.doses.get(phase.pk, []))
    if (
        phase.doses_wanted is not None
        or phase.finished_on
        or phase.kind == PhaseKind.MAINTENANCE
        or not begun
    ):
        return ""
    return reverse("regimens:end_phase", args=[regimen.public_id, phase.ordinal])


def _dose(dose: Dose, today: date) -> dict[str, str]:
    if dose.given_as is not None:
        late = (dose.given_as.given_on - dose.due_on).days
        note = f", {days(late)} after its day" if late > 0 else ""
        return {
            "status": "given",
            "label": f"{dose.number}: given {day(dose.given_as.given_on, today)}{note}",
        }
    status, words = standing(dose.due_on, dose.overdue_on, today)
    if not dose.is_next:
        return {"status": "planned", "label": f"{dose.number}: {day(dose.due_on, today)}"}
    return {"status": status, "label": f"{dose.number}: {words.lower()}, due {day(dose.due_on, today)}"}


def _next(chart: Chart, today: date) -> dict[str, str] | None:
    dose = chart.next_dose
    if dose is None:
        return None
    return {
        "given_url": reverse("regimens:record_given", args=[dose.public_id]),
        "not_given_url": reverse("regimens:record_not_given", args=[dose.public_id]),
        "contact_url": f"{reverse('regimens:record_contact', args=[dose.public_id])}?from=chart",
    }


def _injection(row: Administration, today: date, *, is_corrected: bool) -> dict[str, Any]:
    given = row.outcome == Outcome.GIVEN
    if row.entered_in_error:
        status, label = "withdrawn", "Entered in error"
    elif is_corrected:
        status, label = "withdrawn", "Corrected since"
    elif given:
        status, label = "given", "Given" if row.dose_id else "Given, on top of the plan"
    else:
        status, label = "not_given", "Not given"
    return {
        "day": day(row.given_on, today),
        "status": status,
        "label": label,
        "what": drug_line(row.drug, row.dose_mcg or 0, row.route)
        if given
        else row.get_not_given_reason_display(),
        "where": place(row.site, row.side),
        "lot": row.lot,
        "who": _who(row),
        "reaction": _reaction(row),
        "reason": row.reason,
        "correct_url": reverse("regimens:correct", args=[row.public_id])
        if not is_corrected and not row.entered_in_error
        else "",
    }


def _who(row: Administration) -> str:
    """Who gave it, and who else had a hand in it."""
    if row.given_elsewhere or row.self_administered:
        return "Given elsewhere" if row.given_elsewhere else "Given by the patient"
    parts = [
        row.given_by.display_name if row.given_by else row.recorded_by.display_name,
        f"checked by {row.checked_by.display_name}" if row.checked_by else "",
        f"recorded by {row.recorded_by.display_name}" if row.given_by not in (None, row.recorded_by) else "",
    ]
    return ", ".join(part for part in parts if part)


def _reaction(row: Administration) -> str:
    """The grade with what was seen; nothing where there was no reaction."""
    if row.reaction_grade in ("", "none"):
        return ""
    return ". ".join(part for part in (row.get_reaction_grade_display(), row.reaction) if part)


def _recheck(recheck: Recheck, today: date) -> dict[str, str]:
    tests = tests_in_words(recheck.tests)
    if recheck.state == RecheckState.DONE:
        return {
            "status": "given",
            "label": "Done",
            "due": day(recheck.due_on, today),
            "tests": tests,
            "why": recheck.why,
        }
    late = (today - recheck.due_on).days
    status, label = (
        ("overdue", f"Overdue {days(late)}")
        if late > 0
        else ("soon", f"In {days(-late)}" if late else "Today")
    )
    return {
        "status": status,
        "label": label,
        "due": day(recheck.due_on, today),
        "tests": tests,
        "why": recheck.why,
    }


def _revision(revision: Revision, chart: Chart, today: date) -> dict[str, Any]:
    return {
        "number": revision.number,
        "kind": ": ".join(filter(None, (revision.get_kind_display(), revision.get_choice_display().lower()))),
        "who": revision.by.display_name,
        "day": day(revision.regimen.clinic.local_date(revision.at), today),
        "reason": revision.reason,
        "moves": [
            f"{day(m.was_due_on, today)} → {day(m.due_on, today)}" for m in chart.moves.get(revision.pk, [])
        ],
    }
