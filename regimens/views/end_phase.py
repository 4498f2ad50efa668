from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.courses import is_neurological_loading
from regimens.forms.typed import reason_in, version_in
from regimens.presenters.words import phase_line
from regimens.protocols.phasespec import PhaseSpec
from regimens.queries.plans import regimens_for
from regimens.services.end_phase import NotEnded, end_phase
from regimens.views.seen import seen


@clinic_page("regimens.decide")
def end(request: ClinicRequest, regimen_id: UUID, ordinal: int) -> HttpResponse:
    """Sign that an open-ended phase is over, with what the review found."""
    at = timezone.now()
    regimen = get_object_or_404(regimens_for(request.user), clinic=request.clinic, public_id=regimen_id)
    phase = get_object_or_404(regimen.phases, ordinal=ordinal)
    if is_neurological_loading(regimen, phase):
        return redirect("regimens:review_loading", regimen.public_id, ordinal)
    following = regimen.phases.filter(ordinal__gt=ordinal).first()
    today = regimen.clinic.local_date(at)
    error, typed = "", reason_in(request.POST)
    if request.method == "POST":
        shown = version_in(request.POST)
        try:
            end_phase(phase=phase, version=shown, finding=typed, by=request.user, at=at, today=today)
        except NotEnded as refusal:
            error = str(refusal)
        else:
            messages.success(request, f"The review of {regimen.patient.name} is signed.")
            return redirect("regimens:chart", regimen.patient.public_id)
    context = {
        "regimen": regimen,
        "banner": seen(regimen.patient, today, by=request.user, clinic=request.clinic),
        "line": phase_line(PhaseSpec.from_dict(phase.spec)),
        "next_line": phase_line(PhaseSpec.from_dict(following.spec)) if following else "",
        "error": error,
        "typed": typed,
    }
    return render(request, "regimens/end_phase.html", context, status=422 if error else 200)
