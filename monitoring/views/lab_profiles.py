from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.patients.views.entry import version_sent
from monitoring.forms.lab_files import LabProfileForm
from monitoring.presenters.lab_profiles import who_saved
from monitoring.queries import lab_profiles
from monitoring.services.save_lab_profile import ChangedMeanwhile, save_lab_profile


@clinic_page("monitoring.import_results")
def profile(request: ClinicRequest, profile_id: int = 0) -> HttpResponse:
    """How a laboratory writes its files, new or changed."""
    known = get_object_or_404(lab_profiles(request.clinic), pk=profile_id) if profile_id else None
    context = {"known": known, "version": known.version if known else 0}
    if request.method != "POST":
        return _page(request, LabProfileForm(instance=known, clinic=request.clinic), context)
    form = LabProfileForm(request.POST, instance=known, clinic=request.clinic)
    sent = version_sent(request)
    if not form.is_valid():
        return _page(request, form, context | {"version": sent}, 422)
    changed = form.save(commit=False)
    changed.columns = form.columns()
    try:
        save_lab_profile(profile=changed, version=sent, by=request.user, at=timezone.now())
    except ChangedMeanwhile as race:
        stored = race.profile
        lost = {"lost": who_saved(stored), "changes": form.differences(stored), "version": stored.version}
        return _page(request, form, context | lost, 409)
    messages.success(request, f"{changed.name} saved.")
    return redirect("monitoring:import_results")


def _page(
    request: ClinicRequest, form: LabProfileForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, "monitoring/lab_profile.html", {**context, "form": form}, status=status)
