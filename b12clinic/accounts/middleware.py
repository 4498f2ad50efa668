"""What every request carries: an id for the audit trail, the clinic worked in, and the user's roles there."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import Http404, HttpRequest, HttpResponse

from b12clinic.accounts.models import Clinic
from b12clinic.accounts.permissions import roles_in
from b12clinic.accounts.queries import memberships_for
from b12clinic.accounts.requests import LINKED
from b12clinic.accounts.services.audit import current_request_id

Handler = Callable[[HttpRequest], HttpResponse]


def request_id_middleware(get_response: Handler) -> Handler:
    """Give each request an id; audit events and log lines of that request share it."""

    def handle(request: HttpRequest) -> HttpResponse:
        token = current_request_id.set(str(uuid.uuid4()))
        try:
            return get_response(request)
        finally:
            current_request_id.reset(token)

    return handle


def clinic_middleware(get_response: Handler) -> Handler:
    """Set `request.clinic`, `request.clinics` and `request.membership_roles` from the memberships, in one query.

    The session remembers which of several clinics is worked in (`request.home_clinic`); one that the user no longer belongs
    to is ignored. An address may name another of the user's clinics: the session stays as it is, and what is opened or sent
    from that page stays in its clinic.
    """

    def handle(request: Any) -> HttpResponse:
        request.clinic, request.home_clinic, request.clinics = None, None, []
        request.membership_roles = frozenset()
        if request.user.is_authenticated:
            memberships = memberships_for(request.user)
            request.clinics = list({m.clinic_id: m.clinic for m in memberships}.values())
            by_clinic: dict[int, frozenset[str]] = {}
            for membership in memberships:
                roles = by_clinic.get(membership.clinic_id, frozenset())
                by_clinic[membership.clinic_id] = roles | {membership.role}
            request.user._roles_by_clinic = by_clinic
            chosen = request.session.get("clinic_id")
            request.home_clinic = next(
                (c for c in request.clinics if c.pk == chosen), next(iter(request.clinics), None)
            )
            request.clinic = _linked(request) or _come_from(request) or request.home_clinic
            if request.clinic is not None:
                request.membership_roles = roles_in(request.user, request.clinic)
        return get_response(request)

    return handle


def _linked(request: Any) -> Clinic | None:
    """The clinic that the address names; one that is not the user's own is not found, whether or not there is such a one."""
    named = request.GET.get(LINKED, "")
    if not named:
        return None
    clinic = _own(request, named)
    if clinic is None:
        raise Http404
    return clinic


def _come_from(request: Any) -> Clinic | None:
    """The clinic named by the page of ours that this was opened or sent from, while it is the user's own."""
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return None
    if page.netloc != request.get_host():
        return None
    return _own(request, parse_qs(page.query).get(LINKED, [""])[0])


def _own(request: Any, named: str) -> Clinic | None:
    return next((one for one in request.clinics if str(one.public_id) == named.lower()), None)


def no_store_middleware(get_response: Handler) -> Handler:
    """Let no browser keep what somebody signed in was shown: the computer is shared, and Back works after signing out."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response

    return handle
