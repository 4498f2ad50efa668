from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.forms.typed import reason_in, version_in
from regimens.order_check import findings_on_stopping
from regimens.queries.plans import regimens_for
from regimens.services.stop_regimen import NotStopped, stop_regimen
from regimens.views.seen import seen


@clinic_page("regimens.decide")
def stop(request: ClinicRequest, regimen_id: UUID) -> HttpResponse:
    """Stop a regimen, with the reason that a lifelong one cannot do without."""
    at = timezone.now()
    regimen = get_object_or_404(regimens_for(request.user), clinic=request.clinic, public_id=regimen_id)
    today = regimen.clinic.local_date(at)
    error = ""
    if request.method == "POST":
        try:
            stop_regimen(
                regimen=regimen,
                version=version_in(request.POST),
                reason=reason_in(request.POST),
                by=request.user,
                at=at,
                today=today,
            )
        except NotStopped as refusal:
            error = str(refusal)
        else:
            messages.success(request, f"The regimen of {regimen.patient.name} is stopped.")
            return redirect("regimens:chart", regimen.patient.public_id)
    context = {
        "regimen": regimen,
        "banner": seen(regimen.patient, today, by=request.user, clinic=request.clinic),
        "findings": findings_on_stopping(regimen, ""),
        "error": error,
        "typed": reason_in(request.POST),
    }
    return render(request, "regimens/stop.html", context, status=422 if error else 200)
