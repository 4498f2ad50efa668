"""A reason written on one page and needed on the next ones: kept with the session, since it is no matter for an address."""

from typing import Any

from b12clinic.patients.models import Patient


def carry_reason(session: Any, patient: Patient, reason: str) -> None:
    """Keep why a new plan is made for a patient until it is signed."""
    session[_key(patient)] = reason


def carried_reason(session: Any, patient: Patient) -> str:
    """What was kept; empty where nothing was."""
    return str(session.get(_key(patient), ""))


def put_down_reason(session: Any, patient: Patient) -> None:
    """Forget it, once the plan is signed."""
    session.pop(_key(patient), None)


def _key(patient: Patient) -> str:
    return f"replan-because:{patient.public_id}"
