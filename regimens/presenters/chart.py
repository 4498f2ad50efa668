"""The patient's chart in words."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import reverse

from b12clinic.accounts.models import User
from b12clinic.vocabulary import NotGivenReason, PhaseKind, ReactionGrade
from monitoring.models import Recheck, RecheckState
from monitoring.presenters.inbox import owner_in_words
from monitoring.presenters.words import tests_in_words
from regimens.alert_origins import origins_of_alert
from regimens.dates_explained import Reasons
from regimens.models import Dose, Outcome, Phase, Regimen, Revision
from regimens.presenters.dates import dates_explained
from regimens.presenters.plan import baseline_lines
from regimens.presenters.record import place
from regimens.presenters.response import response_panels
from regimens.presenters.words import day, days, drug_line, phase_line, standing
from regimens.presenters.worklist import end_alert_url, take_alert_url
from regimens.protocols.phasespec import PhaseSpec
from regimens.queries.chart import Chart
from regimens.queries.injections import FulfilledDose, InjectionRow, corrected_entries
from regimens.response_check import Standing

NEWEST = 12
"""Rows of a list shown before all are asked for, and doses given that are named one by one."""
LISTS = ("injections", "rechecks", "history")


def chart_page(
    chart: Chart,
    treatment: Standing,
    reasons: Reasons | None,
    today: date,
    *,
    user: User,
    may_decide: bool,
    whole: Collection[str] = (),
) -> dict[str, Any]:
    """Every panel of the chart, ready to print. whole: the lists of which every row is shown."""
    running, corrected = chart.running, corrected_entries(chart.entries)
    injections = chart.entries if "injections" in whole else chart.entries[:NEWEST]
    rechecks = chart.rechecks if "rechecks" in whole else _rechecks_shown(chart.rechecks)
    history = chart.revisions if "history" in whole else chart.revisions[:NEWEST]
    return {
        "running": running,
        "plan": _plan_line(running, chart.signed, today) if running else "",
        "phases": [
            _phase(phase, chart, today)
            | {"origins": dates_explained(phase, chart, reasons, today)}
            | ({"end_url": _end_url(running, phase, chart)} if may_decide else {})
            for phase in chart.phases.get(running.pk, [])
        ]
        if running
        else [],
        "next": _next(chart, today),
        "injections": _told_apart(
            [_injection(row, today, is_corrected=row.pk in corrected) for row in injections]
        ),
        "more": {
            "injections": len(chart.entries) - len(injections),
            "rechecks": len(chart.rechecks) - len(rechecks),
            "history": len(chart.revisions) - len(history),
        },
        "results": baseline_lines(chart.latest_results, today),
        **response_panels(treatment),
        "rechecks": [_recheck(recheck, today) for recheck in rechecks],
        "alerts": [
            {
                "severity": alert.severity,
                "message": alert.sentence,
                "source": alert.source,
                "origins": origins_of_alert(alert.rule, alert.source),
                "owner": owner_in_words(alert.owner, user),
                "take_url": take_alert_url(alert),
                "end_url": end_alert_url(alert.public_id),
            }
            for alert in chart.alerts
        ],
        "history": [_revision(revision, chart, today) for revision in history],
        "unsigned": [
            {
                "line": f"{a.get_cause_display()}, {day(a.as_of, today)}",
                "url": reverse("regimens:compare", args=[a.public_id]),
            }
            for a in chart.assessments[:1]
            if not any(regimen.assessment_id == a.pk for regimen in chart.regimens)
        ],
    }


def _plan_line(regimen: Regimen, signed: Revision | None, today: date) -> str:
    protocol = f"{signed.protocol}, version {signed.pack_version}" if signed else "protocol not kept"
    length = "lifelong" if regimen.lifelong else "reviewed for need"
    return f"{protocol} · {length} · planned from {day(regimen.starts_on, today)}"


def _phase(phase: Phase, chart: Chart, today: date) -> dict[str, Any]:
    shown, owed = _given_in(phase, chart), chart.owed.get(phase.pk, [])
    given, wanted = len(shown), phase.doses_wanted
    over = phase.finished_on is not None or (wanted is not None and given >= wanted)
    state = "done" if over else ("current" if given or any(dose.is_next for dose in owed) else "planned")
    return {
        "name": phase.get_kind_display(),
        "state": state,
        "state_label": f"{given} of {wanted} given" if wanted else f"{given} given, open-ended",
        "dates": "",
        "line": f"{drug_line(phase.drug, phase.dose_mcg, phase.route)} · {phase_line(PhaseSpec.from_dict(phase.spec))}",
        "doses": _doses(shown, owed, today),
        "earlier": max(given - NEWEST, 0),
        "note": phase.ends_by,
    }


def _given_in(phase: Phase, chart: Chart) -> list[tuple[FulfilledDose, date]]:
    """The doses of a phase that were given, with their days, by number."""
    return sorted(
        (one.fulfils, one.given_on)
        for one in chart.injections
        if one.fulfils and one.fulfils.phase_id == phase.pk
    )


def _doses(given: list[tuple[FulfilledDose, date]], owed: list[Dose], today: date) -> list[dict[str, str]]:
    """The newest of those given and all that are owed, by number."""
    lines = {dose.number: _dose_given(dose, on, today) for dose, on in given[-NEWEST:]}
    lines |= {dose.number: _dose_owed(dose, today) for dose in owed}
    return [lines[number] for number in sorted(lines)]


def _end_url(regimen: Regimen, phase: Phase, chart: Chart) -> str:
    """Where a review ends the phase: only for an open-ended loading that has begun; maintenance ends by stopping."""
    open_ended = phase.doses_wanted is None and not phase.finished_on
    if not open_ended or phase.kind == PhaseKind.MAINTENANCE or not _given_in(phase, chart):
        return ""
    return reverse("regimens:end_phase", args=[regimen.public_id, phase.ordinal])


def _dose_given(dose: FulfilledDose, on: date, today: date) -> dict[str, str]:
    late = (on - dose.due_on).days
    note = f", {days(late)} after its day" if late > 0 else ""
    return {"status": "given", "label": f"{dose.number}: given {day(on, today)}{note}"}


def _dose_owed(dose: Dose, today: date) -> dict[str, str]:
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


def _injection(row: InjectionRow, today: date, *, is_corrected: bool) -> dict[str, Any]:
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
        else NotGivenReason.label_of(row.not_given_reason),
        "where": place(row.site, row.side),
        "lot": row.lot,
        "who": _who(row),
        "reaction": _reaction(row),
        "reason": row.reason,
        "correct_url": "" if is_corrected or row.entered_in_error else _correct_url(row.public_id),
    }


def _told_apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row with a name of its own for its link: its day and what was given, with a number from the second one on."""
    met: Counter[str] = Counter()
    for row in rows:
        lot = f"lot {row['lot']}" if row["lot"] else ""
        name = ", ".join(part for part in (row["day"], row["label"].lower(), row["what"], lot) if part)
        met[name] += 1
        row["told_apart"] = f"{name}, number {met[name]}" if met[name] > 1 else name
    return rows


def _correct_url(entry: UUID) -> str:
    return _correct_address().replace(str(_NOBODY), str(entry))


@cache
def _correct_address() -> str:
    """The address with no entry in it yet: looking it up for each row is dearer than the row."""
    return reverse("regimens:correct", args=[_NOBODY])


_NOBODY = UUID(int=0)


def _who(row: InjectionRow) -> str:
    """Who gave it, and who else had a hand in it."""
    if row.given_elsewhere or row.self_administered:
        return "Given elsewhere" if row.given_elsewhere else "Given by the patient"
    parts = [
        row.given_by or row.recorded_by,
        f"checked by {row.checked_by}" if row.checked_by else "",
        f"recorded by {row.recorded_by}" if row.given_by_id not in (None, row.recorded_by_id) else "",
    ]
    return ", ".join(part for part in parts if part)


def _reaction(row: InjectionRow) -> str:
    """The grade with what was seen; nothing where there was no reaction."""
    if row.reaction_grade in ("", "none"):
        return ""
    return ". ".join(part for part in (ReactionGrade.label_of(row.reaction_grade), row.reaction) if part)


def _rechecks_shown(rechecks: list[Recheck]) -> list[Recheck]:
    """Those that are waited for and the newest of those that are done, by day."""
    done = [one.pk for one in rechecks if one.state == RecheckState.DONE]
    left_out = set(done[:-NEWEST])
    return [one for one in rechecks if one.pk not in left_out]


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
