"""What is said to somebody whose page went stale: who changed the regimen, when, and how."""

from zoneinfo import ZoneInfo

from regimens.models import Revision
from regimens.presenters.words import day


def who_changed(revision: Revision) -> str:
    """ "Robin Example changed this regimen on Mon 9 Feb 2026 at 12:00: Late-dose decision – She was abroad." """
    moment = revision.at.astimezone(ZoneInfo(revision.regimen.clinic.time_zone))
    why = f" – {revision.reason}" if revision.reason else ""
    return (
        f"{revision.by.display_name} changed this regimen on {day(moment.date())} at {moment:%H:%M}: "
        f"{revision.get_kind_display()}{why}. Nothing of yours was saved; look at it as it stands now."
    )
