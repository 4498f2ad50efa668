"""Nobody reaches, sees or changes an entry of another clinic, nor one of their own clinics with another's role."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from b12clinic.accounts.models import AuditEvent, Role
from b12clinic.patients.models import Patient, PatientCondition
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db
PAGES = pytest.mark.parametrize("what", ["edit", "health", "died", "moved", "returned"])


@pytest.fixture
def canary():
    patient = a_patient(a_clinic(), name="Grace Canary", record_number="CANARY1", phone="07700 900999")
    PatientCondition.objects.create(patient=patient, code="Canaritis", noted_on=date(2026, 5, 4))
    return patient


@PAGES
def test_another_clinics_entry_is_not_there(client, canary, what):
    desk = signed_in(client, a_user(a_clinic(), Role.NURSE, Role.ADMINISTRATOR))
    url = f"/patients/{canary.public_id}/{what}/"
    sent = {"version": "1", "name": "X", "on": "2026-01-05", "reason": "X", "clinic": canary.clinic_id}
    for answer in (desk.get(url), desk.post(url, sent)):
        assert answer.status_code == 404
        for secret in ("Canary", "CANARY1", "07700 900999", "Canaritis"):
            assert secret not in answer.content.decode()
    canary.refresh_from_db()
    assert (canary.name, canary.version, canary.is_followed) == ("Grace Canary", 1, True)
    assert not AuditEvent.objects.filter(patient_id=canary.pk).exists()


@PAGES
def test_a_stranger_is_sent_to_sign_in(client, canary, what):
    answer = client.get(f"/patients/{canary.public_id}/{what}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_role_counts_only_in_its_own_clinic(client, canary):
    """A nurse here who is an administrator there notes no health there while working here."""
    here = a_clinic(name="A clinic that comes first")
    user = a_user(here, Role.NURSE)
    user.memberships.create(clinic=canary.clinic, role=Role.ADMINISTRATOR)
    desk = signed_in(client, user)
    assert desk.get(f"/patients/{canary.public_id}/health/").status_code == 404
    session = desk.session
    session["clinic_id"] = canary.clinic_id
    session.save()
    assert desk.get(f"/patients/{canary.public_id}/health/").status_code == 403
    assert desk.get(f"/patients/{canary.public_id}/edit/").status_code == 200


@pytest.mark.parametrize("what", ["edit", "health"])
def test_a_page_costs_the_same_queries_however_much_is_noted(client, what):
    clinic = a_clinic()
    desk = signed_in(client, a_user(clinic, Role.NURSE))
    little, much = a_patient(clinic), a_patient(clinic, record_number="RX1")
    for place in range(12):
        PatientCondition.objects.create(patient=much, code=f"Condition {place}", noted_on=date(2026, 5, 4))

    def cost(patient):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(f"/patients/{patient.public_id}/{what}/").status_code == 200
        return len(captured)

    assert cost(little) == cost(much)
    assert Patient.objects.count() == 2
