"""A page says when reminders are worked out or sent later than they should be."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from b12clinic.messages.heartbeat import late_by_memory, late_notice
from b12clinic.messages.models import Beat
from b12clinic.messages.services.sweep import note_done, note_done_everywhere
from tests.factories.people import a_clinic

pytestmark = [pytest.mark.django_db, pytest.mark.data]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clinic(settings):
    cache.clear()
    settings.DETECT_EVERY_SECONDS, settings.SEND_EVERY_SECONDS = 300, 30
    settings.REVIEWS_EVERY_SECONDS = 3600
    return a_clinic()


ALSO = ("summaries", "pauses", "late_doses", "reviews")


def beats(clinic, **done):
    moments = dict.fromkeys(("plans", "labs", "send", *ALSO), NOON) | done
    for work, at in moments.items():
        Beat.objects.create(clinic=clinic, work=work, done_at=at)


def test_nothing_is_said_while_all_is_done_in_time(clinic):
    beats(clinic)
    assert late_notice(clinic, NOON) == ""


@pytest.mark.parametrize(("seconds", "late"), [(600, False), (601, True)])
def test_a_sweep_is_late_after_twice_its_interval(clinic, seconds, late):
    beats(clinic, plans=NOON - timedelta(seconds=seconds))
    assert bool(late_notice(clinic, NOON)) is late


@pytest.mark.parametrize(("seconds", "late"), [(120, False), (121, True)])
def test_a_sender_may_take_two_minutes(clinic, seconds, late):
    beats(clinic, send=NOON - timedelta(seconds=seconds))
    assert bool(late_notice(clinic, NOON)) is late


def test_it_is_said_since_when_and_whom_to_tell(clinic):
    beats(clinic, plans=datetime(2026, 11, 23, 9, 5, tzinfo=UTC))
    assert late_notice(clinic, NOON) == (
        "Reminders were last worked out at 09:05: later than they should be; tell whoever runs B12 Clinic."
    )


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("summaries", "Morning summaries were last looked after at 09:05:"),
        ("pauses", "Planned pauses were last begun and ended at 09:05:"),
        ("late_doses", "Late doses were last put before a prescriber at 09:05:"),
        ("reviews", "Yearly reviews were last planned at 09:05:"),
    ],
)
def test_what_else_a_clinic_lives_by_is_named_too(clinic, work, said):
    beats(clinic, **{work: datetime(2026, 11, 23, 9, 5, tzinfo=UTC)})
    assert late_notice(clinic, NOON).startswith(said)


@pytest.mark.parametrize(("seconds", "late"), [(7200, False), (7201, True)])
def test_what_is_done_once_an_hour_is_late_after_two(clinic, seconds, late):
    beats(clinic, reviews=NOON - timedelta(seconds=seconds))
    assert bool(late_notice(clinic, NOON)) is late


def test_of_several_that_are_late_whom_to_tell_is_said_once(clinic):
    nine = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
    beats(clinic, plans=nine, send=nine)
    assert late_notice(clinic, NOON) == (
        "Reminders were last worked out at 09:05. Messages were last sent out at 09:05."
        " All this is later than it should be; tell whoever runs B12 Clinic."
    )


def test_work_that_a_new_version_brings_is_waited_for_from_then_on(clinic):
    """The pages have asked since October; the first sweep of reviews is an hour away."""
    beats(clinic, reviews=NOON)
    late_notice(clinic, NOON - timedelta(days=30))
    Beat.objects.filter(work="reviews").delete()
    cache.delete(f"heartbeat:{clinic.pk}")
    assert late_notice(clinic, NOON) == ""


def test_another_day_is_named(clinic):
    beats(clinic, send=datetime(2026, 11, 20, 9, 5, tzinfo=UTC))
    assert "Messages were last sent out on Fri 20 Nov at 09:05:" in late_notice(clinic, NOON)


def test_work_never_done_is_waited_for_from_the_first_page_that_asked(clinic):
    assert late_notice(clinic, NOON) == ""
    cache.delete(f"heartbeat:{clinic.pk}")
    assert late_notice(clinic, NOON + timedelta(seconds=120)) == ""
    cache.delete(f"heartbeat:{clinic.pk}")
    assert late_notice(clinic, NOON + timedelta(seconds=121)) == (
        "Messages have not been sent out since 12:00: later than they should be; tell whoever runs B12 Clinic."
    )


def test_what_was_never_done_names_another_day_too_and_says_nothing_of_a_last_time(clinic):
    beats(clinic)
    Beat.objects.filter(work="reviews").delete()
    late_notice(clinic, NOON - timedelta(days=3))
    cache.delete(f"heartbeat:{clinic.pk}")
    assert late_notice(clinic, NOON).startswith(
        "Yearly reviews have not been planned since Fri 20 Nov at 12:00:"
    )


def test_pages_ask_the_database_once_in_a_while(clinic, django_assert_num_queries):
    beats(clinic)
    late_notice(clinic, NOON)
    with django_assert_num_queries(0):
        assert late_notice(clinic, NOON) == ""


def test_a_dead_cache_breaks_no_page(clinic, monkeypatch):
    def dead(*_, **__):
        raise ConnectionError

    monkeypatch.setattr(cache, "get", dead)
    monkeypatch.setattr(cache, "set", dead)
    assert late_notice(clinic, NOON) == ""
    beats(clinic, labs=NOON - timedelta(hours=1))
    assert "Reminders of labs were last worked out at 11:00" in late_notice(clinic, NOON)


def test_the_sender_leaves_its_sign_for_every_clinic(clinic):
    other = a_clinic()
    note_done_everywhere(work="send", at=NOON - timedelta(hours=1))
    note_done_everywhere(work="send", at=NOON)
    assert dict(Beat.objects.values_list("clinic", "done_at")) == {clinic.pk: NOON, other.pk: NOON}


def test_a_page_that_may_not_ask_the_database_knows_it_from_what_the_workers_left(
    clinic, django_assert_num_queries, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        note_done(clinic=clinic, work="plans", at=NOON - timedelta(minutes=10, seconds=1))
        note_done(clinic=clinic, work="labs", at=NOON)
    note_done_everywhere(work="send", at=NOON)

    with django_assert_num_queries(0):
        assert late_by_memory(clinic, NOON).startswith("Reminders were last worked out at 11:49")
        assert late_by_memory(clinic, NOON - timedelta(seconds=1)) == ""


def test_without_a_memory_such_a_page_says_nothing(clinic):
    beats(clinic, plans=NOON - timedelta(days=3))

    assert late_by_memory(clinic, NOON) == ""
