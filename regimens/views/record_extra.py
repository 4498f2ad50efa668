from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.patients.queries import patients_for
from b12clinic.vocabulary import Drug, Route
from regimens.chair import Chair
from regimens.forms.injection import InjectionForm
from regimens.order_check import answers_against
from regimens.presenters.chair import verdict
from regimens.presenters.record import recorded_sentence
from regimens.protocols.findings import FindingRaised
from regimens.protocols.policy import DEFAULT
from regimens.services.record_administration import NotRecorded
from regimens.services.record_extra import record_extra
from regimens.views.chair import chair_for, context_of, filled_form, may_name_products, opened_form, told_of


@clinic_page("regimens.record_injection")
def extra(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Record an injection that no dose waited for: given before the plan, elsewhere, or on top of it."""
    at = timezone.now()
    patient = get_object_or_404(
        patients_for(request.user).select_related("clinic"), clinic=request.clinic, public_id=patient_id
    )
    today = patient.clinic.local_date(at)
    chair = chair_for(request, patient, None, at, today)
    if request.method != "POST":
        usual = {"drug": Drug.HYDROXOCOBALAMIN.value, "route": Route.IM.value}
        return _page(request, chair, opened_form(chair, **usual), status=200)
    if request.POST.get("act") or request.POST.get("use"):
        judged, shown, said = filled_form(request, chair)
        return _page(request, chair, shown, judged=judged, scanned=said, status=200)
    form = InjectionForm(request.POST, chair=chair)
    if not form.is_valid() or not _accounts(chair, form):
        return _page(request, chair, form, judged=form, status=422)
    try:
        recorded = record_extra(
            patient=patient,
            injection=form.injection(),
            form_key=form.cleaned_data["form_key"],
            by=request.user,
            at=at,
            today=today,
        )
    except NotRecorded as refusal:
        form.add_error(None, str(refusal))
        return _page(request, chair, form, judged=form, status=422)
    messages.success(request, recorded_sentence(patient.name, recorded, today))
    return redirect("regimens:chart", patient.public_id)


def _accounts(chair: Chair, form: InjectionForm) -> bool:
    against = _against(form, chair) if form.is_ours else []
    return form.accounts_for([one.message for one in against])


def _against(form: InjectionForm, chair: Chair) -> list[FindingRaised]:
    return answers_against(form.answers(), DEFAULT, chair.today, form.at_hand().route)


def _page(
    request: ClinicRequest,
    chair: Chair,
    form: InjectionForm,
    *,
    judged: InjectionForm | None = None,
    scanned: dict[str, str] | None = None,
    status: int,
) -> HttpResponse:
    against = _against(judged or form, chair)
    context: dict[str, Any] = {
        **context_of(chair, form, judged, []),
        **told_of(request, verdict(judged, [], against) if judged else {}, []),
        "title": f"Record another injection for {chair.patient.name}",
        **(scanned or {}),
        "may_name_products": may_name_products(request.user, chair),
    }
    return render(request, "regimens/record_given.html", context, status=status)
