from .audit import AuditEvent
from .clinic import Clinic, ClosedDay, Membership, Role
from .user import User

__all__ = ["AuditEvent", "Clinic", "ClosedDay", "Membership", "Role", "User"]
