"""Reminders: what a sweep costs against a bare INSERT of the same rows, and how fast the outbox drains."""

import smtplib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from b12clinic.accounts.models import Clinic
from b12clinic.messages import still_owed as registry
from b12clinic.messages.channels.email import Email
from b12clinic.messages.models import DailyWord, Message
from b12clinic.messages.services.lay_in_inbox import lay_in_inbox
from b12clinic.messages.services.owe import OwedMessage, owe
from b12clinic.messages.services.owe_found import COLUMNS
from b12clinic.messages.services.sweep import sweep_all
from b12clinic.messages.tasks import drain
from b12clinic.patients.models import Patient
from regimens.models import Dose
from regimens.services.find_owed import find_owed
from regimens.services.find_settled import find_settled
from tests.bench.memory import grown
from tests.bench.report import Figure
from tests.running.processes import free_port

INSERT_BOUND, AGAIN_BOUND, MEMORY_BOUND_MB, DRAIN_BOUND = 0.5, 1.0, 150.0, 0.3
ROUNDS = 3
OVERDUE = 0.2
"""The share of patients whose injection is overdue; each stands on several rungs at once."""
MAILS, MAIL_ROUNDS = 400, 5
KIND = "bench.reminder"


def sweep_vs_insert_ratio() -> list[Figure]:
    """Rows a second of a sweep with outbox and audit, against a bare INSERT … SELECT of the rows that it wrote.

    The day is chosen so that, of 4,000,000 doses, about 100,000 messages are owed. Beside it what a second
    sweep takes, against the bare statement's first run, and how far the sweep's memory grew.
    """
    at = _after_a_week_off()
    swept, again, bare, memory, count = [], [], [], [], 0
    for _ in range(ROUNDS):
        _forget()
        with grown(memory):
            swept.append(_timed(lambda: _sweep(at)))
        lay_in_inbox(at=at)  # what the staff sees is what the second sweep looks through
        again.append(_timed(lambda: _sweep(at)))
        count = Message.objects.count()
        bare.append(_bare())
    sweeping, inserting = statistics.median(swept), statistics.median(bare)
    beside = (
        f"{count:,} owed by {Clinic.objects.count()} clinics: sweep {sweeping:.2f} s, bare {inserting:.2f} s"
    )
    return [
        Figure("sweep_vs_insert_ratio", inserting / sweeping, "ratio", INSERT_BOUND, beside, at_least=True),
        Figure(
            "sweep_again_ratio",
            statistics.median(again) / inserting,
            "ratio",
            AGAIN_BOUND,
            f"{statistics.median(again):.2f} s, nothing new",
        ),
        Figure("sweep_memory_mb", max(memory), "MB", MEMORY_BOUND_MB, "peak above what was there before"),
    ]


def _after_a_week_off() -> datetime:
    """Noon of the day on which so many of the doses waited for have left their windows."""
    waiting = Dose.objects.filter(is_next=True).order_by("overdue_on")
    day = waiting.values_list("overdue_on", flat=True)[int(waiting.count() * OVERDUE)]
    return datetime.combine(day + timedelta(days=1), clock(12), tzinfo=UTC)


def _sweep(at: datetime) -> None:
    sweep_all(
        clinics=Clinic.objects.order_by("pk"), work="plans", find=find_owed, settled=find_settled, at=at
    )


def _bare() -> float:
    """The rows of the sweep, kept apart and written again by one statement into the same table, bare."""
    columns, table = ", ".join(COLUMNS), Message._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT {columns} FROM {table}")
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute("ANALYZE kept")
        began = time.perf_counter()
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept ON CONFLICT DO NOTHING")
        return time.perf_counter() - began


def _forget() -> None:
    """An outbox as empty as the first time, its dead rows gone."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {Message._meta.db_table} CASCADE")


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def outbox_vs_smtplib_ratio() -> list[Figure]:
    """Mails a second of the outbox, each asked about, handed over, settled and audited, against smtplib alone.

    Two processes send, as the worker's two do once the outbox is crowded.
    """
    with _mail_server() as port, _second_sender(port) as second:
        registry._CHECKS[KIND] = lambda subject_id, about_on, today: True
        mails = _written(port)
        drained, bare = [], []
        for _ in range(MAIL_ROUNDS):
            _owe()
            drained.append(_timed(lambda: _drain(second)))
            _check_all_left()
            bare.append(_timed(lambda: _smtplib(port, mails)))
    ratios = [theirs / ours for ours, theirs in zip(drained, bare, strict=True)]
    beside = (
        f"[{min(ratios):.2f} to {max(ratios):.2f}] {MAILS} mails: outbox {statistics.median(drained):.2f} s, "
        f"smtplib {statistics.median(bare):.2f} s"
    )
    return [
        Figure(
            "outbox_vs_smtplib_ratio", statistics.median(ratios), "ratio", DRAIN_BOUND, beside, at_least=True
        )
    ]


@contextmanager
def _mail_server() -> Iterator[int]:
    """A mail server in a process of its own, so that neither side waits for the other's interpreter."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.sinks.mail_server", str(port)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    server.stdout.readline()
    at_the_sink(port)
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


def at_the_sink(port: int) -> None:
    """Let this process send its mail to the server at this port."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""


@contextmanager
def _second_sender(port: int) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "tests.bench.second_sender", str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, bufsize=1) as second:
        _said(second)
        yield second
        assert second.stdin is not None
        second.stdin.close()


def _said(second: subprocess.Popen[str]) -> str:
    assert second.stdout is not None
    return second.stdout.readline()


def _owe() -> None:
    """One reminder to each of as many patients, none of whom was written to today."""
    clinic = Clinic.objects.order_by("pk")[0]
    clinic.time_zone = _zone_at_noon()
    clinic.save(update_fields=["time_zone"])
    patients = Patient.objects.filter(clinic=clinic, died_on=None, moved_on=None).order_by("pk")[:MAILS]
    Patient.objects.filter(pk__in=[one.pk for one in patients]).update(
        email="somebody@example.org", consents_to_email=True, consent_noted_on=datetime.now(UTC).date()
    )
    _forget()
    owe(
        [
            OwedMessage(
                clinic_id=clinic.pk,
                patient_id=one.pk,
                kind=KIND,
                subject_id=one.pk,
                about_on=datetime.now(UTC).date(),
                step="overdue",
                audience="patient",
                channel="email",
            )
            for one in patients
        ]
    )


def _zone_at_noon() -> str:
    """A zone where it is the middle of the day, so that the hours of sending hold nothing back."""
    now = datetime.now(UTC)
    names = ("UTC", *(f"Etc/GMT{hours:+d}" for hours in range(-14, 13)))
    return next(name for name in names if now.astimezone(ZoneInfo(name)).hour == 12)


def _drain(second: subprocess.Popen[str]) -> None:
    assert second.stdin is not None
    second.stdin.write("go\n")
    with closing(Email()) as channel:
        drain("email", channel, time.monotonic() + 120)
    _said(second)


def _check_all_left() -> None:
    sent = Message.objects.filter(state="sent").count()
    if sent != MAILS or DailyWord.objects.count() != MAILS:
        raise RuntimeError(f"{sent} of {MAILS} mails were sent")


def _written(port: int) -> list[bytes]:
    """The mails that the outbox sends, as bytes."""
    text = (
        "Hello,\r\n\r\nour records show that an appointment with us was due on Tuesday 17 November 2026.\r\n"
        * 3
    )
    head = "Subject: A message from the clinic\r\nFrom: clinic@example.org\r\nTo: somebody@example.org\r\n"
    return [f"{head}Message-ID: <{number}@example.org>\r\n\r\n{text}".encode() for number in range(MAILS)]


def _smtplib(port: int, mails: list[bytes]) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as wire:
        for mail in mails:
            wire.sendmail("clinic@example.org", ["somebody@example.org"], mail)
