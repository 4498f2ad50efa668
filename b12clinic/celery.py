"""The Celery application. It is loaded by the jobs app, so that importing the clinical core loads neither it nor Django."""

import os
from pathlib import Path

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b12clinic.settings")

app = Celery("b12clinic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def make_broker_folders(options: dict[str, object]) -> None:
    """Create the folders of the file broker, which expects them to exist; nothing to do for Redis."""
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        if folder := options.get(name):
            Path(str(folder)).mkdir(parents=True, exist_ok=True)
