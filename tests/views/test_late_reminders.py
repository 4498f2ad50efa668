from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from b12clinic.messages.services.sweep import note_done
from tests.factories.people import a_clinic, a_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/", "/due/", "/messages/"])
def test_the_pages_that_people_live_by_say_when_reminders_are_late(
    client, page, django_capture_on_commit_callbacks
):
    cache.clear()
    clinic = a_clinic()
    with django_capture_on_commit_callbacks(execute=True):
        note_done(clinic=clinic, work="plans", at=datetime(2026, 1, 7, 9, 5, tzinfo=UTC))

    answer = signed_in(client, a_user(clinic, "nurse")).get(page)

    assert "Reminders were last worked out on Wed 7 Jan at 09:05" in answer.content.decode()
