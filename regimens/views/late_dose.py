from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.carried_reason import carry_reason
from regimens.forms.late_dose import LateDoseForm
from regimens.models import Dose
from regimens.presenters.late_dose import late_dose_page
from regimens.queries.doses import doses_for
from regimens.queries.late_dose import doses_of_course
from regimens.services.decide_late_dose import (
    NotDecided,
    choices_on,
    choices_withheld,
    decide_late_dose,
    refusal_to_decide,
)
from regimens.services.hold import ChangedMeanwhile
from regimens.services.report_new_symptoms import report_new_symptoms
from regimens.views.conflict import changed_meanwhile
from regimens.views.seen import seen


@clinic_page("regimens.decide")
def decide(request: ClinicRequest, dose_id: UUID) -> HttpResponse:
    """Decide on a late dose, with every choice's dates before and after, or answer that new symptoms ask for a new plan."""
    at = timezone.now()
    dose = get_object_or_404(doses_for(request.user), clinic=request.clinic, public_id=dose_id)
    today = dose.clinic.local_date(at)
    form = LateDoseForm(request.POST or None, initial={"version": dose.phase.regimen.version})
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"dose": dose, "by": request.user, "at": at, "today": today}
        given |= {name: form.cleaned_data[name] for name in ("version", "reason")}
        try:
            if form.finds_new_symptoms:
                report_new_symptoms(**given)
                return _plan_anew(request, dose, form.cleaned_data["reason"])
            decide_late_dose(choice=form.cleaned_data["choice"], **given)
        except ChangedMeanwhile as race:
            return changed_meanwhile(request, race, [("Why?", form.cleaned_data["reason"])])
        except NotDecided as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The decision on the late dose of {dose.patient.name} is signed.")
            return redirect("regimens:chart", dose.patient.public_id)
    return _page(request, dose, form, today)


def _plan_anew(request: ClinicRequest, dose: Dose, reason: str) -> HttpResponse:
    carry_reason(request.session, dose.patient, f"New neurological symptoms: {reason}")
    messages.warning(
        request,
        "New neurological symptoms: give today, seek urgent advice, and plan the neurological loading. "
        "What you wrote is carried into the new plan.",
    )
    return redirect("regimens:assess", dose.patient.public_id)


def _page(request: ClinicRequest, dose: Dose, form: LateDoseForm, today: date) -> HttpResponse:
    regimen = dose.phase.regimen
    doses = doses_of_course(regimen)
    advice, choices = choices_on(regimen, dose, today)
    context = {
        "patient": dose.patient,
        "banner": seen(dose.patient, today, by=request.user, clinic=request.clinic),
        "form": form,
        "page": late_dose_page(dose, advice, choices, doses.owed, doses.given, today),
        "refusal": refusal_to_decide(regimen, dose)
        or ("" if advice.needs_decision else "The rules ask for no decision on this dose today."),
        "withheld": [(choice.label, why) for choice, why in choices_withheld(regimen, dose).items()],
        "chosen": form["choice"].value(),
    }
    return render(request, "regimens/late_dose.html", context, status=422 if form.errors else 200)
