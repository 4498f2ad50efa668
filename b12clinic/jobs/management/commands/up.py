"""`manage.py up`: the whole clinic from one command, for one machine."""

import http.client
import io
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import connection

from b12clinic.jobs.supervise import PortTaken, Supervisor, check_port

SECONDS_TO_ANSWER = 60


class Command(BaseCommand):
    """Prepare the database and static files, then run web, worker and beat until Ctrl-C."""

    help = "Run the web server, the worker and the beat together; Ctrl-C ends all three."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
        )
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        try:
            check_port(host, port)
        except PortTaken as taken:
            elsewhere = f"Serve elsewhere: make run PORT={port + 10}"
            raise CommandError(f"Port {port} is taken by another program. {elsewhere}") from taken
        except OSError as refusal:
            raise CommandError(f"Cannot listen on {host}, port {port}: {refusal.strerror}.") from refusal
        if not settings.SECRET_KEY:
            raise CommandError(
                "SECRET_KEY is not set. Set it in the environment; `make run` makes one for this machine."
            )
        supervisor = Supervisor(say=self.say)
        supervisor.listen()
        sign_ins = self.prepare()
        code = 0
        try:
            if not supervisor.asked_to_stop:
                code = self.serve(supervisor, host, port, sign_ins)
        finally:
            self.say("Stopping.")
            supervisor.end_all()
        self.say("Stopped.")
        if code:
            sys.exit(code)

    def say(self, line: str) -> None:
        """One line of progress, at once even through a pipe."""
        self.stdout.write(line)
        self.stdout.flush()

    def prepare(self) -> str:
        """Bring the database and static files up to date; returns what the demo command has to say."""
        kept_in = "SQLite, in var/" if connection.vendor == "sqlite" else "PostgreSQL"
        self.say(f"Database: {kept_in} … bringing it up to date")
        call_command("migrate", verbosity=0)
        self.say("Static files … collecting")
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*.scss"])
        if not settings.DEMO or "demo" not in get_commands():
            return ""
        self.say("Demo clinic … making it where there is none")
        told = io.StringIO()
        call_command("demo", if_empty=True, stdout=told)
        return told.getvalue().strip()

    def serve(self, supervisor: Supervisor, host: str, port: int, sign_ins: str) -> int:
        """Start the three, say where they are once the web server answers, and stay with them."""
        self.say(
            f"Starting web, worker and beat … broker: {'Redis' if settings.REDIS_URL else 'files, in var/'}"
        )
        connection.close()
        url = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
        environment = {"PYTHONUNBUFFERED": "1", "SITE_URL": os.environ.get("SITE_URL", url)}
        for name, command in commands(host, port).items():
            supervisor.start(name, command, environment)
        if supervisor.wait_until(lambda: answers(host, port), SECONDS_TO_ANSWER):
            self.say(f"\nB12 Clinic is at {url}/")
            if settings.DEMO and sign_ins:
                self.say(f"\n{sign_ins}")
            self.say("\nCtrl-C stops it.")
        elif not supervisor.asked_to_stop and supervisor.ended() is None:
            self.say(
                f"The web server has not answered for {SECONDS_TO_ANSWER} seconds; still waiting. Ctrl-C stops it."
            )
        return supervisor.watch()


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The three processes by name, in the order in which they start and stop."""
    celery = [sys.executable, "-m", "celery", "--app", "b12clinic", "--quiet"]
    log_level = ["--loglevel", "WARNING"]
    return {
        "worker": [
            *celery,
            "worker",
            *log_level,
            "--without-gossip",
            "--without-mingle",
            "--hostname",
            f"up{port}@%h",
        ],
        "beat": [
            *celery,
            "beat",
            *log_level,
            "--pidfile=",
            "--schedule",
            str(settings.VAR_DIR / f"beat-schedule-{port}"),
        ],
        "web": [
            *[sys.executable, "-m", "gunicorn", "b12clinic.wsgi", "--bind", f"{host}:{port}"],
            *["--worker-class", "gthread", "--workers", "1", "--threads", "4"],
            *["--no-control-socket", "--log-level", "warning", "--timeout", "60", "--graceful-timeout", "10"],
        ],
    }


def answers(host: str, port: int) -> bool:
    """Whether the web server says that it can serve."""
    try:
        asked = http.client.HTTPConnection(host, port, timeout=2)
        asked.request("GET", "/healthz", headers={"Host": "localhost"})
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
