"""What stands beside the form while an injection is recorded: volume, needle, place, boxes, and whether to go on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from b12clinic.vocabulary import ANTICOAGULANTS, ANTIPLATELETS, Medicine, Route, Severity
from monitoring.models import Result
from regimens.chair import Chair
from regimens.forms.injection import InjectionForm
from regimens.forms.unusual import another_expiry, expired
from regimens.models import Administration
from regimens.order_check import advice_against_dorsogluteal, advice_on_first
from regimens.presenters.record import place
from regimens.presenters.words import day, drug_line
from regimens.protocols.findings import FindingRaised
from regimens.protocols.giving import needle_for, next_place, volume_of, volume_warning
from regimens.protocols.prechecks import Answer, kind_is_open, unanswered, wants_inr
from regimens.queries.chair import Box

PLACE = "place"
"""The act that fills in a place: its name, the site and the side, by their codes."""
ON_THE_AMPOULE = ("product", "lot", "expires_on")
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
    return bool(taken & ANTICOAGULANTS) or len(taken & ANTIPLATELETS) > 1


def beside(chair: Chair, form: InjectionForm, last: Sequence[Administration]) -> dict[str, Any]:
    """Volume with its arithmetic, the next place, the needle and how long to watch."""
    told = getattr(form, "cleaned_data", None) or form.initial
    route = told.get("route") or Route.IM.value
    at_risk = bleeds(chair.medicines) or told.get("anticoagulant") == Answer.YES
    used = [(one.site, one.side) for one in last]
    site, side = next_place(used, route, bleeds=at_risk)
    return {
        "next_place": place(site, side),
        "place_act": f"{PLACE}:{site}:{side}",
        "needle": needle_for(chair.patient.weight_kg, chair.patient.sex, route, bleeds=at_risk),
        "needles": NEEDLES,
        "avoid": advice_against_dorsogluteal(),
        "as_ordered": _as_ordered(chair, told),
        "observe": None if last else advice_on_first(),
        **_volume(chair, told),
    }


def _as_ordered(chair: Chair, told: Mapping[str, Any]) -> str:
    """The order in words while drug, dose and route are those of the order; nothing where they differ or cannot be read."""
    if chair.dose is None:
        return ""
    phase = chair.dose.phase
    given = tuple(f"{told.get(name)}" for name in ("drug", "dose_mcg", "route"))
    ordered = (phase.drug, f"{phase.dose_mcg}", phase.route)
    return drug_line(phase.drug, phase.dose_mcg, phase.route) if given == ordered else ""


def _volume(chair: Chair, told: Mapping[str, Any]) -> dict[str, str]:
    product, dose_mcg = chair.product_named(told.get("product") or ""), told.get("dose_mcg")
    if product is None or not dose_mcg:
        return {"volume": "", "volume_warning": ""}
    volume = volume_of(int(dose_mcg), product.mcg_per_ml)
    return {
        "volume": f"Draw up {volume.arithmetic}.",
        "volume_warning": volume_warning(volume.ml, told.get("site") or ""),
    }


def thinner_asked(form: InjectionForm, last: Result | None, today: date) -> dict[str, Any]:
    """Whether it is asked which blood thinner is taken, what of it is on record, and whether the INR is asked for."""
    told = form.answers()
    recorded = [Medicine.label_of(code).lower() for code in form.on_record]
    shown = f"{last.reported_value} on {day(last.taken_on, today)}" if last else "none on record"
    return {
        "asks_thinner": told.get("anticoagulant") == Answer.YES,
        "thinner_on_record": f"On record: {', '.join(recorded)}." if recorded else "",
        "asks_inr": wants_inr(told),
        "last_inr": f"Last INR: {shown}.",
    }


def box_rows(boxes: Sequence[Box], today: date) -> list[dict[str, str]]:
    """The boxes used last, each as a button's id and words."""
    return [{"id": box.id, "words": _box_words(box, today)} for box in boxes]


def lot_rows(boxes: Sequence[Box], today: date) -> list[dict[str, str]]:
    """The lots to choose from while typing, each once, as on its latest box."""
    latest = {box.lot: box for box in reversed(boxes)}
    return [{"lot": box.lot, "words": _box_words(box, today)} for box in boxes if latest[box.lot] is box]


def _box_words(box: Box, today: date) -> str:
    expiry = f"expires {day(box.expires_on, today)}" if box.expires_on else ""
    return ", ".join(part for part in (box.product, f"lot {box.lot}", expiry) if part)


def verdict(
    form: InjectionForm,
    findings: Sequence[FindingRaised],
    against: Sequence[FindingRaised],
    *,
    closed: str = "",
) -> dict[str, Any]:
    """All that speaks against the injection while it can still be stopped: what blocks it, what to mind, what to ask.

    findings: what the rules say of it; against: what they say to the answers; closed: why the dose is not owed any more. None
    of it is ours to judge of what others gave.
    """
    if not form.is_ours:
        return {"checked": True, "not_ours": True}
    late = expired(form.chair, form.cleaned_data)
    stops = [one.message for one in (*findings, *against) if one.severity is Severity.BLOCK]
    mind = [one.message for one in findings if one.severity is not Severity.BLOCK]
    shown = {
        "stops": _once([closed, late, *stops]),
        "mind": _once([*mind, *form.misplaced(), *(one for one in form.unusual() if one != late)]),
        "doubt": another_expiry(form.chair, form.cleaned_data),
        "against": [one for one in against if one.severity is not Severity.BLOCK],
        "to_ask": _open(form),
    }
    return {"checked": True, "clear": not any(shown.values()), **shown}


def in_short(shown: Mapping[str, Any], findings: Sequence[FindingRaised]) -> dict[str, Any]:
    """The line beside the button that records: the first stop and how many more, else how much to look at, and where it stands.

    shown: the verdict; before there is one, what the rules say of the dose.
    """
    if shown:
        stops, where = shown.get("stops", []), "check"
        told = [*shown.get("mind", []), *shown.get("against", []), shown.get("doubt")]
    else:
        stops, where = [one.message for one in findings if one.severity is Severity.BLOCK], "findings"
        told = [one for one in findings if one.severity is not Severity.BLOCK]
    return {
        "stop": stops[0] if stops else "",
        "more": len(stops) - 1,
        "to_look_at": sum(1 for one in told if one),
        "where": where,
    }


def _once(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one for one in sentences if one))


def _open(form: InjectionForm) -> list[str]:
    """What is still to be asked, then what is still to be read from the ampoule."""
    told = form.answers()
    questions = [one.label for one in unanswered(told, form.asked)]
    which = ["Which blood thinner?"] if kind_is_open(told) else []
    box = [str(form.fields[name].label) for name in ON_THE_AMPOULE if not form.cleaned_data.get(name)]
    return [*questions, *which, *box]
