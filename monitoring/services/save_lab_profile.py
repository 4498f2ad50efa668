"""Keep how a laboratory writes its files, with what was changed on the audit trail."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from monitoring.models import LabProfile


class ChangedMeanwhile(Exception):
    """Somebody saved the profile since the page was shown; `profile` is as it stands now."""

    def __init__(self, profile: LabProfile) -> None:
        super().__init__("This laboratory was changed meanwhile.")
        self.profile = profile


@transaction.atomic
def save_lab_profile(*, profile: LabProfile, version: int, by: User, at: datetime) -> LabProfile:
    """Save a profile whose fields hold what is wanted; a unit or test settled in it is settled by this person.

    `version` is the one that the page showed; of a new profile it is not looked at. Raises ChangedMeanwhile.
    """
    before: dict[str, Any] | None = None
    if profile.pk:
        held = LabProfile.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=profile.pk)
        if held.version != version:
            raise ChangedMeanwhile(held)
        before = model_to_dict(held)
        profile.version = held.version + 1
    profile.save()
    audit.note(
        at=at,
        clinic=profile.clinic,
        by=by,
        action="lab_profile.saved",
        subject=f"lab_profile:{profile.pk}",
        before=before,
        after=model_to_dict(profile),
    )
    return profile
