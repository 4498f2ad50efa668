"""Which messages of a clinic speak of a recheck or a result that no longer calls for them."""

from datetime import date

from django.db.models import OuterRef

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Message
from b12clinic.messages.services.withdraw_settled import left_in_inbox
from b12clinic.states import MovingQuerySet
from monitoring.queries.inbox import unread_items
from monitoring.queries.rechecks import wanted_rechecks
from monitoring.subjects import OF_A_RECHECK, RESULT_WAITING

SUBJECT, DAY = OuterRef("subject_id"), OuterRef("about_on")


def find_settled(clinic: Clinic, today: date) -> list[MovingQuerySet[Message]]:
    """The same questions that `find_owed` asks, of what lies in the inbox already."""
    return [
        left_in_inbox(
            clinic, OF_A_RECHECK, wanted_rechecks(clinic).order_by().filter(pk=SUBJECT, due_on=DAY)
        ),
        left_in_inbox(clinic, [RESULT_WAITING], unread_items(clinic).filter(pk=SUBJECT)),
    ]
