from io import StringIO

import pytest
from django.core.management import call_command

from b12clinic.jobs.models import Pending
from b12clinic.jobs.queries import MAX_ATTEMPTS
from b12clinic.jobs.tasks import sweep_pending

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def said(*words: str) -> str:
    out = StringIO()
    call_command("jobs", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def given_up() -> Pending:
    Pending.objects.create(kind="tests.waits", subject_id=6)
    return Pending.objects.create(
        kind="tests.fails", subject_id=7, attempts=MAX_ATTEMPTS, last_error="in rules.py\nValueError"
    )


def test_nothing_to_do_is_said(given_up):
    Pending.objects.all().delete()

    assert said() == "Waiting: 0 jobs, 0 of them given up.\n"


def test_jobs_that_were_given_up_are_listed_with_where_they_failed(given_up):
    assert said() == (
        "Waiting: 2 jobs, 1 of them given up.\n"
        f"{given_up.pk}  tests.fails 7  8 attempts\nin rules.py\nValueError\n"
    )


def test_jobs_that_were_given_up_are_asked_for_again(given_up):
    assert said("--again") == "Asked again for 1 job.\n"

    given_up.refresh_from_db()
    assert (given_up.attempts, given_up.last_error) == (0, "")
    assert said() == "Waiting: 2 jobs, 0 of them given up.\n"


def test_every_sweep_says_how_many_were_given_up(given_up, caplog):
    sweep_pending()

    assert [record.msg["count"] for record in caplog.records if record.msg["event"] == "jobs.given_up"] == [1]
