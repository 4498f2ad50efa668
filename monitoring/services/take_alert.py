"""Say who sees to an alert that nobody has taken."""

from datetime import datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from monitoring.models import Alert


class AlertNotFree(ValueError):
    """Somebody has taken or ended this alert meanwhile; the sentence says who."""


@transaction.atomic
def take_alert(*, alert: Alert, by: User, at: datetime) -> None:
    """Make this person the owner of an open alert without one, so that of two who take it the second learns who was first.

    Taking what is one's own already changes nothing. Raises AlertNotFree.
    """
    if not Alert.objects.filter(pk=alert.pk, ended_at=None, owner=None).update(owner=by):
        now = Alert.objects.select_related("owner", "ended_by").get(pk=alert.pk)
        if now.ended_by is not None:
            raise AlertNotFree(f"{now.ended_by.display_name} ended this alert: {now.how}")
        if now.owner is not None and now.owner != by:
            raise AlertNotFree(f"{now.owner.display_name} has taken this alert.")
        return
    audit.note(
        at=at,
        clinic=alert.clinic,
        by=by,
        action="alert.taken",
        subject=f"alert:{alert.pk} {alert.rule}",
        patient_id=alert.patient_id,
        before={"owner": "nobody"},
        after={"owner": by.display_name},
    )
