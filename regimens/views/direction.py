from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.forms.course import DirectionForm
from regimens.presenters.course_panel import course_panel
from regimens.queries.course_events import course_events
from regimens.queries.plans import regimens_for
from regimens.services.sign_direction import NoDirection, end_direction, sign_direction
from regimens.views.seen import seen

HALF_A_YEAR = timedelta(days=182)


@clinic_page("regimens.decide")
def sign(request: ClinicRequest, regimen_id: UUID) -> HttpResponse:
    """Sign a patient-specific direction, or look at the one in force."""
    at = timezone.now()
    regimen = get_object_or_404(regimens_for(request.user), clinic=request.clinic, public_id=regimen_id)
    today = regimen.clinic.local_date(at)
    form = DirectionForm(request.POST or None, initial={"from_on": today, "until_on": today + HALF_A_YEAR})
    if request.method == "POST" and form.is_valid():
        try:
            sign_direction(regimen=regimen, by=request.user, at=at, today=today, **form.cleaned_data)
        except NoDirection as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The direction for {regimen.patient.name} is signed.")
            return redirect("regimens:chart", regimen.patient.public_id)
    context = {
        "regimen": regimen,
        "banner": seen(regimen.patient, today, by=request.user, clinic=request.clinic),
        "form": form,
        "course": course_panel(course_events(regimen), today),
    }
    return render(request, "regimens/direction.html", context, status=422 if form.errors else 200)


@require_POST
@clinic_page("regimens.decide")
def end(request: ClinicRequest, regimen_id: UUID) -> HttpResponse:
    """End the direction in force."""
    at = timezone.now()
    regimen = get_object_or_404(regimens_for(request.user), clinic=request.clinic, public_id=regimen_id)
    direction = get_object_or_404(regimen.directions, ended_on__isnull=True)
    try:
        end_direction(direction=direction, by=request.user, at=at, today=regimen.clinic.local_date(at))
    except NoDirection as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The direction for {regimen.patient.name} has ended.")
    return redirect("regimens:chart", regimen.patient.public_id)
