from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from b12clinic.messages.models import Beat, Message
from b12clinic.messages.still_owed import check_for
from monitoring.services.move_recheck import move_recheck
from monitoring.tasks import sweep_labs
from tests.factories.labs import a_recheck
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_each_clinic_is_asked_for_its_own_day():
    auckland = a_patient(a_clinic(time_zone="Pacific/Auckland"))
    london = a_patient(a_clinic(time_zone="Europe/London"))
    for patient in (auckland, london):
        a_recheck(patient, due_on=date(2026, 11, 22))

    with time_machine.travel(datetime(2026, 11, 22, 19, 0, tzinfo=UTC), tick=False):
        sweep_labs()  # eight in the morning of the 23rd in Auckland

    said = Message.objects.order_by("clinic_id").values_list("clinic__time_zone", "kind")
    assert list(said) == [("Pacific/Auckland", "overdue_recheck"), ("Europe/London", "recheck_due")]


def test_due_lasts_the_whole_local_day_and_overdue_starts_the_next():
    a_recheck(a_patient(a_clinic(time_zone="America/New_York")), due_on=date(2026, 11, 22))

    for moment in (datetime(2026, 11, 23, 4, 59, tzinfo=UTC), datetime(2026, 11, 23, 12, 0, tzinfo=UTC)):
        with time_machine.travel(moment, tick=False):
            sweep_labs()

    said = Message.objects.order_by("pk").values_list("kind", flat=True)
    assert list(said) == ["recheck_due", "overdue_recheck"]


@pytest.mark.parametrize(("minute", "count"), [(59, 0), (60, 1)])
def test_nothing_is_owed_before_the_clinics_morning(minute, count):
    a_recheck(a_patient(a_clinic(time_zone="Europe/London")), due_on=date(2026, 11, 21))

    with time_machine.travel(
        datetime(2026, 11, 22, 6, 0, tzinfo=UTC) + timedelta(minutes=minute), tick=False
    ):
        assert sweep_labs() == count
    assert Beat.objects.get().work == "labs"


def test_the_beats_name_for_it_is_the_tasks_own(settings):
    assert sweep_labs.name == "monitoring.tasks.sweep_labs"
    assert sweep_labs.name in settings.CELERY_BEAT_SCHEDULE


def test_a_reminder_is_still_owed_while_the_recheck_is_wanted_and_its_day_over():
    still_owed = check_for("overdue_recheck")
    recheck = a_recheck(a_patient(a_clinic()), due_on=date(2026, 11, 21))

    day = date(2026, 11, 21)
    assert still_owed(recheck.pk, day, date(2026, 11, 22))
    assert not still_owed(recheck.pk, day, day)
    assert not still_owed(recheck.pk, date(2026, 11, 20), date(2026, 11, 22))
    recheck.patient.died_on = date(2026, 11, 20)
    recheck.patient.save()
    assert not still_owed(recheck.pk, day, date(2026, 11, 22))


def test_a_recheck_put_off_and_put_back_is_told_of_again():
    clinic = a_clinic()
    recheck, nurse = a_recheck(a_patient(clinic), due_on=date(2026, 11, 21)), a_user(clinic, "nurse")
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        sweep_labs()
        for day in (date(2026, 12, 21), date(2026, 11, 21)):
            move_recheck(
                recheck=recheck, due_on=day, begins_on=date(2026, 10, 1), reason="Asked", by=nurse, at=at
            )
            assert Message.objects.get().state == "withdrawn"
        assert [sweep_labs(), sweep_labs()] == [1, 0]

    said = Message.objects.values_list("kind", "about_on", "state", "why", "attempts")
    assert list(said) == [("overdue_recheck", date(2026, 11, 21), "owed", "", 0)]


def test_a_reminder_of_a_recheck_that_is_over_is_not_owed():
    patient = a_patient(a_clinic())
    done = a_recheck(patient, due_on=date(2026, 11, 1), state="done", ended_on=date(2026, 11, 3))

    assert not check_for("overdue_recheck")(done.pk, date(2026, 11, 1), date(2026, 11, 22))
