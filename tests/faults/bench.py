"""Everything around one fault: its database and broker, the mail server, the product's processes, the clock it believes in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from signal import SIGKILL, Signals
from uuid import uuid4

import time_machine

from tests.faults.fixture import lay_down, settled
from tests.faults.services import Postgres, Redis
from tests.faults.world import INTERVAL, Waiting
from tests.running.processes import ROOT
from tests.sinks.smtp import MailSink

TICK = timedelta(seconds=30)


class Child:
    """A process of the product in a group of its own."""

    def __init__(self, words: Sequence[str], environment: dict[str, str]) -> None:
        self._words, self._environment = words, environment
        self._process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def wait_until_it_says(self, words: str) -> None:
        """Read what it prints up to these words; a process that ends without has met no such place, which is fine."""
        assert self._process.stdout is not None
        any(line.strip() == words for line in self._process.stdout)

    def send(self, sent: Signals) -> None:
        os.killpg(self._process.pid, sent)

    def end(self, sent: Signals = SIGKILL) -> None:
        if self._process.poll() is None:
            self.send(sent)
        self._process.wait(timeout=60)

    def wait(self) -> None:
        self._process.wait(timeout=120)

    def ended(self) -> bool:
        return self._process.poll() is not None

    def again(self) -> Child:
        """The same process anew."""
        return Child(self._words, self._environment)


class Bench:
    """One run of one fault. `number`: how many patients."""

    def __init__(self, postgres: Postgres, redis: Redis, *, number: int, mutant: str) -> None:
        self.postgres, self.redis, self.number, self.mutant = postgres, redis, number, mutant
        self.folder = Path(tempfile.mkdtemp(prefix="faults-"))
        self.sink = MailSink()
        self.sink.start()

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "FAULTS_SINK": str(self.sink.port),
            "FAULTS_MUTANT": self.mutant,
            **more,
        }

    def lay_down(self, patients: list[Waiting]) -> list[Waiting]:
        from django.conf import settings

        settings.EMAIL_PORT = self.sink.port
        lay_down(patients)
        if self.mutant == "no_key":
            from tests.faults import mutants

            mutants.apply(self.mutant)
        return patients

    def child(self, job: str, at: datetime, **more: str) -> Child:
        words = ("tests.faults.child", job)
        return Child(words, self.environment(FAULTS_AT=at.isoformat(), **more))

    @contextmanager
    def worker(self) -> Iterator[Child]:
        """A Celery worker of the product that listens, until the end."""
        words = (
            "celery",
            "-A",
            "tests.sinks.worker_app",
            "worker",
            "--loglevel",
            "CRITICAL",
            "--concurrency",
            "2",
        )
        alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        self._worker = Child((*words, *alone), self.environment())
        self._worker.wait_until_it_says("ready")
        try:
            yield self._worker
        finally:
            self._worker.end()

    def _keep_working(self) -> None:
        """Celery ends a worker whose broker went away in the middle of a task; a container's restart policy starts another."""
        if self._worker.ended():
            self._worker = self._worker.again()

    def tick(self) -> None:
        """What beat does: ask for a sweep and for the outbox to be sent. A broker that is away loses it."""
        from b12clinic.messages.tasks import send_due
        from regimens.tasks import sweep_plans

        for task in (sweep_plans, send_due):
            with suppress(Exception):
                task.apply_async()

    def until_settled(self, at: datetime, *, tick: bool) -> None:
        """Tick as beat does until nothing is left to do, for at most one interval of the sweep."""
        deadline, quiet = time.monotonic() + INTERVAL.total_seconds(), 0
        while quiet < 2:
            assert time.monotonic() < deadline, "it did not settle in time"
            self._keep_working()
            if tick:
                self.tick()
            time.sleep(1)
            quiet = quiet + 1 if self.beats() and settled(at + timedelta(hours=2)) else 0

    def sweep(self, at: datetime) -> None:
        from regimens.tasks import sweep_plans

        with time_machine.travel(at, tick=True):
            sweep_plans()

    def send(self, at: datetime) -> None:
        from b12clinic.messages.tasks import send_due

        with time_machine.travel(at, tick=True):
            send_due()

    def recover(self, at: datetime) -> None:
        """The next sweep and the ticks of the sender up to it: within one interval everything must be as it should.

        Retries after a refusal have their own, longer clock: they are given it.
        """
        later = at + INTERVAL
        self.sweep(later)
        for number in range(40):
            self.send(later + number * TICK)
            if settled(later + number * TICK + timedelta(hours=2)):
                return

    def empty(self, at: datetime) -> None:
        """Two senders at once, again and again, until nothing is left."""
        for number in range(60):
            senders = [self.child("send", at + INTERVAL + number * TICK) for _ in range(2)]
            for sender in senders:
                sender.wait()
            if settled(at + timedelta(hours=2)):
                return

    def record(self, numbers: Collection[int], at: datetime) -> None:
        """Somebody records the injections of these patients."""
        from regimens.models import Dose
        from regimens.services.record_administration import record_given
        from tests.factories.regimens import an_injection

        waited = Dose.objects.filter(is_next=True).select_related(
            "clinic", "patient", "phase__regimen__clinic", "phase__regimen__assessment__by"
        )
        for dose in waited.filter(patient__name__in=[f"Patient {number}" for number in numbers]):
            on = dose.clinic.local_date(at)
            record_given(
                dose=dose,
                injection=an_injection(on, given_at=None, drug="cyanocobalamin"),
                form_key=uuid4(),
                by=dose.phase.regimen.assessment.by,
                at=at,
                today=on,
            )

    def taken(self) -> list[str]:
        """Whom the mail server holds a mail for: those it took, and those whose text it was left with."""
        return [str(mail["To"]) for mail in self.sink.taken]

    def forget_mails(self) -> list[str]:
        found = self.taken()
        self.sink.taken.clear()
        return found

    def beats(self) -> int:
        from b12clinic.messages.models import Beat

        return Beat.objects.filter(work="plans").count()

    @staticmethod
    def close() -> None:
        from django.db import connections

        connections.close_all()

    def end(self) -> None:
        self.close()
        self.sink.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
