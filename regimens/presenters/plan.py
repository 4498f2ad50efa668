"""Planning in words: baseline labs, candidates side by side, and the calendar before it is signed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse

from b12clinic.vocabulary import Classification, PhaseKind, Route
from monitoring.interpretation.lab_value import LabValue
from monitoring.presenters.results import lab_in_words
from monitoring.presenters.words import test_in_words, tests_in_words
from regimens.models import Assessment
from regimens.planning import Adjustment, first_day, policy_for, preview, specs_of
from regimens.presenters.dates import DatesLine, together
from regimens.presenters.schedule_picture import picture_of_phases
from regimens.presenters.words import day, drug_line, phase_line
from regimens.protocols.date_origins import Grounds, explain
from regimens.protocols.findings import FindingRaised
from regimens.protocols.need_reviews import with_reviews
from regimens.protocols.pack import Pack, Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.recommendation import Recommendation
from regimens.protocols.schedule import PhaseForecast, PlannedDose, visits_within
from regimens.protocols.selection import Candidate

YEAR = 365


def baseline_lines(results: Iterable[LabValue], today: date) -> list[tuple[str, str, str]]:
    """Each latest result as analyte, value with unit, day taken."""
    return [
        (test_in_words(result.analyte), lab_in_words(result), day(result.taken_on, today))
        for result in results
    ]


def comparison_of(assessment: Assessment, candidates: tuple[Candidate, ...], today: date) -> dict[str, Any]:
    """The page of step 2: findings on top, a card for each candidate by guideline, and what is withheld and why."""
    first = candidates[0].recommendation if candidates else None
    return {
        "findings": _merged(
            candidate.recommendation.alerts for candidate in candidates if candidate.first_choice
        ),
        "classification": Classification.label_of(first.classification) if first else "",
        "because": first.because if first else (),
        "guidelines": [
            _guideline(
                assessment,
                pack,
                [one for one in candidates if one.recommendation.pack.code == pack.code],
                today,
            )
            for pack in {one.recommendation.pack.code: one.recommendation.pack for one in candidates}.values()
        ],
    }


def _guideline(
    assessment: Assessment, pack: Pack, candidates: list[Candidate], today: date
) -> dict[str, Any]:
    """One guideline's cards, or its sentences where it offers none."""
    offered = [candidate for candidate in candidates if candidate.recommendation.protocol]
    refused = next((one.recommendation for one in candidates if one.recommendation.protocol is None), None)
    return {
        "title": pack.title,
        "cards": [
            _card(assessment, candidate, protocol, today)
            for candidate in offered
            if (protocol := candidate.recommendation.protocol)
        ],
        "because": refused.because if refused else (),
        "excluded": [
            f"{choice.protocol.title}: {choice.why}"
            for one in candidates[:1]
            for choice in one.recommendation.excluded
        ],
    }


def _merged(groups: Iterable[Iterable[FindingRaised]]) -> list[FindingRaised]:
    """Each finding once, the hardest of its code, hardest first."""
    found: dict[str, FindingRaised] = {}
    for finding in (finding for group in groups for finding in group):
        kept = found.get(finding.code)
        if kept is None or finding.severity.rank < kept.severity.rank:
            found[finding.code] = finding
    return sorted(found.values(), key=lambda finding: finding.order)


def _card(assessment: Assessment, candidate: Candidate, protocol: Protocol, today: date) -> dict[str, Any]:
    recommendation = candidate.recommendation
    specs = tuple(phase.spec for phase in recommendation.phases)
    dates = _dates(assessment, recommendation, today)
    open_loading = any(spec.is_open_ended and spec.kind is not PhaseKind.MAINTENANCE for spec in specs)
    return {
        "code": protocol.code.replace("/", "-"),
        "name": protocol.title,
        "pack": f"{recommendation.pack.title}, version {recommendation.pack.version}",
        "reviewed": recommendation.pack.reviewed_on is not None,
        "first_choice": candidate.first_choice and recommendation.plan_allowed,
        "excluded": not recommendation.plan_allowed,
        "drug_line": _drug(protocol),
        "route": Route.label_of(recommendation.route or ""),
        "phases": [phase_line(spec) for spec in specs or protocol.phases],
        "picture": picture_of_phases(specs) if dates else None,
        "visits": "" if open_loading else str(len(dates)),
        "visits_note": "open until a review ends the loading" if open_loading else "",
        "first_dates": [day(on, today) for on in dates[:3]],
        "why": [protocol.why] if protocol.why else [],
        "why_not": _why_not(recommendation, protocol),
        "sources": [citation.spoken for citation in protocol.citations],
        "local_policy": protocol.is_local_policy,
        "choose_url": _choose_url(assessment, recommendation, protocol),
    }


def _dates(assessment: Assessment, recommendation: Recommendation, today: date) -> list[date]:
    """The first year's dates on the clinic's open days, as the next step shows them too."""
    starts_on = first_day(recommendation)
    if starts_on is None:
        return []
    adjustment = Adjustment(starts_on=max(starts_on, today))
    clinic = assessment.clinic
    laid_out = preview(specs_of(recommendation, adjustment), clinic, adjustment, policy_for(clinic))
    return [dose.due_on for part in laid_out for dose in part.doses]


def _why_not(recommendation: Recommendation, protocol: Protocol) -> list[str]:
    reasons = [protocol.caution] if protocol.caution else []
    if not recommendation.plan_allowed:
        reasons += list(recommendation.because[-1:])
    return reasons


def _choose_url(assessment: Assessment, recommendation: Recommendation, protocol: Protocol) -> str:
    if not recommendation.plan_allowed and not recommendation.phases:
        return ""
    return f"{reverse('regimens:adjust', args=[assessment.public_id])}?protocol={protocol.code}"


def _drug(protocol: Protocol) -> str:
    spec = protocol.phases[0]
    return f"{spec.drug.label} {spec.dose_mcg:,} mcg" + (" a day" if not spec.is_injected else "")


@dataclass(frozen=True, slots=True)
class PreviewPhase:
    """A phase of the calendar shown before signing: its line, its dates in words and why, and a note where it has none."""

    line: str
    drug: str
    dates: list[str]
    note: str
    origins: list[DatesLine]


def preview_of(
    recommendation: Recommendation,
    adjustment: Adjustment,
    specs: tuple[PhaseSpec, ...],
    forecast: tuple[PhaseForecast, ...],
    today: date,
) -> dict[str, Any]:
    """The page of step 3: each phase with every date, how many visits, and what is rechecked when."""
    dated = {part.ordinal: part.doses for part in forecast}
    visits = visits_within(specs, adjustment.starts_on, YEAR)
    grounds = _grounds(recommendation, adjustment)
    return {
        "phases": [
            _preview_phase(spec, dated.get(place, ()), grounds, today) for place, spec in enumerate(specs)
        ],
        "choices": _choices(recommendation),
        "visits": visits,
        "rechecks": [
            {
                "due": day(recheck.due_on, today),
                "tests": tests_in_words(recheck.tests),
                "why": recheck.why,
                "origins": recheck.origins,
            }
            for recheck in with_reviews(recommendation.rechecks, recommendation.reviews)
        ],
        "oral": [phase_line(spec) for spec in _oral_phases(recommendation)],
        "starts": day(adjustment.starts_on, today),
    }


def _grounds(recommendation: Recommendation, adjustment: Adjustment) -> Grounds | None:
    chosen = adjustment.starts_on != first_day(recommendation)
    return recommendation.grounds and replace(recommendation.grounds, first_day_chosen=chosen)


def _choices(recommendation: Recommendation) -> list[dict[str, Any]]:
    """Scheme, route, drug and duration, each with where it comes from."""
    if recommendation.protocol is None:
        return []
    lines = {
        "protocol": f"Scheme: {recommendation.protocol.title}",
        "route": f"Route: {Route.label_of(recommendation.route or '').lower()}",
        "drug": f"Drug: {recommendation.drug.label.lower() if recommendation.drug else 'none'}",
        "lifelong": f"Duration: {'lifelong' if recommendation.lifelong else 'reviewed for need'}",
    }
    return [{"line": lines[name], "origins": origins} for name, origins in recommendation.choices.items()]


def _oral_phases(recommendation: Recommendation) -> tuple[PhaseSpec, ...]:
    """What a plan by mouth gives, which has no dates."""
    protocol = recommendation.protocol
    return protocol.phases if protocol is not None and not recommendation.phases else ()


def _preview_phase(
    spec: PhaseSpec, doses: tuple[PlannedDose, ...], grounds: Grounds | None, today: date
) -> PreviewPhase:
    note = ""
    if not doses:
        note = "No dates yet: they follow from a signed review." if spec.is_injected else ""
    elif any(dose.provisional for dose in doses):
        note = "Provisional until the check before this phase has passed."
    elif spec.is_open_ended and spec.kind is not PhaseKind.MAINTENANCE:
        note = "Open-ended: further doses follow until a review ends this phase."
    return PreviewPhase(
        line=phase_line(spec),
        drug=drug_line(spec.drug, spec.dose_mcg, spec.route),
        dates=[day(dose.due_on, today) for dose in doses],
        note=note,
        origins=together(
            DatesLine(day(dose.due_on, today), explain(spec, dose, grounds)) for dose in doses if grounds
        ),
    )
