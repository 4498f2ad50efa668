"""Addresses as they may be shown: enough to recognise, not enough to write to."""

import re

ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


def masked(address: str) -> str:
    """An e-mail address with its local part hidden but for the first letter: `a•••@example.org`."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}•••{at}{domain}" if at else ""


def without_addresses(text: str) -> str:
    """A server's answer in one line, with the e-mail addresses in it masked."""
    return ADDRESS.sub(lambda found: masked(found[0]), " ".join(text.split()))
