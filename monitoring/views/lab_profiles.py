from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from monitoring.forms.lab_files import LabProfileForm
from monitoring.queries import lab_profiles
from monitoring.services.save_lab_profile import save_lab_profile


@clinic_page("monitoring.import_results")
def profile(request: ClinicRequest, profile_id: int = 0) -> HttpResponse:
    """How a laboratory writes its files, new or changed."""
    known = get_object_or_404(lab_profiles(request.clinic), pk=profile_id) if profile_id else None
    data = request.POST if request.method == "POST" else None
    form = LabProfileForm(data, instance=known, clinic=request.clinic)
    if form.is_valid():
        changed = form.save(commit=False)
        changed.columns = form.columns()
        save_lab_profile(profile=changed, by=request.user, at=timezone.now())
        messages.success(request, f"{changed.name} saved.")
        return redirect("monitoring:import_results")
    context = {"form": form, "known": known}
    return render(request, "monitoring/lab_profile.html", context, status=422 if form.errors else 200)
