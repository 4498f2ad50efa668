"""A potassium of 2.9 on day 2 reaches a clinician as urgent, by a real worker, within a minute."""

import os
import time
from datetime import date
from uuid import uuid4

import pytest
from celery import current_app
from django.utils import timezone
from redis import Redis

from b12clinic.jobs.models import Pending
from b12clinic.jobs.nudge import Nudger
from monitoring.models import Alert
from monitoring.services.import_lab_file import import_lab_file
from monitoring.services.record_results import record_results
from regimens.queries.worklist import worklist_for
from tests.factories.lab_files import a_csv, a_row, received
from tests.factories.labs import a_result, an_entry
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen
from tests.sinks.workers import a_worker, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.redis,
]
DAY_2 = date(2026, 1, 7)
MINUTE = 60


@pytest.fixture
def worker(monkeypatch):
    """A worker on a corner of Redis of its own, which nudges from this process reach."""
    url, prefix = os.environ["REDIS_URL"], f"test-{uuid4().hex}-"
    for place in ("ask", "run"):
        monkeypatch.setattr(f"b12clinic.jobs.services.{place}.nudger", Nudger())
    monkeypatch.setitem(current_app.conf.changes, "broker_write_url", url)
    monkeypatch.setitem(current_app.conf.changes, "broker_transport_options", {"global_keyprefix": prefix})
    started = a_worker(REDIS_URL=url, BROKER_KEY_PREFIX=prefix)
    yield started
    started.end()
    server = Redis.from_url(url)
    for key in server.scan_iter(f"{prefix}*"):
        server.delete(key)


@pytest.fixture
def patient():
    """Loading began on 5 January 2026."""
    patient = a_patient(a_clinic(), name="Ada Example", record_number="R-1")
    a_regimen(patient, a_user(patient.clinic))
    return patient


def typed(patient):
    nurse = a_user(patient.clinic, "nurse")
    potassium = an_entry("potassium", "2.9", "mmol/L")
    record_results(
        patient=patient, taken_on=DAY_2, entries=[potassium], by=nurse, at=timezone.now(), today=DAY_2
    )


def imported(patient):
    row = a_row(code="potassium", value="2.9", unit="mmol/L", range="3.5-5.3", taken_on="2026-01-07")
    file = received(patient.clinic, a_csv(row))
    import_lab_file(file=file, accept_partial=False, by=None, at=timezone.now(), today=DAY_2)


@pytest.mark.parametrize("came", [typed, imported])
def test_a_potassium_of_2_9_stands_on_the_worklist_as_urgent_and_the_worker_adds_no_double(
    worker, patient, came
):
    began = time.monotonic()
    came(patient)
    until(lambda: Pending.objects.count() == 0, seconds=MINUTE)

    assert time.monotonic() - began < MINUTE
    [alert] = worklist_for(patient.clinic, a_user(patient.clinic), DAY_2).alerts
    assert (alert.severity, alert.rule) == ("urgent", "K_LOW")
    assert alert.sentence.startswith("Potassium 2.9 mmol/L on 7 Jan 2026: correct it the same day")


def test_the_worker_raises_it_by_the_rules_where_nothing_alerted_before(worker, patient):
    """A value on file that was never alerted to, as of a clinic that had it before: any new result runs the rules."""
    a_result(patient, "potassium", "2.9", "mmol/L", taken_on=DAY_2)
    nurse = a_user(patient.clinic, "nurse")
    ferritin = an_entry("ferritin", "80", "ug/L")
    record_results(
        patient=patient, taken_on=DAY_2, entries=[ferritin], by=nurse, at=timezone.now(), today=DAY_2
    )

    until(lambda: Alert.objects.filter(rule="K_LOW", severity="urgent").count() == 1, seconds=MINUTE)
