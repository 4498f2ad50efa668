from tests.sinks.posting import dealt_with

__all__ = ["dealt_with"]
