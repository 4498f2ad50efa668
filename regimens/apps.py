from django.apps import AppConfig


class RegimensConfig(AppConfig):
    name = "regimens"

    def ready(self) -> None:
        from regimens import (  # noqa: F401  the set-up page asks what there is to choose from, the register what follows a death, labs what plans know
            leaving,
            offered_packs,
            told_to_labs,
        )
