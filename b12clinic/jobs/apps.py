from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "b12clinic.jobs"
    label = "jobs"

    def ready(self) -> None:
        from b12clinic import celery  # noqa: F401  tasks find their application here, and only here
