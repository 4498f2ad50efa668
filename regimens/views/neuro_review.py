from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.forms.neuro_review import NeuroReviewForm
from regimens.models import Phase, Regimen
from regimens.policies import policy_of
from regimens.presenters.course_panel import review_line, reviews_in_words
from regimens.presenters.words import phase_line
from regimens.protocols.phasespec import PhaseSpec
from regimens.queries.plans import regimens_for
from regimens.services.hold import ChangedMeanwhile
from regimens.services.review_loading import NotReviewed, early_end, review_loading
from regimens.views.conflict import changed_meanwhile
from regimens.views.seen import seen


@clinic_page("regimens.decide")
def review(request: ClinicRequest, regimen_id: UUID, ordinal: int) -> HttpResponse:
    """Sign a neurological review: the loading goes on until the next one, or maintenance begins."""
    at = timezone.now()
    regimen = get_object_or_404(regimens_for(request.user), clinic=request.clinic, public_id=regimen_id)
    phase = get_object_or_404(regimen.phases, ordinal=ordinal)
    following = regimen.phases.filter(ordinal__gt=ordinal).first()
    today = regimen.clinic.local_date(at)
    form = NeuroReviewForm(
        request.POST or None,
        policy=policy_of(regimen),
        next_phase=phase_line(PhaseSpec.from_dict(following.spec)) if following else "",
        initial={"version": regimen.version},
    )
    if request.method == "POST" and form.is_valid():
        try:
            review_loading(
                phase=phase,
                version=form.cleaned_data["version"],
                examined=form.examined(),
                next_in_days=form.days_to_next,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=at,
                today=today,
            )
        except ChangedMeanwhile as race:
            kept = [(str(field.label), field.value()) for field in form.visible_fields()]
            return changed_meanwhile(request, race, kept)
        except NotReviewed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The review of {regimen.patient.name} is signed.")
            return redirect("regimens:chart", regimen.patient.public_id)
    return _page(request, regimen, phase, form, today)


def _page(
    request: ClinicRequest, regimen: Regimen, phase: Phase, form: NeuroReviewForm, today: date
) -> HttpResponse:
    context = {
        "regimen": regimen,
        "banner": seen(regimen.patient, today, by=request.user, clinic=request.clinic),
        "form": form,
        "line": phase_line(PhaseSpec.from_dict(phase.spec)),
        "due": review_line(phase, today),
        "early": early_end(phase, today),
        "reviews": reviews_in_words(phase.reviews.select_related("by"), today),
    }
    return render(request, "regimens/neuro_review.html", context, status=422 if form.errors else 200)
