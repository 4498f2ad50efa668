from tests.sinks.posting import mail_sink

__all__ = ["mail_sink"]
