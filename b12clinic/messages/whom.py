"""Whom a reminder goes to, and how."""

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Audience
from b12clinic.vocabulary import Channel


def whom(clinic: Clinic, *, consents_to_email: bool, email: str) -> tuple[Audience, Channel]:
    """The patient by e-mail where they agreed to it, else the clinic by e-mail, else the clinic's inbox in the app."""
    if consents_to_email and email:
        return Audience.PATIENT, Channel.EMAIL
    return Audience.CLINIC, Channel.EMAIL if clinic.contact_email else Channel.INBOX
