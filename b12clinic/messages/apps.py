from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "b12clinic.messages"
    label = "messages_ledger"
    verbose_name = "Messages"
