from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "b12clinic.accounts"
    label = "accounts"

    def ready(self) -> None:
        from b12clinic.accounts import permissions  # noqa: F401  the predicates register themselves
