from .audit import AuditEvent
from .clinic import Clinic, ClosedDay, Membership, Role
from .user import User, name_in_full

__all__ = ["AuditEvent", "Clinic", "ClosedDay", "Membership", "Role", "User", "name_in_full"]
