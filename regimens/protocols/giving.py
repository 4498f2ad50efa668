"""How an injection is drawn up and where it goes: volume, place, needle (evidence sections 6 and 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from b12clinic.vocabulary import Route, Sex, Side, Site
from regimens.protocols.policy import DEFAULT, Policy

_HUNDREDTH = Decimal("0.01")
SMALLEST_PLAIN_ML = Decimal("0.1")
"""A volume down to this is easily misread on the syringe."""

USUAL_ML: Mapping[str, int] = {Site.DELTOID: 1, Site.VENTROGLUTEAL: 3, Site.VASTUS_LATERALIS: 3}
"""The volume up to which a site is usual; above it the dose is divided or goes elsewhere."""

_PLACES = tuple(
    (site, side) for site in (Site.DELTOID, Site.VENTROGLUTEAL, Site.VASTUS_LATERALIS) for side in Side
)
_UNDER_THE_SKIN = tuple((Site.ABDOMEN_SC, side) for side in Side)

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Volume:
    """What is drawn up: millilitres to two places, and the arithmetic in words. `exact`: nothing was rounded."""

    ml: Decimal
    arithmetic: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Needle:
    """Which needle, how it is used, and who says so."""

    advice: str
    source: str


def volume_of(dose_mcg: int, mcg_per_ml: int) -> Volume:
    """Dose divided by strength. Both are positive; a volume that rounds to nothing is shown as 0.01 mL."""
    whole = Decimal(dose_mcg) / Decimal(mcg_per_ml)
    ml = max(whole.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP), _HUNDREDTH)
    sign = "=" if ml == whole else "≈"
    sum_in_words = f"{dose_mcg:,} mcg ÷ {mcg_per_ml:,} mcg/mL {sign} {_plain(ml)} mL"
    return Volume(ml=ml, arithmetic=sum_in_words, exact=ml == whole)


def volume_warning(ml: Decimal, site: str) -> str:
    """What to mind about a volume at a site; nothing for a usual one."""
    if ml <= SMALLEST_PLAIN_ML:
        return f"Only {_plain(ml)} mL: check the volume against the strength once more."
    usual = USUAL_ML.get(site)
    if usual is not None and ml > usual:
        return f"{_plain(ml)} mL is more than {usual} mL, the usual volume for this site: choose a larger muscle or divide it."
    return ""


def next_place(last: Sequence[Place], route: str, *, bleeds: bool = False) -> Place:
    """The place to take next: the other side from the last one, at a site that rested longest.

    last: the places used, newest first. Never dorsogluteal. bleeds: on anticoagulants the deltoid alone, side by side.
    """
    places = _UNDER_THE_SKIN if route == Route.SC else _PLACES
    if bleeds and route != Route.SC:
        places = _PLACES[: len(Side)]
    side = last[0][1] if last else ""
    turned = [place for place in places if place[1] != side]
    return min(turned, key=lambda place: -_rested(place, last))


def needle_for(
    weight_kg: Decimal | int | None,
    sex: str,
    route: str,
    *,
    bleeds: bool = False,
    policy: Policy = DEFAULT,
) -> Needle:
    """The needle for a body weight in kg and a route; `bleeds`: anticoagulated, a fine one and firm pressure."""
    if route == Route.SC:
        return Needle("25 to 27 G, 16 mm, at 45 degrees.", _TECHNIQUE)
    gauge = "23 to 25 G" if bleeds else "22 to 25 G"
    length, source = _length(weight_kg, sex, policy)
    pressure = " Firm pressure for 2 minutes or more, no rubbing." if bleeds else ""
    return Needle(f"{gauge}, {length}, at 90 degrees.{pressure}", f"{source}; {_SPS}" if bleeds else source)


_ACIP = "ACIP, needle length by weight"
_GREEN_BOOK = "UK Green Book"
_SPS = "NHS Specialist Pharmacy Service, Green Book (technique)"
_TECHNIQUE = "Secondary summaries of injection technique"
_LIGHT_KG, _MIDDLE_KG = 60, 70


def _length(weight_kg: Decimal | int | None, sex: str, policy: Policy) -> tuple[str, str]:
    if weight_kg is None:
        return "25 mm, 38 mm in a larger person (no weight on record)", _GREEN_BOOK
    limit = policy.long_needle_women_kg if sex == Sex.FEMALE else policy.long_needle_men_kg
    if weight_kg < _LIGHT_KG:
        return "16 to 25 mm", _ACIP
    if weight_kg <= _MIDDLE_KG:
        return "25 mm", _ACIP
    return ("25 to 38 mm" if weight_kg <= limit else "38 mm"), _ACIP


def _rested(place: Place, last: Sequence[Place]) -> int:
    """How many injections ago a place was used; longer than any where it was not."""
    return next((ago for ago, used in enumerate(last) if used == place), len(last))


def _plain(ml: Decimal) -> str:
    return f"{ml.normalize():f}"
