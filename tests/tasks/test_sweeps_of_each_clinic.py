"""The sweeps that go clinic by clinic: one that fails stops no other, and only those done to their end leave their sign."""

from datetime import UTC, datetime

import pytest
import time_machine

from b12clinic.messages import tasks as messages
from b12clinic.messages.models import Beat
from regimens import tasks as regimens
from tests.factories.people import a_clinic

pytestmark = [pytest.mark.django_db, pytest.mark.data]

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SWEEPS = [
    ("summaries", messages.owe_digests, "b12clinic.messages.tasks.owe_digest"),
    ("late_doses", regimens.sweep_late_doses, "regimens.tasks.ask_for_decisions"),
    ("reviews", regimens.sweep_reviews, "regimens.tasks.renew_reviews"),
    ("pauses", regimens.sweep_paused_regimens, "regimens.tasks.begin_planned"),
    ("pauses", regimens.sweep_paused_regimens, "regimens.tasks.resume_due"),
]


def done(work):
    return dict(Beat.objects.filter(work=work).values_list("clinic", "done_at"))


@pytest.mark.parametrize(("work", "task", "step"), SWEEPS)
def test_it_leaves_its_sign_for_every_clinic(work, task, step):
    first, second = a_clinic(), a_clinic()

    with time_machine.travel(NOON, tick=False):
        task()

    assert done(work) == {first.pk: NOON, second.pk: NOON}


@pytest.mark.parametrize(("work", "task", "step"), SWEEPS)
def test_one_clinic_that_fails_stops_no_other_and_leaves_no_sign(monkeypatch, work, task, step):
    first, broken, last = a_clinic(), a_clinic(), a_clinic()

    def fails_there(*, clinic, **_):
        if clinic == broken:
            raise RuntimeError
        return 1

    monkeypatch.setattr(step, fails_there)
    with time_machine.travel(NOON, tick=False):
        assert task() == 2

    assert done(work) == {first.pk: NOON, last.pk: NOON}
