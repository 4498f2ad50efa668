"""The bench's own databases: one seeded and kept as a template, and a copy of it to measure in.

The template is kept from run to run while the day, the tables, the seeder and the packs are what they were.
"""

import hashlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.sql import SQL, Identifier, Literal

SERVER = "postgres://postgres@127.0.0.1:5432/"
DOSES_PER_PATIENT = 20
_MADE_FROM = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "regimens/seeding/*.py",
    "regimens/protocols/packs/*.yaml",
)


@dataclass(frozen=True)
class Databases:
    """The databases of one size, on the server that `DATABASE_URL` names, else on this machine's."""

    patients: int

    @property
    def template(self) -> str:
        return f"b12_bench_{self.patients}"

    @property
    def copy(self) -> str:
        return f"{self.template}_copy"

    def url(self, name: str) -> str:
        """The address of one of them."""
        given = os.environ.get("DATABASE_URL", "")
        server = urlsplit(given if given.startswith("postgres") else SERVER)
        return urlunsplit(server._replace(path=f"/{name}"))

    def seed(self) -> float:
        """Make the template anew; the seconds that the seeding took, migrations left out."""
        self._make(self.template)
        self._manage("migrate", "--verbosity", "0")
        began = time.perf_counter()
        self._manage("seed", "--patients", str(self.patients), "--doses-per-patient", str(DOSES_PER_PATIENT))
        took = time.perf_counter() - began
        with _Autocommit(self.url(self.template)) as seeded, seeded.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as autovacuum leaves a clinic's tables overnight
        with self._server() as server, server.cursor() as cursor:
            about = SQL("COMMENT ON DATABASE {} IS {}").format(
                Identifier(self.template), Literal(_made_from())
            )
            cursor.execute(about)
        return took

    def make_copy(self) -> None:
        """A copy of the template, which is seeded first where it is not there or not of today."""
        if not self._is_fresh():
            print(f"Seeding {self.patients:,} patients into {self.template}", file=sys.stderr)
            self.seed()
        self._make(self.copy, self.template)

    def drop_copy(self) -> None:
        """Leave the template alone on the server."""
        with self._server() as server, server.cursor() as cursor:
            cursor.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(self.copy)))

    def _is_fresh(self) -> bool:
        with self._server() as server, server.cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
                [self.template],
            )
            found = cursor.fetchone()
        return found == (_made_from(),)

    def _make(self, name: str, template: str = "template1") -> None:
        with self._server() as server, server.cursor() as cursor:
            cursor.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
            make = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
            cursor.execute(make)

    def _manage(self, *words: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *words],
            env=os.environ
            | {"DATABASE_URL": self.url(self.template), "DJANGO_SETTINGS_MODULE": "b12clinic.settings"},
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def _server(self) -> "_Autocommit":
        return _Autocommit(self.url("postgres"))


class _Autocommit:
    """A connection outside any transaction, as making a database needs, closed at the end."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> Connection:
        self.wire = psycopg2.connect(self.url)
        self.wire.autocommit = True
        return self.wire

    def __exit__(self, *_: object) -> None:
        self.wire.close()


def _made_from() -> str:
    """The day and a digest of everything that the template is made from."""
    digest = hashlib.sha256()
    for pattern in _MADE_FROM:
        for path in sorted(Path().glob(pattern)):
            digest.update(path.read_bytes())
    return f"{datetime.now(UTC).date()} {digest.hexdigest()[:16]}"
