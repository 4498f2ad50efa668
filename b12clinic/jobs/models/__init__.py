from .pending import Pending

__all__ = ["Pending"]
