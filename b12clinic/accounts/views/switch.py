from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.gate import ClinicRequest
from b12clinic.accounts.models import Role
from b12clinic.accounts.permissions import roles_in
from b12clinic.accounts.services.switch_clinic import switch_clinic


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: ClinicRequest) -> HttpResponse:
    """Choose which of one's clinics to work in; the session remembers it."""
    if request.method != "POST":
        return render(request, "accounts/switch.html", {"choices": _choices(request)})
    wanted = _uuid(request.POST.get("clinic", ""))
    clinic = next((clinic for clinic in request.clinics if clinic.public_id == wanted), None)
    if clinic is None:
        raise Http404
    switch_clinic(clinic=clinic, by=request.user, at=timezone.now())
    request.session.cycle_key()  # other rights, other session id
    request.session["clinic_id"] = clinic.pk
    return redirect(_next(request))


def _choices(request: ClinicRequest) -> list[dict[str, object]]:
    return [
        {
            "clinic": clinic,
            "current": clinic == request.clinic == request.home_clinic,
            "roles": ", ".join(str(role.label) for role in Role if role in roles_in(request.user, clinic)),
        }
        for clinic in request.clinics
    ]


def _next(request: ClinicRequest) -> str:
    """The page that the switch was asked from, if it is one of ours."""
    wanted = request.POST.get("next", "")
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None) else "/"


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
