"""What stands beside the form while an injection is recorded: volume, needle, place, boxes, and whether to go on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from b12clinic.vocabulary import (
    ANTIPLATELETS,
    DIRECT_ORAL_ANTICOAGULANTS,
    HEPARINS,
    Medicine,
    Route,
    Severity,
)
from monitoring.models import Result
from regimens.chair import Chair
from regimens.forms.injection import InjectionForm
from regimens.models import Administration
from regimens.order_check import advice_on_first
from regimens.presenters.record import place
from regimens.presenters.words import day
from regimens.protocols.findings import FindingRaised
from regimens.protocols.giving import needle_for, next_place, volume_of, volume_warning
from regimens.protocols.prechecks import Answer, unanswered
from regimens.queries.chair import Box

_ANTICOAGULANTS = DIRECT_ORAL_ANTICOAGULANTS | HEPARINS | {Medicine.WARFARIN}
NEEDLES = (
    "25 G 16 mm",
    "25 G 25 mm",
    "23 G 25 mm",
    "23 G 32 mm",
    "22 G 38 mm",
    "23 G 38 mm",
    "27 G 16 mm",
)


def bleeds(medicines: Sequence[str]) -> bool:
    """Whether a patient takes an anticoagulant or two antiplatelets."""
    taken = set(medicines)
    return bool(taken & _ANTICOAGULANTS) or len(taken & ANTIPLATELETS) > 1


def beside(
    chair: Chair, form: InjectionForm, last: Sequence[Administration], medicines: Sequence[str]
) -> dict[str, Any]:
    """Volume with its arithmetic, the next place, the needle and how long to watch."""
    told = getattr(form, "cleaned_data", None) or form.initial
    route = told.get("route") or Route.IM.value
    at_risk = bleeds(medicines) or told.get("anticoagulant") == Answer.YES
    used = [(one.site, one.side) for one in last]
    site, side = next_place(used, route, bleeds=at_risk)
    return {
        "next_place": place(site, side),
        "needle": needle_for(chair.patient.weight_kg, chair.patient.sex, route, bleeds=at_risk),
        "needles": NEEDLES,
        "observe": None if last else advice_on_first(),
        **_volume(chair, told),
    }


def _volume(chair: Chair, told: Mapping[str, Any]) -> dict[str, str]:
    product, dose_mcg = chair.product_named(told.get("product") or ""), told.get("dose_mcg")
    if product is None or not dose_mcg:
        return {"volume": "", "volume_warning": ""}
    volume = volume_of(int(dose_mcg), product.mcg_per_ml)
    return {
        "volume": f"Draw up {volume.arithmetic}.",
        "volume_warning": volume_warning(volume.ml, told.get("site") or ""),
    }


def inr_asked(
    form: InjectionForm, medicines: Sequence[str], last: Result | None, today: date
) -> dict[str, Any]:
    """Whether the INR is asked for, and the last one on record: for warfarin on record, or the answer yes."""
    told = getattr(form, "cleaned_data", None) or form.initial
    asked = bool(set(medicines) & _ANTICOAGULANTS) or told.get("anticoagulant") == Answer.YES
    if not asked:
        return {"asks_inr": False, "last_inr": ""}
    shown = f"{last.reported_value} on {day(last.taken_on, today)}" if last else "none on record"
    return {"asks_inr": True, "last_inr": f"Last INR: {shown}."}


def box_rows(boxes: Sequence[Box], today: date) -> list[dict[str, str]]:
    """The boxes used last, each as a button's id and words."""
    return [{"id": box.id, "words": _box_words(box, today)} for box in boxes]


def lot_rows(boxes: Sequence[Box], today: date) -> list[dict[str, str]]:
    """The lots to choose from while typing."""
    return [{"lot": box.lot, "words": _box_words(box, today)} for box in boxes]


def _box_words(box: Box, today: date) -> str:
    expiry = f"expires {day(box.expires_on, today)}" if box.expires_on else ""
    return ", ".join(part for part in (box.product, f"lot {box.lot}", expiry) if part)


def verdict(
    form: InjectionForm, findings: Sequence[FindingRaised], against: Sequence[FindingRaised]
) -> dict[str, Any]:
    """Whether anything stops the injection, before it is given: what, in words, and what is still to be asked."""
    expired = form.expired(form.cleaned_data)
    stops = [one.message for one in (*findings, *against) if one.severity is Severity.BLOCK]
    if expired:
        stops.insert(0, expired)
    cautions = [one for one in against if one.severity is not Severity.BLOCK]
    left = unanswered(form.answers(), form.asked) if form.is_ours else ()
    return {
        "checked": True,
        "stops": stops,
        "against": cautions,
        "to_ask": [one.label for one in left],
        "clear": not stops and not cautions and not left,
    }
