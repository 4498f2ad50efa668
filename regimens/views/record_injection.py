from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.chair import Chair
from regimens.forms.injection import InjectionForm
from regimens.models import DoseState
from regimens.models.administration import Authority
from regimens.order_check import answers_against, check_with_order, findings_at_hand, given_in
from regimens.presenters.chair import verdict
from regimens.presenters.due_list import kept_query
from regimens.presenters.record import (
    also_label,
    authority_line,
    box_line,
    closed_sentence,
    order_lines,
    recorded_message,
    taken_by,
)
from regimens.protocols.findings import FindingRaised
from regimens.protocols.policy import Policy
from regimens.queries.chair import authority_of
from regimens.queries.directions import direction_in_force
from regimens.queries.doses import attempts_of, dose_at_hand, last_box, policy_with
from regimens.services.record_administration import (
    AlreadyRecorded,
    NoLongerPlanned,
    NotRecorded,
    Recorded,
    record_given,
)
from regimens.services.record_extra import record_extra
from regimens.views.chair import (
    ALSO,
    chair_for,
    context_of,
    filled_form,
    may_name_products,
    opened_form,
    read_blocks,
    told_blocks,
    told_of,
)


@clinic_page("regimens.record_injection")
def given(request: ClinicRequest, dose_id: UUID) -> HttpResponse:
    """Record a dose as given, after what a nurse must ask and check before giving it."""
    at = timezone.now()
    dose = dose_at_hand(request.clinic, dose_id)
    if dose is None:
        raise Http404
    today = dose.clinic.local_date(at)
    chair = chair_for(request, dose.patient, dose, at, today)
    if request.method != "POST":
        form = opened_form(chair, authority=authority_of(dose, today))
        return _page(request, chair, form, status=200)
    if request.POST.get("act", "") not in ("", ALSO) or request.POST.get("use"):
        return _looked_at(request, chair)
    form = InjectionForm(request.POST, chair=chair)
    policy = policy_with(dose)
    if not form.is_valid() or not _accounts(request, chair, form, policy):
        return _page(request, chair, form, judged=form, status=422)
    try:
        recorded = _record(request, chair, form, policy)
    except AlreadyRecorded as race:
        return _page(request, chair, form, judged=form, race=race, status=409)
    except NoLongerPlanned:
        dose.refresh_from_db(fields=["state"])
        return _page(request, chair, form, judged=form, status=409)
    except NotRecorded as refusal:
        form.add_error(None, str(refusal))
        return _page(request, chair, form, judged=form, status=422)
    messages.success(request, recorded_message(dose, recorded, today, kept_query(request.GET)))
    return redirect(back_to_list(request))


def _looked_at(request: ClinicRequest, chair: Chair) -> HttpResponse:
    """The check before giving, or a box filled in: nothing is saved, nothing that was typed is lost."""
    judged, shown, said = filled_form(request, chair)
    return _page(request, chair, shown, judged=judged, scanned=said, status=200)


def _record(request: ClinicRequest, chair: Chair, form: InjectionForm, policy: Policy) -> Recorded:
    """The dose as given; or, where somebody was first and a second one was really given, an injection on top."""
    dose = chair.dose
    assert dose is not None  # noqa: S101  this page is about one
    asked: dict[str, Any] = {
        "injection": form.injection(),
        "form_key": form.cleaned_data["form_key"],
        "by": request.user,
        "at": chair.at,
        "today": chair.today,
    }
    if request.POST.get("act") == ALSO and dose.state != DoseState.OWED:
        first = dose.given_as
        return record_extra(patient=dose.patient, instead_of=first, unplanned=first is None, **asked)
    blocks = _blocks(request, chair, form) if _is_now(chair, form) else ()
    injection = asked["injection"]
    directed = injection.authority == Authority.PSD and chair.has_direction(injection.given_on)
    given = given_in(chair.earlier(), dose.phase.regimen_id)
    return record_given(
        dose=dose,
        blocks=blocks,
        policy=policy,
        before=given,
        directed=directed,
        outside_formulary=chair.lacks_product(injection.product),
        **asked,
    )


def _accounts(request: ClinicRequest, chair: Chair, form: InjectionForm, policy: Policy) -> bool:
    """Whether nothing speaks against it, or the reason is written."""
    dose = chair.dose
    if dose is None or not form.is_ours or dose.state != DoseState.OWED:
        return True  # it is not our doing, or no longer owed: others tell of that
    found: list[FindingRaised] = [
        *findings_at_hand(dose, form.at_hand(), policy, chair.earlier()),
        *answers_against(form.answers(), policy, chair.today, form.at_hand().route),
    ]
    blocks = _blocks(request, chair, form) if _is_now(chair, form) else []
    return form.accounts_for(list(dict.fromkeys([*(one.message for one in found), *blocks])))


def _is_now(chair: Chair, form: InjectionForm) -> bool:
    return form.is_ours and form.cleaned_data["given_on"] == chair.today


def _blocks(request: ClinicRequest, chair: Chair, form: InjectionForm) -> list[str]:
    """The blocking rules that the nurse had before them; run again where the page does not say.

    What the product or the route chosen since has answered falls away.
    """
    told, at_hand = read_blocks(request, chair), form.at_hand()
    if chair.dose is None or (told is not None and not told):
        return []
    if told is None or at_hand.holds_benzyl_alcohol is False or at_hand.spares_muscle:
        found = check_with_order(chair.dose, chair.today, at_hand)
        still = [one.message for one in found if one.severity == "block"]
        return still if told is None else [one for one in told if one in still]
    return told


def _page(
    request: ClinicRequest,
    chair: Chair,
    form: InjectionForm,
    *,
    judged: InjectionForm | None = None,
    race: AlreadyRecorded | None = None,
    scanned: dict[str, str] | None = None,
    status: int,
) -> HttpResponse:
    dose = chair.dose
    assert dose is not None  # noqa: S101  this page is about one
    looked_at = judged or form
    findings = check_with_order(dose, chair.today, looked_at.at_hand())
    against = answers_against(looked_at.answers(), policy_with(dose), chair.today, looked_at.at_hand().route)
    taken, closed = taken_by(race.administration) if race else "", closed_sentence(dose)
    regimen_id = dose.phase.regimen_id
    direction = direction_in_force([regimen_id], chair.today).get(regimen_id)
    checked = verdict(judged, findings, against, closed=taken or closed) if judged else {}
    context = {
        **context_of(chair, form, judged, [] if judged and not judged.is_ours else findings),
        **told_of(request, checked, findings),
        "dose": dose,
        "title": f"Record injection for {dose.patient.name}",
        "order": [*order_lines(dose, attempts_of(dose), chair.today), authority_line(direction, chair.today)],
        "told": told_blocks(findings, chair),
        **(scanned or {}),
        "may_name_products": may_name_products(request.user, chair),
        "box": _box_offered(request, chair),
        "race": taken,
        "closed": closed,
        "also": also_label(dose, race is not None) if judged else "",
        "back": back_to_list(request),
        "kept": kept_query(request.GET),
    }
    return render(request, "regimens/record_given.html", context, status=status)


def _box_offered(request: ClinicRequest, chair: Chair) -> str:
    if chair.dose is None:
        return ""
    box = last_box(chair.clinic, request.user, chair.dose.phase.drug, chair.today)
    return box_line(box, chair.today) if box else ""


def back_to_list(request: ClinicRequest) -> str:
    """The due list as it was asked when this dose was opened, so that the nurse keeps the place."""
    kept = kept_query(request.GET)
    return f"{reverse('regimens:due_list')}{f'?{kept}' if kept else ''}"
