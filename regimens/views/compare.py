from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.planning import candidates_for
from regimens.presenters.outlook import outlook_of
from regimens.presenters.plan import comparison_of
from regimens.queries.plans import assessments_for
from regimens.views.seen import seen


@clinic_page("regimens.assess")
def compare(request: ClinicRequest, assessment_id: UUID) -> HttpResponse:
    """Step 2: what each guideline offers this patient, side by side, with the findings on top."""
    assessment = get_object_or_404(
        assessments_for(request.user), clinic=request.clinic, public_id=assessment_id
    )
    today = assessment.clinic.local_date(timezone.now())
    candidates = candidates_for(assessment, today)
    context = {
        "assessment": assessment,
        "banner": seen(assessment.patient, today, by=request.user, clinic=request.clinic),
        "outlook": outlook_of(candidates),
        "comparison": comparison_of(assessment, candidates, today),
    }
    return render(request, "regimens/compare.html", context)
