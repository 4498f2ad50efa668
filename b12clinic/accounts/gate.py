"""The door of every clinic page: signed in, a member of a clinic, and permitted there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase

from b12clinic.accounts.requests import ClinicRequest

__all__ = ["ClinicRequest", "View", "clinic_page"]

View = Callable[..., HttpResponseBase]


def clinic_page(permission: str) -> Callable[[View], View]:
    """Let a view run only for a member of `request.clinic` who holds the permission there; else 403."""

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: ClinicRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.clinic is None:
                raise PermissionDenied(
                    "You do not belong to a clinic yet; an administrator can add you to one."
                )
            if not request.user.has_perm(permission, request.clinic):
                raise PermissionDenied("Your role in this clinic does not allow this.")
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard
