"""Jobs under several connections at once, as only a database server shows them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from b12clinic.accounts.models import Clinic
from b12clinic.jobs import registry
from b12clinic.jobs.models import Pending
from b12clinic.jobs.registry import handles
from b12clinic.jobs.services.ask import ask
from b12clinic.jobs.services.run import run
from tests.factories.people import a_clinic
from tests.sinks.jobs import LEAVE_A_TRACE, traces

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """No nudges, and handlers that leave with the test."""
    monkeypatch.setattr("b12clinic.jobs.nudge.Nudger.send", lambda self, pending_id: None)
    monkeypatch.setattr(registry, "_HANDLERS", dict(registry._HANDLERS))


def elsewhere(act, *args, **kwargs):
    """Do something on another thread's own connection."""
    try:
        return act(*args, **kwargs)
    finally:
        connection.close()


def test_of_eight_workers_at_once_one_runs_the_job():
    ask(kind=LEAVE_A_TRACE, subject_id=7)
    job = Pending.objects.get()
    start = Barrier(8)

    def work() -> bool:
        start.wait()
        return run(pending_id=job.pk, at=NOON)

    with ThreadPoolExecutor(8) as threads:
        won = [future.result() for future in [threads.submit(elsewhere, work) for _ in range(8)]]

    assert won.count(True) == 1
    assert traces() == ["7"]


def test_a_job_asked_for_by_somebody_else_while_it_runs_is_kept():
    running, asked = Event(), Event()

    @handles("tests.waits")
    def wait_for_the_other(subject_id: int, at: datetime) -> None:
        running.set()
        assert asked.wait(10)

    ask(kind="tests.waits", subject_id=7)
    job = Pending.objects.get()
    with ThreadPoolExecutor(1) as threads:
        ran = threads.submit(elsewhere, run, pending_id=job.pk, at=NOON)
        assert running.wait(10)
        ask(kind="tests.waits", subject_id=7)
        asked.set()
        assert ran.result()

    left = Pending.objects.get()
    assert (left.pk, left.attempts, left.leased_until) == (job.pk, 0, None)


def test_a_runner_waits_for_whoever_is_asking_and_sees_what_they_did():
    seen = []

    @handles("tests.sees")
    def see(subject_id: int, at: datetime) -> None:
        seen.append(Clinic.objects.count())

    ask(kind="tests.sees", subject_id=7)
    job = Pending.objects.get()
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            a_clinic()
            ask(kind="tests.sees", subject_id=7)
            ran = threads.submit(elsewhere, run, pending_id=job.pk, at=NOON)
            with pytest.raises(TimeoutError):
                ran.result(timeout=0.5)
        assert ran.result(timeout=10)

    assert seen == [1]
    assert Pending.objects.count() == 0


def test_a_job_asked_for_while_its_row_is_being_taken_away_is_asked_for_anew():
    taking_away, asked = Event(), Event()

    ask(kind="tests.done", subject_id=7)
    job = Pending.objects.get()

    def take_away_slowly() -> None:
        with transaction.atomic():
            Pending.objects.filter(pk=job.pk).delete()
            taking_away.set()
            assert not asked.wait(0.5)

    with ThreadPoolExecutor(1) as threads:
        taken = threads.submit(elsewhere, take_away_slowly)
        assert taking_away.wait(10)
        ask(kind="tests.done", subject_id=7)
        asked.set()
        taken.result(timeout=10)

    assert Pending.objects.get().pk != job.pk
