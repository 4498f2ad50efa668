"""Dates, doses and intervals in words, the same on every page."""

from datetime import date, timedelta

from b12clinic.vocabulary import Drug, PhaseKind, Route
from monitoring.presenters.words import day, days
from regimens.protocols.phasespec import PhaseSpec

__all__ = ["day", "days", "dose_count", "drug_line", "paused_until", "phase_line", "standing", "window"]

_DRUGS = {drug.value: drug.label for drug in Drug}
_ROUTES = {route.value: route.label for route in Route}
_KINDS = {kind.value: kind.label for kind in PhaseKind}


def standing(due_on: date, overdue_on: date, as_of: date) -> tuple[str, str]:
    """A dose's status for its chip and the words for it, as seen on a day."""
    if as_of >= overdue_on:
        return "overdue", f"Overdue {days((as_of - due_on).days)}"
    if as_of > due_on:
        return "due", f"Due now, {days((as_of - due_on).days)} past the day"
    if as_of == due_on:
        return "due", "Due today"
    return "soon", f"In {days((due_on - as_of).days)}"


def paused_until(until_on: date | None, today: date) -> str:
    """ "Paused until Wed 3 Dec": the first day on which it goes on again, or that a prescriber decides."""
    return f"Paused until {day(until_on, today)}" if until_on else "Paused until a prescriber decides"


def window(earliest_on: date, overdue_on: date, today: date) -> str:
    """ "Thu 5 Nov to Thu 3 Dec": the days on which a dose counts as on time; the last is the day before it is overdue."""
    return f"{day(earliest_on, today)} to {day(overdue_on - timedelta(days=1), today)}"


def drug_line(drug: str, dose_mcg: int, route: str) -> str:
    """ "Hydroxocobalamin 1,000 mcg, intramuscular"."""
    return f"{_DRUGS.get(drug, drug)} {dose_mcg:,} mcg, {_ROUTES.get(route, route).lower()}"


def dose_count(kind: str, number: int, wanted: int | None) -> str:
    """ "Loading 3 of 6", or "Maintenance 4, open-ended"."""
    return f"{_KINDS.get(kind, kind)} {number}" + (f" of {wanted}" if wanted else ", open-ended")


def phase_line(spec: PhaseSpec) -> str:
    """ "Loading: 6 doses, three times a week", or "Maintenance: every 3 months, open-ended"."""
    kind = spec.kind.label
    if not spec.is_injected:
        return f"{kind}: {spec.drug.label} {spec.dose_mcg:,} mcg {spec.rhythm}"
    if spec.doses is None:
        return f"{kind}: {spec.rhythm}, open-ended" + (
            f"; {_lower(spec.ends_when)}" if spec.ends_when else ""
        )
    return f"{kind}: {'1 dose' if spec.doses == 1 else f'{spec.doses} doses'}, {spec.rhythm}"


def _lower(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")
