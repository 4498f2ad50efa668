"""Who may do what: predicates over memberships, asked as `user.has_perm("regimens.sign_plan", clinic)`.

Whether the state of a row allows an act is another question, answered by the service that does it.
"""

from typing import Any

import rules

from b12clinic.accounts.models import Clinic, Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "patients.view": frozenset({Role.PRESCRIBER, Role.NURSE, Role.ADMINISTRATOR}),
    "patients.register": frozenset({Role.PRESCRIBER, Role.NURSE, Role.ADMINISTRATOR}),
    "patients.change_health": frozenset({Role.PRESCRIBER, Role.NURSE}),
    "monitoring.enter_results": frozenset({Role.PRESCRIBER, Role.NURSE}),
    "monitoring.import_results": frozenset({Role.PRESCRIBER, Role.NURSE}),
    "monitoring.view_inbox": frozenset({Role.PRESCRIBER, Role.NURSE}),
    "monitoring.acknowledge_results": frozenset({Role.PRESCRIBER}),
    "monitoring.drop_recheck": frozenset({Role.PRESCRIBER}),
    "monitoring.take_alert": frozenset({Role.PRESCRIBER, Role.NURSE}),
    "monitoring.end_alert": frozenset({Role.PRESCRIBER, Role.NURSE}),
    "regimens.assess": frozenset({Role.PRESCRIBER}),
    "regimens.sign_plan": frozenset({Role.PRESCRIBER}),
    "regimens.decide": frozenset({Role.PRESCRIBER}),
    "regimens.view_due_list": frozenset({Role.PRESCRIBER, Role.NURSE, Role.ADMINISTRATOR}),
    "regimens.record_injection": frozenset({Role.PRESCRIBER, Role.NURSE}),
    "regimens.call_patients": frozenset({Role.PRESCRIBER, Role.NURSE}),
    "regimens.view_protocols": frozenset({Role.PRESCRIBER, Role.NURSE, Role.ADMINISTRATOR}),
    "regimens.export_report": frozenset({Role.ADMINISTRATOR}),
    "messages.view": frozenset({Role.PRESCRIBER, Role.NURSE, Role.ADMINISTRATOR}),
    "messages.retry": frozenset({Role.NURSE, Role.ADMINISTRATOR}),
    "accounts.set_up_clinic": frozenset({Role.ADMINISTRATOR}),
    "accounts.view_audit": frozenset({Role.ADMINISTRATOR}),
}


def roles_in(user: Any, clinic: Clinic) -> frozenset[str]:
    """The roles a person holds in a clinic, read once per user object."""
    known: dict[int, frozenset[str]] | None = getattr(user, "_roles_by_clinic", None)
    if known is None:
        known = {}
        for clinic_id, role in user.memberships.values_list("clinic_id", "role"):
            known[clinic_id] = known.get(clinic_id, frozenset()) | {role}
        user._roles_by_clinic = known
    return known.get(clinic.pk, frozenset())


def holds_one_of(roles: frozenset[Role]) -> Any:
    """A predicate that is true for an active member of the clinic with one of these roles."""

    @rules.predicate
    def holds(user: Any, clinic: Clinic | None) -> bool:
        return bool(user.is_active and clinic is not None and roles_in(user, clinic) & roles)

    return holds


for _permission, _roles in PERMISSIONS.items():
    if not rules.perm_exists(_permission):
        rules.add_perm(_permission, holds_one_of(_roles))
