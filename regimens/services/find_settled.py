"""Which messages of a clinic speak of a dose, review or assessment that no longer calls for them."""

from datetime import date

from django.db.models import OuterRef

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Message
from b12clinic.messages.services.withdraw import WAITING
from b12clinic.messages.services.withdraw_settled import left_in_inbox
from b12clinic.states import MovingQuerySet
from regimens.queries.due_list import all_waited_for
from regimens.queries.last_word import not_to_be_called, postponed
from regimens.queries.plans import open_reviews, unsigned_assessments
from regimens.services.withhold_reminders import CALLERS
from regimens.subjects import OF_A_DOSE, REVIEW_DUE, UNSIGNED_REGIMEN

SUBJECT, DAY = OuterRef("subject_id"), OuterRef("about_on")


def find_settled(clinic: Clinic, today: date) -> list[MovingQuerySet[Message]]:
    """The same questions that `find_owed` asks, of what has been said already."""
    of_doses = Message.objects.filter(WAITING, clinic=clinic, kind__in=OF_A_DOSE)
    # Read first, since they are few: as a sub-select they are worked out for each message, where the planner takes the
    # outbox to be as empty as it was before the last sweep.
    resting = list(postponed(today, clinic=clinic).values_list("dose", flat=True))
    removed = list(not_to_be_called(clinic=clinic).values_list("dose", flat=True))
    return [
        left_in_inbox(clinic, OF_A_DOSE, all_waited_for(clinic).filter(pk=SUBJECT, due_on=DAY)),
        of_doses.filter(subject_id__in=resting),
        of_doses.filter(subject_id__in=removed, audience__in=CALLERS),
        left_in_inbox(clinic, [REVIEW_DUE], open_reviews(clinic).filter(pk=SUBJECT, review_on=DAY)),
        left_in_inbox(clinic, [UNSIGNED_REGIMEN], unsigned_assessments(clinic).order_by().filter(pk=SUBJECT)),
    ]
