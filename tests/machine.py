"""Which services answer, and which of them this run will use.

PostgreSQL and Redis are looked for where `DATABASE_URL` and `REDIS_URL` say, else at localhost's standard ports;
Chromium on the path. `B12_TEST_DATABASE=sqlite` chooses SQLite on purpose, whatever answers.
"""

import os
import shutil
import socket
from urllib.parse import unquote, urlsplit

import psycopg2

POSTGRES = "postgres://postgres@127.0.0.1:5432/b12clinic"
REDIS = "redis://127.0.0.1:6379/15"
SQLITE = "sqlite:///build/tests.sqlite3"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DECIDED = "B12_SERVICES_MISSING"
"""Where the first process of a run leaves its answer for the others that it starts."""

HOW_TO_START = {
    "postgres": "PostgreSQL did not answer: start one (docker-compose up -d postgres, or apt's postgresql), or set DATABASE_URL",
    "redis": "Redis did not answer: start one (docker-compose up -d redis, or redis-server), or set REDIS_URL",
    "browser": "Chromium was not found: install it (Debian's package chromium)",
}


def required() -> bool:
    """Whether a missing service fails the run instead of skipping tests."""
    return os.environ.get("B12_REQUIRE_SERVICES") == "1"


def sqlite_by_choice() -> bool:
    """Whether this run was asked to use SQLite."""
    return os.environ.get("B12_TEST_DATABASE") == "sqlite"


def postgres_answers(url: str) -> bool:
    """Whether this address's user can connect to the database that every server has."""
    at = urlsplit(url)
    if not at.scheme.startswith("postgres"):
        return False
    password = unquote(at.password) if at.password else None
    wanted = {
        "host": at.hostname,
        "port": at.port or 5432,
        "user": unquote(at.username or ""),
        "password": password,
    }
    try:
        psycopg2.connect(**wanted, dbname="postgres", connect_timeout=3).close()
    except psycopg2.Error:
        return False
    return True


def redis_answers(url: str) -> bool:
    """Whether something at this address speaks Redis."""
    at = urlsplit(url)
    try:
        with socket.create_connection((at.hostname or "127.0.0.1", at.port or 6379), timeout=2) as wire:
            wire.sendall(b"PING\r\n")
            return wire.recv(16).startswith((b"+PONG", b"-NOAUTH"))
    except OSError:
        return False


def browser_path() -> str | None:
    """The machine's own Chromium."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def missing() -> frozenset[str]:
    """What this run goes without: postgres, redis, browser."""
    return frozenset(os.environ.get(DECIDED, "").split())


def choose() -> None:
    """Point the environment at what answers, before the settings read it. Asked once a run."""
    if DECIDED in os.environ:
        return
    absent = set()
    postgres = os.environ.get("DATABASE_URL") or POSTGRES
    if sqlite_by_choice():
        os.environ["DATABASE_URL"] = SQLITE
    elif postgres_answers(postgres):
        os.environ["DATABASE_URL"] = postgres
    else:
        absent.add("postgres")
        os.environ["DATABASE_URL"] = SQLITE
    redis = os.environ.get("REDIS_URL") or REDIS
    if redis_answers(redis):
        os.environ["REDIS_URL"] = redis
    else:
        absent.add("redis")
        os.environ["REDIS_URL"] = ""
    if browser_path() is None:
        absent.add("browser")
    os.environ[DECIDED] = " ".join(sorted(absent))
