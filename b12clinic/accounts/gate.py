"""The door of every clinic page: signed in, a member of a clinic, and permitted there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect

from b12clinic.accounts.requests import LINKED, ClinicRequest

__all__ = ["ClinicRequest", "View", "clinic_page"]

View = Callable[..., HttpResponseBase]


def clinic_page(permission: str) -> Callable[[View], View]:
    """Let a view run only for a member of `request.clinic` who holds the permission there; else 403.

    A page of another clinic than the session's is shown under an address that names the clinic, so that what is opened from
    there stays in it.
    """

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: ClinicRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.clinic is None:
                raise PermissionDenied(
                    "You do not belong to a clinic yet; an administrator can add you to one."
                )
            if request.method in ("GET", "HEAD") and _unnamed(request):
                return redirect(_naming(request))
            if not request.user.has_perm(permission, request.clinic):
                raise PermissionDenied("Your role in this clinic does not allow this.")
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def _unnamed(request: ClinicRequest) -> bool:
    return request.clinic != request.home_clinic and not request.GET.get(LINKED)


def _naming(request: ClinicRequest) -> str:
    asked = request.GET.copy()
    asked[LINKED] = f"{request.clinic.public_id}"
    return f"{request.path}?{asked.urlencode()}"
