from tests.sinks.posting import dealt_with, mail_sink

__all__ = ["dealt_with", "mail_sink"]
