from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from monitoring.forms.result_grid import ResultGrid
from monitoring.forms.result_row import row_named
from monitoring.laboratory_at_hand import at_hand, keep_at_hand
from monitoring.models import LabProfile
from monitoring.presenters.results import last_values
from monitoring.queries import lab_profiles, latest_results, units_of
from monitoring.services.answer_rechecks import parts_waited_for
from monitoring.services.record_results import ResultsRefused, record_results
from monitoring.views.patient_page import banner, next_page, note_seen, patient_or_404


@clinic_page("monitoring.enter_results")
def enter(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """One grid for one patient and one visit; recorded whole or not at all."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    patient = patient_or_404(request, patient_id)
    data = request.POST if request.method == "POST" else None
    laboratories = list(lab_profiles(request.clinic))
    laboratory = _laboratory(request, laboratories)
    grid = ResultGrid(
        data,
        today=today,
        last=last_values(latest_results(patient), today),
        wanted=parts_waited_for(patient),
        laboratories=laboratories,
        laboratory=laboratory,
        units=units_of(laboratory),
    )
    if grid.is_recorded and grid.is_valid():
        try:
            results = record_results(
                patient=patient,
                taken_on=grid.visit.cleaned_data["taken_on"],
                entries=grid.entries(),
                laboratory=laboratory,
                by=request.user,
                at=at,
                today=today,
            )
        except ResultsRefused as refused:
            grid.refuse(refused.refusals)
        else:
            messages.success(request, f"{_counted(len(results))} recorded.")
            return redirect(next_page(request) or redirect("monitoring:results", patient.public_id).url)
    note_seen(request, patient, at)
    context = {"patient": patient, "banner": banner(patient, today), "grid": grid, "next": next_page(request)}
    return render(request, "monitoring/enter.html", context, status=422 if grid.problems else 200)


@clinic_page("monitoring.enter_results")
def convert(request: ClinicRequest) -> HttpResponse:
    """The line under a row while it is typed: the value in its other units, or the doubt that stands against it."""
    row = row_named(request.GET.get("row", ""), request.GET)
    if row is None:
        raise Http404("No such row.")
    return render(request, "monitoring/_row_note.html", {"row": row})


def _laboratory(request: ClinicRequest, known: list[LabProfile]) -> LabProfile | None:
    """Whose report is typed: as chosen on the page, and then kept at hand; else as it was chosen last."""
    if request.method == "POST":
        keep_at_hand(request.session, request.clinic, request.POST.get("laboratory", ""))
    chosen = at_hand(request.session, request.clinic)
    return next((one for one in known if str(one.pk) == chosen), None)


def _counted(number: int) -> str:
    return "1 result" if number == 1 else f"{number} results"
