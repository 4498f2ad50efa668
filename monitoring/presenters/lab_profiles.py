"""What a page says when somebody else saved a laboratory first."""

from zoneinfo import ZoneInfo

from monitoring.models import LabProfile
from monitoring.queries import last_save


def who_saved(profile: LabProfile) -> str:
    """Who saved this laboratory last and when, in the clinic's time."""
    event = last_save(profile)
    if event is None or event.actor is None:
        return "This laboratory was saved after you opened it; nothing of yours was saved."
    local = event.at.astimezone(ZoneInfo(profile.clinic.time_zone))
    when = f"{local.day} {local:%b %Y at %H:%M}"
    return f"{event.actor.display_name} saved this laboratory on {when}, after you opened it; nothing of yours was saved."
