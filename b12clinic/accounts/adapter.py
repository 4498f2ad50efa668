from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody makes an account of their own: an administrator adds people to a clinic."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
