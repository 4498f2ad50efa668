"""What is unusual about an injection given here: it wants a reason, and somebody looks at it afterwards."""

from collections.abc import Mapping
from typing import Any

from b12clinic.vocabulary import Drug
from regimens.chair import Chair
from regimens.lateness import too_early_sentence
from regimens.models.administration import Authority

Typed = Mapping[str, Any]


def unusual(chair: Chair, data: Typed) -> list[str]:
    """All of it, each in a sentence, as far as the injection has been typed."""
    return [sentence for check in _CHECKS if (sentence := check(chair, data))]


def expired(chair: Chair, data: Typed) -> str:
    """The sentence that stops an expired product; nothing for one that is good on the day."""
    given_on, expires_on = data.get("given_on"), data.get("expires_on")
    if given_on and expires_on and expires_on < given_on:
        return f"Do not give: this product expired on {expires_on:%d %b %Y}."
    return ""


def another_expiry(chair: Chair, data: Typed) -> str:
    """A lot that this clinic has recorded with another expiry: one of the two was misread."""
    product, lot, expires_on = (data.get(name) for name in ("product", "lot", "expires_on"))
    before = chair.last_expiry(product, lot) if product and lot and expires_on else None
    if before is None or before == expires_on:
        return ""
    return f"Lot {lot} was recorded here with the expiry date {before:%d %b %Y}: read the ampoule again."


def _early(chair: Chair, data: Typed) -> str:
    dose, given_on = chair.dose, data.get("given_on")
    return too_early_sentence(dose) if dose and given_on and given_on < dose.earliest_on else ""


def _undirected(chair: Chair, data: Typed) -> str:
    given_on = data.get("given_on")
    if given_on and data.get("authority") == Authority.PSD and not chair.has_direction(given_on):
        return "No patient-specific direction is in force on this day."
    return ""


def _not_as_ordered(chair: Chair, data: Typed) -> str:
    if not chair.dose:
        return ""
    phase, given = chair.dose.phase, (data.get("drug"), data.get("dose_mcg"), data.get("route"))
    differs = all(given) and given != (phase.drug, phase.dose_mcg, phase.route)
    return "Drug, dose or route differ from the order." if differs else ""


def _another_drug(chair: Chair, data: Typed) -> str:
    known, drug = chair.product_named(data.get("product") or ""), data.get("drug")
    if not known or not drug or known.drug == drug:
        return ""
    return f"{known.name} holds {Drug.label_of(known.drug).lower()}, not {Drug.label_of(drug).lower()}."


def _unknown_product(chair: Chair, data: Typed) -> str:
    product = data.get("product") or ""
    if not chair.lacks_product(product):
        return ""
    return f"{product} is not in this clinic's formulary: check drug and strength on the ampoule; no volume is worked out."


_CHECKS = (_early, expired, _undirected, _not_as_ordered, _another_drug, _unknown_product)
