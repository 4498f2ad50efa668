"""Jobs done by a real worker process, told through a real broker."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from celery import current_app
from django.db import transaction
from django.utils import timezone
from redis import Redis

from b12clinic.jobs.models import Pending
from b12clinic.jobs.nudge import Nudger
from b12clinic.jobs.services.ask import ask
from b12clinic.jobs.services.run import LEASE, run
from b12clinic.jobs.tasks import sweep_pending
from tests.sinks.jobs import LEAVE_A_TRACE, SLOW, traces
from tests.sinks.workers import Process, a_worker, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def nudges(monkeypatch):
    """A nudger that has heard of no failure yet."""
    fresh = Nudger()
    monkeypatch.setattr("b12clinic.jobs.services.ask.nudger", fresh)
    monkeypatch.setattr("b12clinic.jobs.services.run.nudger", fresh)
    return fresh


def speak_to(monkeypatch, url: str, **options: object) -> None:
    """Let nudges and tasks of this process go to this broker."""
    monkeypatch.setitem(current_app.conf.changes, "broker_write_url", url)
    monkeypatch.setitem(current_app.conf.changes, "broker_transport_options", options)


@pytest.fixture(scope="module")
def corner() -> Iterator[dict[str, str]]:
    """A corner of the Redis server that no other test looks into: what a worker must be told to listen there."""
    url, prefix = os.environ["REDIS_URL"], f"test-{uuid4().hex}-"
    yield {"REDIS_URL": url, "BROKER_KEY_PREFIX": prefix}
    server = Redis.from_url(url)
    for key in server.scan_iter(f"{prefix}*"):
        server.delete(key)


@pytest.fixture(scope="module")
def workers(django_db_setup, corner) -> Iterator[Process]:
    """Two processes that wait for jobs."""
    started = a_worker(processes=2, **corner)
    yield started
    started.end()


@pytest.fixture
def redis_broker(nudges, monkeypatch, corner) -> None:
    """Nudges go to the corner of Redis."""
    speak_to(monkeypatch, corner["REDIS_URL"], global_keyprefix=corner["BROKER_KEY_PREFIX"])


def publish(task: str, *ids: int) -> None:
    """What a nudge or a tick of the beat puts into the broker."""
    with current_app.connection_for_write() as broker:
        current_app.send_task(task, args=list(ids), connection=broker)


@pytest.mark.redis
def test_a_nudge_makes_the_worker_run_the_job_once_the_transaction_commits(redis_broker, workers):
    with transaction.atomic():
        ask(kind=LEAVE_A_TRACE, subject_id=7)
        time.sleep(0.5)
        assert traces() == []

    until(lambda: traces() == ["7"])
    until(lambda: Pending.objects.count() == 0)


@pytest.mark.redis
def test_what_lost_its_nudge_is_swept(redis_broker, workers):
    Pending.objects.create(kind=LEAVE_A_TRACE, subject_id=8)
    Pending.objects.create(kind="tests.nobody_does_this", subject_id=9)
    Pending.objects.create(kind=LEAVE_A_TRACE, subject_id=10)

    publish("b12clinic.jobs.tasks.sweep_pending")

    until(lambda: traces() == ["8", "10"])
    until(lambda: Pending.objects.values_list("subject_id", "attempts").get() == (9, 1))


@pytest.mark.redis
def test_the_same_nudge_delivered_ten_times_to_two_processes_runs_the_job_once(redis_broker, workers):
    job = Pending.objects.create(kind=LEAVE_A_TRACE, subject_id=11)

    for _ in range(10):
        publish("b12clinic.jobs.tasks.run_pending", job.pk)

    until(lambda: Pending.objects.count() == 0)
    ask(kind=LEAVE_A_TRACE, subject_id=12)
    until(lambda: traces() == ["11", "12"])


@pytest.mark.redis
def test_a_worker_killed_in_the_middle_of_a_job_leaves_it_to_the_sweep(nudges, monkeypatch, corner):
    prefix = corner["BROKER_KEY_PREFIX"] + "slow-"
    speak_to(monkeypatch, corner["REDIS_URL"], global_keyprefix=prefix)
    worker = a_worker(REDIS_URL=corner["REDIS_URL"], BROKER_KEY_PREFIX=prefix, SLOW_JOB_SECONDS="60")
    ask(kind=SLOW, subject_id=13)
    until(lambda: Pending.objects.filter(leased_until__isnull=False).exists())
    time.sleep(0.5)
    worker.end(signal.SIGKILL)

    job = Pending.objects.get()
    assert traces() == []
    assert not run(pending_id=job.pk, at=timezone.now())
    assert run(pending_id=job.pk, at=timezone.now() + LEASE)
    assert traces() == ["13"]


def test_jobs_run_on_the_broker_made_of_files_too(nudges, monkeypatch, tmp_path):
    broker = tmp_path / "broker"
    worker = a_worker(REDIS_URL="", VAR_DIR=str(tmp_path))
    folders = {"data_folder_in": str(broker / "queue"), "data_folder_out": str(broker / "queue")}
    speak_to(monkeypatch, "filesystem://", **folders, control_folder=str(broker / "control"))
    try:
        ask(kind=LEAVE_A_TRACE, subject_id=14)
        until(lambda: traces() == ["14"])
        Pending.objects.create(kind=LEAVE_A_TRACE, subject_id=15)
        publish("b12clinic.jobs.tasks.sweep_pending")
        until(lambda: traces() == ["14", "15"])
    finally:
        worker.end()


def took(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def ask_for_three() -> None:
    with transaction.atomic():
        for subject_id in (16, 17, 18):
            ask(kind=LEAVE_A_TRACE, subject_id=subject_id)


def test_a_broker_that_refuses_holds_nobody_up_and_loses_nothing(nudges, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        speak_to(monkeypatch, f"redis://127.0.0.1:{taken.getsockname()[1]}/0")
        assert took(ask_for_three) < 0.5

    sweep_pending()
    assert traces() == ["16", "17", "18"]


def test_a_broker_that_takes_the_call_and_says_nothing_costs_a_fraction_of_a_second(nudges, monkeypatch):
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        speak_to(monkeypatch, f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        assert took(ask_for_three) < 0.75
        assert took(ask_for_three) < 0.2

    sweep_pending()
    assert traces() == ["16", "17", "18"]
