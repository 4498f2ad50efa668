"""The product's Celery application for a worker beside a test: knows the tests' jobs, says when it listens."""

import os

from celery.signals import worker_ready

from b12clinic.celery import app

app.conf.imports = ("tests.sinks.jobs",)
app.conf.worker_redirect_stdouts = False
if prefix := os.environ.get("BROKER_KEY_PREFIX"):
    app.conf.broker_transport_options = {**app.conf.broker_transport_options, "global_keyprefix": prefix}


@worker_ready.connect
def say_so(**_: object) -> None:
    print("ready", flush=True)
