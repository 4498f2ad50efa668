"""Whose report a person is typing: kept with the session, for each clinic, since the next one is likely of the same."""

from typing import Any

from b12clinic.accounts.models import Clinic


def keep_at_hand(session: Any, clinic: Clinic, laboratory: str) -> None:
    """Remember the laboratory that was chosen by its key; empty for another than the clinic's own, or none."""
    session[_key(clinic)] = laboratory[:20]


def at_hand(session: Any, clinic: Clinic) -> str:
    """The key that was chosen last in this clinic; empty where none was."""
    return str(session.get(_key(clinic), ""))


def _key(clinic: Clinic) -> str:
    return f"laboratory:{clinic.pk}"
