"""What the short forms send that ask for a version and a reason only."""

from django.http import QueryDict


def version_in(sent: QueryDict) -> int:
    """The version that the page showed; 0, which no row has, when it says none."""
    version = sent.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def reason_in(sent: QueryDict) -> str:
    """The reason as written, without what no database keeps as text."""
    return sent.get("reason", "").replace("\x00", "")
