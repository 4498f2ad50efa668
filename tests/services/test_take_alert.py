"""An alert has an owner once somebody takes it; of two who take it the second learns who was first."""

from datetime import UTC, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from monitoring.services.alerts import end_alert
from monitoring.services.take_alert import AlertNotFree, take_alert
from tests.factories.labs import an_alert
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def alert():
    return an_alert(a_patient(a_clinic()))


@pytest.fixture
def nia(alert):
    return a_user(alert.clinic, "nurse", first_name="Nia", last_name="Example")


@pytest.fixture
def robin(alert):
    return a_user(alert.clinic, first_name="Robin", last_name="Example")


def test_a_free_alert_is_taken_and_the_trail_says_so(alert, nia):
    take_alert(alert=alert, by=nia, at=AT)

    alert.refresh_from_db()
    assert alert.owner == nia
    event = AuditEvent.objects.get(action="alert.taken")
    assert (event.actor, event.patient_id, event.before, event.after) == (
        nia,
        alert.patient_id,
        {"owner": "nobody"},
        {"owner": "Nia Example"},
    )


def test_the_second_of_two_learns_who_was_first_and_changes_nothing(alert, nia, robin):
    take_alert(alert=alert, by=nia, at=AT)

    with pytest.raises(AlertNotFree, match=r"Nia Example has taken this alert\."):
        take_alert(alert=alert, by=robin, at=AT)

    alert.refresh_from_db()
    assert alert.owner == nia
    assert AuditEvent.objects.filter(action="alert.taken").count() == 1


def test_taking_what_is_ones_own_changes_nothing(alert, nia):
    take_alert(alert=alert, by=nia, at=AT)
    take_alert(alert=alert, by=nia, at=AT)

    assert AuditEvent.objects.filter(action="alert.taken").count() == 1


def test_an_alert_that_has_ended_is_not_taken(alert, nia, robin):
    end_alert(alert=alert, how="Potassium replaced", by=robin, at=AT)

    with pytest.raises(AlertNotFree, match="Robin Example ended this alert: Potassium replaced"):
        take_alert(alert=alert, by=nia, at=AT)

    alert.refresh_from_db()
    assert alert.owner is None
