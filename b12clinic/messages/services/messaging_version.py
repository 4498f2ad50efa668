"""One version guards all that a clinic sets of its reminders: its hours and its ladder."""

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import ClinicMessaging


class MessagingChanged(Exception):
    """Somebody saved the clinic's reminders after this page was opened."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else changed the reminders after you opened this page; look again, then save."
        )


def take_version(clinic: Clinic, version: int) -> None:
    """Move on from the version that was shown. Raises MessagingChanged when another is stored by now."""
    ClinicMessaging.objects.get_or_create(clinic=clinic)
    shown = ClinicMessaging.objects.filter(clinic=clinic, version=version)
    if not shown.update(version=version + 1):
        raise MessagingChanged
