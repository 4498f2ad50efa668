from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from b12clinic.accounts.models import Role
from b12clinic.accounts.queries import memberships_for

FIRST_PAGES = (
    (Role.PRESCRIBER, "regimens:worklist"),
    (Role.NURSE, "regimens:due_list"),
    (Role.ADMINISTRATOR, "regimens:reports"),
)


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody makes an account of their own; each lands on the page where their day begins."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        roles = {membership.role for membership in memberships_for(request.user)}
        name = next((page for role, page in FIRST_PAGES if role in roles), "regimens:worklist")
        return reverse(name)
