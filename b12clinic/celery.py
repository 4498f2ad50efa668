"""The Celery application. It is loaded by the jobs app, so that importing the clinical core loads neither it nor Django."""

import os
from pathlib import Path

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b12clinic.settings")

app = Celery("b12clinic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The file broker expects its folders to be there, whichever process comes first.
for _folder in ("data_folder_in", "data_folder_out", "control_folder"):
    if _path := settings.CELERY_BROKER_TRANSPORT_OPTIONS.get(_folder):
        Path(_path).mkdir(parents=True, exist_ok=True)
