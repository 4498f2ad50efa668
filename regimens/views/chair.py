"""What the pages that record an injection have in common: who and what is there, what was asked of the page, what it shows."""

from datetime import date, datetime
from functools import cache, partial
from typing import Any

from django.core import signing
from django.http import QueryDict

from b12clinic.accounts.gate import ClinicRequest
from b12clinic.accounts.models import User
from b12clinic.patients.models import Patient
from b12clinic.patients.queries import open_medicines
from b12clinic.vocabulary import Severity
from regimens.chair import Chair
from regimens.forms.injection import InjectionForm, as_typed
from regimens.models import Dose
from regimens.order_check import earlier_injections
from regimens.presenters import chair as words
from regimens.presenters.record import last_lines
from regimens.protocols.findings import FindingRaised
from regimens.queries.chair import (
    Box,
    last_expiry,
    last_inr,
    open_box,
    product_of_code,
    recent_boxes,
    who_may_give,
)
from regimens.queries.directions import direction_in_force
from regimens.queries.doses import last_box, last_injections, products_in_use
from regimens.views.seen import seen

SCAN, ALSO, CHECK, LAST = "scan", "also", "check", "last"
_SALT, _TOKEN_SECONDS = "regimens.blocks", 3600


def chair_for(
    request: ClinicRequest, patient: Patient, dose: Dose | None, at: datetime, today: date
) -> Chair:
    """Who sits there; other people are read only where one of them is named, or a page is drawn."""
    me = str(request.user.pk)
    posted = request.POST
    somebody_else = posted.get("given_by", me) not in ("", me) or posted.get("checked_by")
    alone = posted and posted.get("act", "") == "" and not somebody_else
    regimen_id = dose.phase.regimen_id if dose else None
    thins = not alone or dose is None or getattr(dose, "bleeds_by", True)
    return Chair(
        patient=patient,
        clinic=request.clinic,
        user=request.user,
        at=at,
        today=today,
        products=products_in_use(request.clinic),
        people=[] if alone else who_may_give(request.clinic),
        medicines=[one.code for one in open_medicines(patient)] if thins else [],
        dose=dose,
        earlier=cache(partial(earlier_injections, patient)),
        last_expiry=partial(last_expiry, request.clinic),
        has_direction=cache(lambda on: regimen_id is not None and bool(direction_in_force([regimen_id], on))),
    )


def opened_form(chair: Chair, **begun: str) -> InjectionForm:
    """A fresh form; the first question takes the focus, so that a scan or a key lands on the page."""
    form = InjectionForm(chair=chair, initial=begun)
    form.fields["identity"].widget.attrs["autofocus"] = True
    return form


def filled_form(request: ClinicRequest, chair: Chair) -> tuple[InjectionForm, InjectionForm, dict[str, str]]:
    """The form judged, the same form to show again without judging it, and what came of a scan, for the page."""
    typed: QueryDict = request.POST.copy()
    said: dict[str, str] = {}
    use, code, act = (request.POST.get(name, "") for name in ("use", "code", "act"))
    if use:
        said = {"scanned": _again(typed, chair) if use == LAST else _take(typed, open_box(chair.clinic, use))}
    elif act.startswith(f"{words.PLACE}:"):
        _, typed["site"], typed["side"] = (*act.split(":"), "", "")[:3]
    elif act == SCAN and code.strip():
        found = product_of_code(chair.clinic, code)
        said = {"scanned": found.sentence, "unknown_gtin": found.gtin if found.unknown else ""}
        if found.gtin:  # another box: what was filled in before is not on it
            typed["product"] = typed["lot"] = typed["expires_on"] = ""
        _fill(typed, found.product, found.lot, found.expires_on)
        typed["code"] = "" if found.gtin else code
    judged = InjectionForm(typed, chair=chair)
    judged.is_valid()
    shown = InjectionForm(initial=as_typed(typed), chair=chair)
    if filled := _to_look_at(use, act):
        shown.fields[filled].widget.attrs["autofocus"] = True
    return judged, shown, said


def _to_look_at(use: str, act: str) -> str:
    """The field that takes the focus after a button has filled some in: the button itself is drawn anew and loses it."""
    if use:
        return "lot"
    return "site" if act.startswith(f"{words.PLACE}:") else ""


def _again(typed: QueryDict, chair: Chair) -> str:
    """The box of the nurse's last injection today, and what entitled to give it."""
    last = last_box(chair.clinic, chair.user, chair.dose.phase.drug, chair.today) if chair.dose else None
    if last is not None and last.authority:
        typed["authority"] = last.authority
    return _take(typed, Box(f"{last.public_id}", last.product, last.lot, last.expires_on) if last else None)


def _take(typed: QueryDict, box: Box | None) -> str:
    if box is None:
        return "That box is not on record any more; enter it by hand."
    _fill(typed, box.product, box.lot, box.expires_on)
    return "Filled in. Check product, lot and expiry against the ampoule in your hand."


def _fill(typed: QueryDict, product: str, lot: str, expires_on: date | None) -> None:
    for name, value in (("product", product), ("lot", lot), ("expires_on", expires_on and f"{expires_on}")):
        if value:
            typed[name] = value


def context_of(
    chair: Chair, form: InjectionForm, judged: InjectionForm | None, findings: list[FindingRaised]
) -> dict[str, Any]:
    """All that the page shows beside the order. judged: the form as far as it was filled in, where it was."""
    last = last_injections(chair.patient.pk)
    drug = chair.dose.phase.drug if chair.dose else ""
    boxes = recent_boxes(chair.clinic, drug, chair.today)
    return {
        "patient": chair.patient,
        "form": form,
        "banner": seen(chair.patient, chair.today, by=chair.user, clinic=chair.clinic),
        "findings": findings,
        "last": last_lines(last, chair.today),
        "products": chair.products,
        "boxes": words.box_rows(boxes, chair.today),
        "lots": words.lot_rows(boxes, chair.today),
        **words.beside(chair, judged or form, last),
        **words.thinner_asked(judged or form, last_inr(chair.patient), chair.today),
    }


def told_of(request: ClinicRequest, verdict: dict[str, Any], findings: list[FindingRaised]) -> dict[str, Any]:
    """What the check says, where there was one, in full and in one line, and whether the page was asked for that."""
    return {
        **verdict,
        "in_short": words.in_short(verdict, findings),
        "asked_to_check": request.POST.get("act") == CHECK,
    }


def told_blocks(findings: list[FindingRaised], chair: Chair) -> str:
    """The blocks that are shown, signed, so that recording knows them without running the rules again."""
    blocks = [one.message for one in findings if one.severity is Severity.BLOCK]
    return signing.dumps([_about(chair), blocks], salt=_SALT)


def read_blocks(request: ClinicRequest, chair: Chair) -> list[str] | None:
    """The blocks that stood on the page; None where the page does not say so, or not of this dose, or an hour ago."""
    try:
        about, blocks = signing.loads(request.POST.get("told", ""), salt=_SALT, max_age=_TOKEN_SECONDS)
    except signing.BadSignature:
        return None
    return blocks if about == _about(chair) else None


def _about(chair: Chair) -> str:
    subject = chair.dose.public_id if chair.dose else chair.patient.public_id
    return f"{subject} {chair.today}"


def may_name_products(user: User, chair: Chair) -> bool:
    """Whether this person may attach a scanned article number to a product."""
    return user.has_perm("accounts.set_up_clinic", chair.clinic)
