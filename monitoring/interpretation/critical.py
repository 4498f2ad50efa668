"""Which single values cannot wait for the next look into the inbox: potassium, haemoglobin and platelets (evidence section 6).

The limits are those at which the safety rules of a running plan alert; here they speak for every patient, with or
without a plan. What a rule says and where it comes from stays one thing: a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from .measured import surely_below


class PotassiumFigures(Protocol):
    """The limits that a low potassium is judged by; a clinic's policy holds them."""

    @property
    def potassium_same_day(self) -> Decimal: ...
    @property
    def potassium_hospital(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class _Default:
    potassium_same_day: Decimal = Decimal("3.0")
    potassium_hospital: Decimal = Decimal("2.5")


DEFAULT = _Default()


Below = Callable[[Decimal], bool]
"""Whether a value is surely below a limit."""


@dataclass(frozen=True, slots=True)
class Critical:
    """A limit in the analyte's canonical unit, the rule that speaks below it, what it says and its source."""

    rule: str
    limit: Decimal
    source: str
    says: Callable[[str, Below, bool], str]


def potassium_act(below: Below, figures: PotassiumFigures, *, begun: bool) -> str:
    """What a low potassium asks for. `begun`: the first dose has been given, so that nothing is said of where to give it."""
    if below(figures.potassium_hospital) and not begun:
        return "give the first dose in hospital with monitoring and correct potassium alongside"
    how_soon = " the same day" if below(figures.potassium_same_day) else ""
    first_dose = "" if begun else "; with any ECG change the first dose is given in hospital"
    return f"correct it{how_soon} and recheck{first_dose}"


def _potassium(shown: str, below: Below, begun: bool) -> str:
    return f"Potassium {shown}: {potassium_act(below, DEFAULT, begun=begun)}. Do not withhold B12."


def _haemoglobin(shown: str, below: Below, begun: bool) -> str:
    return f"Severe anaemia (haemoglobin {shown}): urgent haematology advice, and do not delay B12."


def _platelets(shown: str, below: Below, begun: bool) -> str:
    return f"Platelets {shown}, below 25: no intramuscular injection until they recover."


CRITICAL = {
    "potassium": Critical("K_LOW", Decimal("3.5"), "local policy", _potassium),
    "haemoglobin": Critical(
        "SEVERE_ANAEMIA",
        Decimal(80),
        "WHO haemoglobin thresholds; NICE CKS, anaemia: B12 and folate deficiency",
        _haemoglobin,
    ),
    "platelets": Critical(
        "PLT_LOW_BLOCK_IM", Decimal(25), "local policy (secondary summaries only)", _platelets
    ),
}


def is_critical(analyte: str, canonical: Decimal | None, comparator: str) -> bool:
    """Whether a value alerts at once, by itself; a word never does."""
    found = CRITICAL.get(analyte)
    return found is not None and _below(canonical, comparator)(found.limit)


def critical_sentence(
    analyte: str, canonical: Decimal | None, comparator: str, shown: str, *, begun: bool
) -> str:
    """What the alert says of a critical value; `shown` is the value in the laboratory's own words, with its day.

    `begun`: the patient has had the first dose of B12.
    """
    return CRITICAL[analyte].says(shown, _below(canonical, comparator), begun)


def _below(canonical: Decimal | None, comparator: str) -> Below:
    return lambda limit: canonical is not None and surely_below(canonical, comparator or None, limit)
