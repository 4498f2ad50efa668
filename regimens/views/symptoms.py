from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from monitoring.forms.symptoms import SymptomCorrectionForm, SymptomForm
from monitoring.presenters.symptoms import score_rows, trend_lines
from monitoring.queries.symptoms import live_rows, scores_for, scores_of
from monitoring.services.correct_symptom_scores import correct_symptom_scores
from monitoring.services.record_symptom_scores import ScoresRefused, record_symptom_scores
from monitoring.views.patient_page import note_seen, patient_or_404
from regimens.presenters.banner import banner_of
from regimens.queries.treatment import policy_for_patient, treated_since
from regimens.views.seen import seen


@clinic_page("monitoring.enter_results")
def score(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Score how a patient fares, beside the scores so far; whoever was asked to review is answered."""
    at = timezone.now()
    patient = patient_or_404(request, patient_id)
    today = patient.clinic.local_date(at)
    since, policy = treated_since(patient), policy_for_patient(patient)
    form = SymptomForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            record_symptom_scores(
                patient=patient,
                scores=form.scores(),
                note=form.cleaned_data["note"],
                form_key=form.cleaned_data["form_key"],
                treated_since=since,
                worse_by=policy.neurological_worse_points,
                by=request.user,
                at=at,
                today=today,
            )
        except ScoresRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The scores of {patient.name} are recorded.")
            return redirect("regimens:response", patient.public_id)
    if request.method == "GET":
        note_seen(request, patient, at)
    rows = list(live_rows(patient).select_related("by"))
    context = {
        "patient": patient,
        "banner": banner_of(patient, today),
        "form": form,
        "rows": score_rows(rows, today),
        "trend": trend_lines([scores_of(one) for one in rows], since, policy.symptom_change_points, today),
    }
    return render(request, "regimens/symptoms.html", context, status=422 if form.errors else 200)


@clinic_page("monitoring.enter_results")
def correct_scores(request: ClinicRequest, score_id: UUID) -> HttpResponse:
    """Put recorded scores right, or mark them as entered in error, with why."""
    at = timezone.now()
    row = get_object_or_404(
        scores_for(request.user).filter(clinic=request.clinic).select_related("patient__clinic"),
        public_id=score_id,
    )
    today = row.clinic.local_date(at)
    scored = scores_of(row)
    form = SymptomCorrectionForm(
        request.POST or None,
        today=today,
        initial={name: getattr(scored, name) for name in scored.__slots__} | {"note": row.note},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            correct_symptom_scores(
                row=row,
                scores=None if data["in_error"] else form.scores(),
                note=data["note"],
                why=data["why"],
                form_key=data["form_key"],
                by=request.user,
                at=at,
                today=today,
            )
        except ScoresRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The scores are put right; the old ones stay on record.")
            return redirect("regimens:symptoms", row.patient.public_id)
    context = {
        "patient": row.patient,
        "banner": seen(row.patient, today, by=request.user, clinic=request.clinic),
        "form": form,
        "back": reverse("regimens:symptoms", args=[row.patient.public_id]),
    }
    return render(request, "regimens/symptoms_correct.html", context, status=422 if form.errors else 200)
