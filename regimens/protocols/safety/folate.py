"""Folate corrects the blood, not the nerves: B12 comes first."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from b12clinic.vocabulary import Medicine, Severity
from monitoring.interpretation.measured import surely_below

from ..facts import MedicationTaken
from ..reading import PlanDraft, Reading
from . import sources
from .rule import rule

_DAILY_DOSE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(mg|mcg)\s*/\s*day\s*", re.IGNORECASE)
_MCG_IN_A_MG = 1000


def mg_per_day(dose: str | None) -> Decimal | None:
    """A dose written `<n> mg/day` or `<n> mcg/day`, in mg a day; None where it cannot be read."""
    match = _DAILY_DOSE.fullmatch(dose or "")
    if match is None:
        return None
    amount = Decimal(match[1])
    return amount / _MCG_IN_A_MG if match[2].lower() == "mcg" else amount


@rule(
    "FOLATE_BEFORE_B12",
    Severity.BLOCK,
    sources=(sources.US_LABEL.at("warnings"), sources.SMPC_FOLIC_ACID),
    reach="order",
)
def folate_before_b12(reading: Reading, draft: PlanDraft | None) -> str | None:
    if not _b12_low_or_unknown(reading):
        return None
    taken = (one for one in reading.facts.medications if one.code == Medicine.FOLIC_ACID)
    if not any(
        _counts(one, reading.policy.folic_acid_mg_per_day) and not _b12_came_first(reading, one)
        for one in taken
    ):
        return None
    return (
        "Folic acid without B12 while B12 is low or unknown: give B12 first or on the same day; folate corrects the blood, "
        "not the nerves."
    )


def _b12_low_or_unknown(reading: Reading) -> bool:
    diagnosis = reading.diagnosis
    shown_by_mma = diagnosis.b12_indeterminate and diagnosis.mma_shows_deficiency
    return diagnosis.b12_low or diagnosis.b12_unknown or shown_by_mma


def _counts(folic_acid: MedicationTaken, limit: Decimal) -> bool:
    """Whether the dose is above the limit; one that cannot be read counts as more."""
    amount = mg_per_day(folic_acid.dose)
    return amount is None or amount > limit


def _b12_came_first(reading: Reading, folic_acid: MedicationTaken) -> bool:
    """Whether B12 was given on or before the start of the folic acid; without a start, whether B12 is given at all."""
    tablets = [one.since for one in reading.facts.medications if one.code == Medicine.ORAL_CYANOCOBALAMIN]
    days: list[date | None] = [dose.given_on for dose in reading.facts.doses_given]
    return any(
        day is None or folic_acid.since is None or day <= folic_acid.since for day in [*days, *tablets]
    )


def is_low(reading: Reading) -> bool:
    """Whether the latest serum folate is surely below its limit, in the unit it was reported in."""
    latest = reading.results.latest("folate")
    if latest is None or latest.lab.value is None:
        return False
    figures = reading.policy
    limit = figures.folate_low_molar if latest.reported_unit == "nmol/L" else figures.folate_low_mass
    return surely_below(latest.lab.value, latest.lab.comparator, limit)


@rule("FOLATE_LOW", Severity.WARN, sources=(sources.BSH, sources.BNF))
def folate_low(reading: Reading, draft: PlanDraft | None) -> str | None:
    latest = reading.results.latest("folate")
    if latest is None or not is_low(reading):
        return None
    return (
        f"Folate {latest.shown()} is low: add folic acid 5 mg a day after B12 has been started, not before."
    )
