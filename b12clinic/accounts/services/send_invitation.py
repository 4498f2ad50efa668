"""Write to somebody who was added to a clinic: how to set a password, or that they may now work there."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from b12clinic.accounts.models import Membership, User


def send_invitation(*, membership_id: int) -> bool:
    """Hand one mail to the mail server; whether there was one to send. A membership that has ended gets none.

    Raises what the mail server raises, so that the job is tried again.
    """
    membership = Membership.objects.select_related("user", "clinic").filter(pk=membership_id).first()
    if membership is None or not membership.user.is_active or not membership.user.email:
        return False
    person, clinic = membership.user, membership.clinic
    context = {
        "person": person,
        "clinic": clinic,
        "password_url": _password_url(person),
        "site_url": settings.SITE_URL,
    }
    send_mail(
        subject=" ".join(f"Your account at {clinic.name}".split()),
        message=render_to_string("accounts/invitation_mail.txt", context),
        from_email=None,
        recipient_list=[person.email],
    )
    return True


def _password_url(person: User) -> str:
    """The one-time address at which a first password is set; empty for somebody who has one."""
    if person.has_usable_password():
        return ""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)},
    )
    return f"{settings.SITE_URL}{path}"
