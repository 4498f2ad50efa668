"""Say on the messages of a channel why they wait, when the service behind it does not answer."""

from datetime import datetime

from b12clinic.messages.queries import due


def hold(*, channel: str, why: str, at: datetime) -> int:
    """Note the reason on every message due on the channel; on how many it was new. It costs them no attempt."""
    return due(at).filter(channel=channel).exclude(why=why).update(why=why)
