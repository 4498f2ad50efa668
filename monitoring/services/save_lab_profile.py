"""Keep how a laboratory writes its files, with what was changed on the audit trail."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from monitoring.models import LabProfile


@transaction.atomic
def save_lab_profile(*, profile: LabProfile, by: User, at: datetime) -> LabProfile:
    """Save a profile whose fields hold what is wanted; a unit or test settled in it is settled by this person."""
    before: dict[str, Any] | None = None
    if profile.pk:
        before = model_to_dict(LabProfile.objects.select_for_update().get(pk=profile.pk))
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
