"""Addresses as they may be shown: enough to recognise, not enough to write to."""

import re

ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
NUMBER = re.compile(r"\+?\d{7,}")


def masked(address: str) -> str:
    """An e-mail address or a number to dial, with most of it hidden: `a•••@example.org`, `•••123`."""
    local, at, domain = address.partition("@")
    if not at and NUMBER.fullmatch(address):
        return f"•••{address[-3:]}"
    return f"{local[:1]}•••{at}{domain}" if at else ""


def without_addresses(text: str) -> str:
    """A server's answer in one line, with the e-mail addresses and numbers to dial in it masked."""
    line = " ".join(text.split())
    for pattern in (ADDRESS, NUMBER):
        line = pattern.sub(lambda found: masked(found[0]), line)
    return line
