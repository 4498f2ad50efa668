"""What a request is once the middleware and the gate have let it through."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from b12clinic.accounts.models import Clinic, User

LINKED = "clinic"
"""What an address calls the clinic that it belongs to."""


class ClinicRequest(HttpRequest):
    """A request of someone signed in, working in one clinic: what a view behind `clinic_page` is handed.

    `home_clinic` is the one that the session remembers; `clinic` is another one where the address names it, or the
    page that one comes from.
    """

    user: User
    clinic: Clinic
    home_clinic: Clinic
    clinics: list[Clinic]
    membership_roles: frozenset[str]
    htmx: HtmxDetails
