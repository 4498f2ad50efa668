from datetime import UTC, datetime

import pytest
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from tests.factories.labs import an_alert
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert():
    return an_alert(a_patient(a_clinic(), name="Ada Example"))


@pytest.fixture
def nurse(client, alert):
    return signed_in(client, a_user(alert.clinic, "nurse", first_name="Nia", last_name="Example"))


def address(alert):
    return reverse("monitoring:end_alert", args=[alert.public_id])


def test_an_alert_ends_with_what_was_done(nurse, alert):
    assert "Potassium is 2.9 mmol/L." in nurse.get(address(alert)).content.decode()

    page = nurse.post(address(alert), {"how": "Potassium replaced, repeat tomorrow"})

    alert.refresh_from_db()
    assert page.url == reverse("monitoring:results", args=[alert.patient.public_id])
    assert (alert.how, alert.ended_by.display_name) == ("Potassium replaced, repeat tomorrow", "Nia Example")
    assert AuditEvent.objects.get(action="alert.ended").reason == "Potassium replaced, repeat tomorrow"


def test_an_alert_does_not_end_without_a_word(nurse, alert):
    page = nurse.post(address(alert), {"how": "  "})

    alert.refresh_from_db()
    assert page.status_code == 422
    assert "Say what was done" in page.content.decode()
    assert alert.ended_at is None


def test_an_alert_that_has_ended_says_by_whom(nurse, alert):
    nurse.post(address(alert), {"how": "Potassium replaced"})

    page = nurse.post(address(alert), {"how": "I did it too"})

    assert page.status_code == 409
    assert "Nia Example ended this alert: Potassium replaced" in page.content.decode()


def test_an_alert_of_another_clinic_is_not_found(client, alert):
    signed_in(client, a_user(a_clinic(), "nurse"))

    assert client.get(address(alert)).status_code == 404
    assert client.post(address(alert), {"how": "Not mine"}).status_code == 404


def test_an_administrator_ends_no_alert(client, alert):
    signed_in(client, a_user(alert.clinic, "administrator"))

    assert client.post(address(alert), {"how": "Tidied up"}).status_code == 403


@pytest.mark.data
def test_an_alert_ended_in_between_is_not_ended_twice(alert):
    from monitoring.services.alerts import AlertOver, end_alert

    doctor = a_user(alert.clinic)
    end_alert(alert=alert, how="Seen", by=doctor, at=datetime(2026, 11, 22, tzinfo=UTC))

    with pytest.raises(AlertOver):
        end_alert(alert=alert, how="Seen again", by=doctor, at=datetime(2026, 11, 22, tzinfo=UTC))
