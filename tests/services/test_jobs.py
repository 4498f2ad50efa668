from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from b12clinic.accounts.models import Clinic
from b12clinic.jobs import registry
from b12clinic.jobs.models import Pending
from b12clinic.jobs.queries import MAX_ATTEMPTS, given_up, ready_ids
from b12clinic.jobs.registry import NoHandler, handler_for, handles
from b12clinic.jobs.services.ask import ask
from b12clinic.jobs.services.run import LEASE, run
from tests.factories.people import a_clinic

pytestmark = [pytest.mark.django_db, pytest.mark.data]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def handlers(monkeypatch):
    """Handlers registered by a test leave with it."""
    monkeypatch.setattr(registry, "_HANDLERS", dict(registry._HANDLERS))


def done_by(kind: str) -> list[tuple[int, datetime]]:
    """The runs of a handler that only notes that it ran."""
    runs: list[tuple[int, datetime]] = []

    @handles(kind)
    def note(subject_id: int, at: datetime) -> None:
        runs.append((subject_id, at))

    return runs


def test_a_job_runs_once_and_its_row_is_gone():
    runs = done_by("tests.note")
    ask(kind="tests.note", subject_id=7)
    job = Pending.objects.get()

    assert run(pending_id=job.pk, at=NOON)
    assert not run(pending_id=job.pk, at=NOON)

    assert runs == [(7, NOON)]
    assert Pending.objects.count() == 0


def test_asking_twice_before_it_ran_leaves_one_row():
    ask(kind="tests.note", subject_id=7)
    ask(kind="tests.note", subject_id=7)
    ask(kind="tests.note", subject_id=8)
    ask(kind="tests.other", subject_id=7)

    assert Pending.objects.count() == 3


def test_asking_in_a_transaction_that_fails_leaves_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask(kind="tests.note", subject_id=7)
        raise ZeroDivisionError

    assert Pending.objects.count() == 0


def test_asking_while_it_runs_makes_it_run_once_more():
    runs = []

    @handles("tests.asked_again")
    def ask_again_the_first_time(subject_id: int, at: datetime) -> None:
        runs.append(at)
        if len(runs) == 1:
            ask(kind="tests.asked_again", subject_id=subject_id)

    ask(kind="tests.asked_again", subject_id=7)
    job = Pending.objects.get()

    assert run(pending_id=job.pk, at=NOON)
    assert ready_ids(NOON, after=0, limit=9) == [job.pk]
    assert run(pending_id=job.pk, at=NOON + timedelta(seconds=1))
    assert runs == [NOON, NOON + timedelta(seconds=1)]
    assert Pending.objects.count() == 0


def test_asking_for_a_job_that_was_given_up_gives_it_fresh_attempts():
    done_by("tests.note")
    ask(kind="tests.note", subject_id=7)
    Pending.objects.update(
        attempts=MAX_ATTEMPTS, last_error="ValueError", not_before=NOON + timedelta(days=1)
    )
    job = Pending.objects.get()

    ask(kind="tests.note", subject_id=7)

    assert list(given_up(NOON)) == []
    assert run(pending_id=job.pk, at=NOON)


def test_a_job_in_hand_is_left_alone_until_its_lease_runs_out():
    runs = done_by("tests.note")
    ask(kind="tests.note", subject_id=7)
    job = Pending.objects.get()
    Pending.objects.update(leased_until=NOON + LEASE, attempts=1)

    assert not run(pending_id=job.pk, at=NOON + LEASE - timedelta(microseconds=1))
    assert run(pending_id=job.pk, at=NOON + LEASE)
    assert len(runs) == 1


def test_what_a_worker_did_is_undone_when_it_lost_its_lease_meanwhile():
    @handles("tests.overtaken")
    def lose_the_lease(subject_id: int, at: datetime) -> None:
        Clinic.objects.create(name="Made by the one that was overtaken")
        Pending.objects.update(leased_until=at + LEASE * 2)

    ask(kind="tests.overtaken", subject_id=7)

    assert not run(pending_id=Pending.objects.get().pk, at=NOON)
    assert Clinic.objects.count() == 0
    assert Pending.objects.count() == 1


def test_a_failed_job_undoes_its_work_and_waits_longer_each_time():
    @handles("tests.fails")
    def fail(subject_id: int, at: datetime) -> None:
        a_clinic()
        raise ValueError

    ask(kind="tests.fails", subject_id=7)
    job = Pending.objects.get()

    waits = []
    for _ in range(MAX_ATTEMPTS):
        Pending.objects.update(not_before=None)
        assert not run(pending_id=job.pk, at=NOON)
        waits.append((Pending.objects.get().not_before - NOON).total_seconds())

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert Clinic.objects.count() == 0


def test_the_note_of_a_failure_says_where_and_not_what():
    words = "Ada Example was born on 2 March 1948"

    @handles("tests.fails")
    def fail(subject_id: int, at: datetime) -> None:
        raise ValueError(words)

    ask(kind="tests.fails", subject_id=7)
    run(pending_id=Pending.objects.get().pk, at=NOON)

    noted = Pending.objects.get().last_error
    assert "test_jobs.py" in noted
    assert noted.endswith("ValueError")
    assert "1948" not in noted.replace('raise ValueError("Ada Example, born on 2 March 1948")', "")


def test_a_job_that_was_put_off_starts_no_sooner():
    runs = done_by("tests.note")
    ask(kind="tests.note", subject_id=7)
    Pending.objects.update(not_before=NOON)
    job = Pending.objects.get()

    assert not run(pending_id=job.pk, at=NOON - timedelta(microseconds=1))
    assert run(pending_id=job.pk, at=NOON)
    assert len(runs) == 1


def test_a_job_that_failed_every_attempt_stays_in_sight_and_starts_no_more():
    runs = done_by("tests.note")
    ask(kind="tests.note", subject_id=7)
    Pending.objects.update(attempts=MAX_ATTEMPTS)
    job = Pending.objects.get()

    assert not run(pending_id=job.pk, at=NOON)
    assert runs == []
    assert list(given_up(NOON)) == [job]


def test_a_job_on_its_last_attempt_is_not_given_up_while_somebody_has_it_in_hand():
    ask(kind="tests.note", subject_id=7)
    Pending.objects.update(attempts=MAX_ATTEMPTS, leased_until=NOON + LEASE)

    assert list(given_up(NOON)) == []
    assert list(given_up(NOON + LEASE)) == [Pending.objects.get()]


def test_a_kind_that_nobody_handles_is_a_failure_like_any_other():
    ask(kind="tests.nobody", subject_id=7)

    assert not run(pending_id=Pending.objects.get().pk, at=NOON)
    assert Pending.objects.get().last_error.endswith("NoHandler")
    with pytest.raises(NoHandler, match=r"tests\.nobody"):
        handler_for("tests.nobody")


def test_the_rows_of_one_page_follow_those_of_the_page_before():
    for subject_id in (1, 2, 3):
        ask(kind="tests.note", subject_id=subject_id)
    first, second, third = Pending.objects.order_by("pk").values_list("pk", flat=True)

    assert ready_ids(NOON, after=0, limit=2) == [first, second]
    assert ready_ids(NOON, after=second, limit=2) == [third]
