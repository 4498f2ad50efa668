from tests.sinks.posting import dealt_with, gateway, mail_sink

__all__ = ["dealt_with", "gateway", "mail_sink"]
