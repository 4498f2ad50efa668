from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.forms.set_up import ClinicForm, time_zones
from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.presenters.clinic_tabs import clinic_tabs
from b12clinic.accounts.presenters.set_up import differences, who_changed
from b12clinic.accounts.services.set_up_clinic import ClinicChanged, set_up_clinic


@clinic_page("accounts.set_up_clinic")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: ClinicRequest) -> HttpResponse:
    """Name, place, opening days, guideline and contact of the clinic."""
    if request.method != "POST":
        return _page(request, ClinicForm.showing(request.clinic))
    form = ClinicForm(request.POST, clinic=request.clinic)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        set_up_clinic(
            clinic=request.clinic,
            details=form.details,
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        )
    except ClinicChanged as lost:
        return _lost_race(request, form, lost)
    messages.success(request, "The clinic's details are saved.")
    return redirect("clinic:set_up")


def _lost_race(request: ClinicRequest, form: ClinicForm, lost: ClinicChanged) -> HttpResponse:
    """What was typed is kept beside what is stored; saving again is then done knowingly."""
    again = request.POST.copy()
    again["version"] = str(lost.clinic.version)
    return _page(
        request,
        ClinicForm(again, clinic=lost.clinic),
        status=409,
        lost=who_changed(lost.event, lost.clinic),
        differences=differences(form, lost.clinic),
    )


def _page(request: ClinicRequest, form: ClinicForm, status: int = 200, **more: object) -> HttpResponse:
    context = {"form": form, "tabs": clinic_tabs("clinic:set_up"), "time_zones": time_zones(), **more}
    return render(request, "accounts/set_up.html", context, status=status)
