"""Ask for work to be done: a row in the caller's transaction, a nudge once that has committed."""

from collections.abc import Iterable
from functools import partial

from django.db import connection, transaction
from django.db.models.functions import Now

from b12clinic.jobs.models import Pending
from b12clinic.jobs.nudge import nudger

NUDGES_AT_MOST = 50
"""Of many asked for at once, so many are nudged after the commit; the sweep finds the rest."""


@transaction.atomic
def ask(*, kind: str, subject_id: int) -> None:
    """Owe one run of the handler of `kind` for the row `subject_id`; it starts after the caller commits.

    Asked again while it waits, it runs once, with fresh attempts. Asked again while it runs, it runs once more
    afterwards: the runner deletes only a row whose `attempts` nobody has set back since its claim. The row of an
    earlier asking is written, not skipped, so that a runner cannot take it away under an open transaction.
    """
    ask_for_each(kind=kind, subject_ids=[subject_id])


@transaction.atomic
def ask_for_each(*, kind: str, subject_ids: Iterable[int]) -> None:
    """Owe one run for each of these rows, as `ask` does for one; a row named twice is asked for once."""
    wanted = sorted(set(subject_ids))
    asked = _asked_at_once if connection.vendor == "postgresql" and len(wanted) > 1 else _asked
    for pending_id in asked(kind, wanted)[:NUDGES_AT_MOST]:
        transaction.on_commit(partial(nudger.send, pending_id), robust=True)


def _asked(kind: str, subject_ids: list[int]) -> list[int]:
    rows = Pending.objects.bulk_create(
        [
            Pending(kind=kind, subject_id=each, asked_at=Now(), attempts=0, not_before=None, last_error="")
            for each in subject_ids
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "subject_id"],
        update_fields=["asked_at", "attempts", "not_before", "last_error"],
    )
    return [row.pk for row in rows]


def _asked_at_once(kind: str, subject_ids: list[int]) -> list[int]:
    """The same in one statement, for the thousands of patients of one file."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO jobs_pending (kind, subject_id, asked_at, attempts, last_error)
            SELECT %s, unnest(%s::bigint[]), statement_timestamp(), 0, ''
            ON CONFLICT (kind, subject_id) DO UPDATE
            SET asked_at = excluded.asked_at, attempts = 0, not_before = NULL, last_error = ''
            RETURNING id
            """,
            [kind, subject_ids],
        )
        return [pending_id for (pending_id,) in cursor.fetchall()]
