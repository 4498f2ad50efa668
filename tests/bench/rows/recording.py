"""Recording an injection: CPU against a bare page, queries, and a hundred recorders in one clinic at the same moment."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from threading import Barrier, BoundedSemaphore
from typing import Any
from uuid import uuid4

from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from b12clinic.accounts.models import Clinic
from regimens.models import Administration, Dose
from regimens.queries.due_list import waited_for
from regimens.seeding.treatments import PRODUCTS
from tests.bench.report import Figure
from tests.bench.rows.due_list import BARE, seeded_user, visitors
from tests.bench.web import REQUESTS, ROUNDS, WARM_UP, Visitor, interleaved, ratio

RATIO_BOUND, QUERIES_BOUND, LOST_BOUND = 10.0, 25, 0
RECORDERS, CONTENDERS = 100, 4
"""So many record at once; the last `CONTENDERS` of every ten mean the same dose."""
SPARED = 20
"""Connections left to others on the server."""

_NO_QUERY = re.compile(r"(RELEASE )?SAVEPOINT|BEGIN|COMMIT|ROLLBACK")


def record_injection_ratio() -> list[Figure]:
    """CPU a request of recording with re-plan and audit, against a bare page behind the same sign-in."""
    with _nurse() as (visitor, clinic):
        doses = iter(_doses(clinic, WARM_UP + ROUNDS * REQUESTS))
        record, bare = interleaved(lambda: _recorded(visitor, next(doses)), lambda: visitor.get(BARE))
    value, spread = ratio(record, bare)
    beside = f"{spread} record: {record.told()}; bare: {bare.told()}"
    return [Figure("record_injection_ratio", value, "ratio", RATIO_BOUND, beside)]


def record_injection_queries() -> list[Figure]:
    """Reads and writes of one request that records, session and audit included; the most of ten doses."""
    counts = []
    with _nurse() as (visitor, clinic):
        for dose in _doses(clinic, 10):
            with CaptureQueriesContext(connection) as caught:
                _recorded(visitor, dose)
            counts.append(sum(not _NO_QUERY.match(query["sql"]) for query in caught.captured_queries))
    return [Figure("record_injection_queries", max(counts), "queries", QUERIES_BOUND)]


def concurrent_recorders_lost_or_doubled() -> list[Figure]:
    """Injections lost, doubled or answered by an error when a hundred record at once; counted from the tables."""
    with _nurse() as (visitor, clinic):
        sent = _shared_out(_doses(clinic, RECORDERS))
        statuses = _at_once(visitor, sent)
    own = Counter(dose.pk for dose, _ in sent)
    found = Counter(
        Administration.objects.filter(dose__in=own, lot__in=[lot for _, lot in sent]).values_list(
            "dose", flat=True
        )
    )
    wrong = sum(abs(found[dose] - 1) for dose in own)
    wrong += sum(status not in (HTTPStatus.FOUND, HTTPStatus.CONFLICT) for status in statuses)
    wrong += abs(statuses.count(HTTPStatus.FOUND) - len(own))
    wrong += Dose.objects.filter(pk__in=own).exclude(state="given", given_as__lot__startswith="BENCH").count()
    beside = (
        f"{len(sent)} recorders, {len(own)} doses, {statuses.count(HTTPStatus.CONFLICT)} told who was first"
    )
    return [Figure("concurrent_recorders_lost_or_doubled", wrong, "rows", LOST_BOUND, beside)]


def _shared_out(doses: list[Dose]) -> list[tuple[Dose, str]]:
    """Who records which dose under which lot: in each ten the last ones all mean the same dose."""
    return [
        (doses[place - place % 10 + min(place % 10, 10 - CONTENDERS)], f"BENCH{place}")
        for place in range(RECORDERS)
    ]


def _at_once(visitor: Visitor, sent: list[tuple[Dose, str]]) -> list[int]:
    """The answers, each on a thread and a connection of its own; where the server has fewer, some wait for one."""
    start, free = Barrier(len(sent)), BoundedSemaphore(min(len(sent), _connections_left()))

    def one(each: tuple[Dose, str]) -> int:
        form = _form(each[0], lot=each[1])
        start.wait()
        with free:
            try:
                return visitor.post(_address(each[0]), form)
            finally:
                connection.close()

    with ThreadPoolExecutor(len(sent)) as threads:
        return list(threads.map(one, sent))


def _connections_left() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int - count(*) FROM pg_stat_activity")
        return int(cursor.fetchone()[0]) - SPARED


@contextmanager
def _nurse() -> Iterator[tuple[Visitor, Clinic]]:
    """Somebody of a seeded clinic, and the clinic."""
    with visitors() as (visitor, _):
        yield visitor, seeded_user().memberships.order_by("clinic__name", "role")[0].clinic


def _doses(clinic: Clinic, count: int) -> list[Dose]:
    found = list(waited_for(clinic).select_related("phase", "clinic").order_by("due_on", "id")[:count])
    if len(found) < count:
        raise RuntimeError(f"{count} doses are to be recorded and {len(found)} wait: seed more patients")
    return found


def _recorded(visitor: Visitor, dose: Dose) -> str:
    status = visitor.post(_address(dose), _form(dose))
    if status != HTTPStatus.FOUND:
        raise RuntimeError(f"recording {dose} answered {status}")
    return ""


def _address(dose: Dose) -> str:
    return f"/due/{dose.public_id}/given/"


def _form(dose: Dose, lot: str = "BENCH") -> dict[str, Any]:
    """What a nurse sends: all answered, nothing left out; a reason, since some seeded doses are early or late."""
    today: date = dose.clinic.local_date(timezone.now())
    return {
        "form_key": str(uuid4()),
        "told": signing.dumps([f"{dose.public_id} {today}", []], salt="regimens.blocks"),
        "identity": ["name", "born_on"],
        "allergy": "no",
        "unwell": "no",
        "pregnant": "not_applicable",
        "anticoagulant": "no",
        "consent": "yes",
        "given_on": today.isoformat(),
        "given_time": "00:00",
        "product": PRODUCTS[dose.phase.drug],
        "lot": lot,
        "expires_on": f"{today.year + 1}-12-31",
        "drug": dose.phase.drug,
        "dose_mcg": dose.phase.dose_mcg,
        "route": dose.phase.route,
        "site": "deltoid",
        "side": "left",
        "authority": "prescription",
        "reaction_grade": "none",
        "reason": "Measured",
    }
