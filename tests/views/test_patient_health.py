from datetime import date
from decimal import Decimal

import pytest

from b12clinic.accounts.models import AuditEvent, Role
from b12clinic.patients.models import Patient, PatientAllergy, PatientCondition, PatientMedicine
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db
NOTED = date(2026, 5, 4)
NOTHING_NEW = {
    "version": "1",
    "allergies": "some",
    "new_allergies-TOTAL_FORMS": "1",
    "new_allergies-INITIAL_FORMS": "0",
    "new_conditions-TOTAL_FORMS": "2",
    "new_conditions-INITIAL_FORMS": "0",
    "new_medicines-TOTAL_FORMS": "2",
    "new_medicines-INITIAL_FORMS": "0",
}


@pytest.fixture
def ada():
    """Allergic to cobalt (with a reaction that no list has), asthmatic, on warfarin."""
    patient = a_patient(a_clinic(), allergies_asked_on=NOTED)
    PatientAllergy.objects.create(
        patient=patient, substance="cobalt", reactions=["flushing", "rash"], noted_on=NOTED
    )
    PatientCondition.objects.create(patient=patient, code="asthma", noted_on=NOTED)
    PatientMedicine.objects.create(patient=patient, code="warfarin", dose="3 mg/day", noted_on=NOTED)
    return patient


@pytest.fixture
def desk(client, ada):
    return signed_in(client, a_user(ada.clinic, Role.NURSE))


@pytest.fixture
def same(ada):
    """What the page sends when nothing was touched."""
    allergy, condition, medicine = ada.allergies.get(), ada.conditions.get(), ada.medicines.get()
    return NOTHING_NEW | {
        f"allergy-{allergy.pk}-shown": "1",
        f"allergy-{allergy.pk}-reactions": "rash",
        f"condition-{condition.pk}-shown": "1",
        f"medicine-{medicine.pk}-shown": "1",
        f"medicine-{medicine.pk}-dose": "3 mg/day",
    }


def url_of(patient):
    return f"/patients/{patient.public_id}/health/"


def body_of(answer):
    return answer.content.decode()


def open_codes(rows, field="code"):
    return list(rows.filter(ended_on=None).values_list(field, flat=True))


def test_the_page_shows_what_applies_and_notes_that_it_was_seen(desk, ada):
    body = body_of(desk.get(url_of(ada)))
    for text in ("Cobalt (flushing, rash)", "Asthma", "Warfarin 3 mg/day", 'value="3 mg/day"'):
        assert text in body
    assert AuditEvent.objects.get().action == "patient.viewed"


def test_untouched_nothing_changes(desk, ada, same):
    assert desk.post(url_of(ada), same).status_code == 302
    assert Patient.objects.get().version == 1
    assert not AuditEvent.objects.filter(action="patient.health_changed").exists()
    assert ada.allergies.get().reactions == ["flushing", "rash"]


def test_a_row_is_added_another_ends_a_third_changes(desk, ada, same):
    condition, medicine = ada.conditions.get(), ada.medicines.get()
    changes = {
        f"condition-{condition.pk}-ended": "on",
        f"medicine-{medicine.pk}-dose": "4 mg/day",
        f"medicine-{medicine.pk}-inr_low": "2",
        f"medicine-{medicine.pk}-inr_high": "3.5",
        "new_conditions-0-listed": "ckd_4",
    }
    assert desk.post(url_of(ada), same | changes)["Location"] == f"/chart/{ada.public_id}/"
    assert open_codes(ada.conditions) == ["ckd_4"]
    assert PatientCondition.objects.get(pk=condition.pk).ended_on is not None
    now = ada.medicines.get(ended_on=None)
    assert (now.dose, now.inr_low, now.inr_high) == ("4 mg/day", Decimal("2.0"), Decimal("3.5"))


def test_taking_an_allergy_back_asks_why(desk, ada, same):
    allergy = ada.allergies.get()
    taken_back = same | {f"allergy-{allergy.pk}-ended": "on", "allergies": "none"}
    answer = desk.post(url_of(ada), taken_back)
    assert answer.status_code == 422
    assert "Say why what was noted about allergies is taken back or altered." in body_of(answer)
    assert open_codes(ada.allergies, "substance") == ["cobalt"]
    assert desk.post(url_of(ada), taken_back | {"reason": "Patch test negative."}).status_code == 302
    assert open_codes(ada.allergies, "substance") == []


def test_none_known_does_not_go_with_an_allergy_that_is_listed(desk, ada, same):
    answer = desk.post(url_of(ada), same | {"allergies": "none"})
    assert answer.status_code == 422
    assert "An allergy is listed below" in body_of(answer)


def test_what_is_listed_already_is_not_listed_twice(desk, ada, same):
    answer = desk.post(url_of(ada), same | {"new_conditions-0-other": "ASTHMA"})
    assert answer.status_code == 422
    assert "This condition is listed already." in body_of(answer)


def test_a_row_that_the_page_did_not_show_stays_as_it_is(desk, ada):
    assert desk.post(url_of(ada), NOTHING_NEW | {"new_conditions-0-listed": "gout"}).status_code == 302
    assert open_codes(ada.conditions) == ["asthma", "gout"]
    assert ada.medicines.get().dose == "3 mg/day"
    assert ada.allergies.get().reactions == ["flushing", "rash"]


def test_saved_from_a_stale_page_nothing_changes_and_the_newer_row_survives_a_second_try(desk, ada, same):
    Patient.objects.filter(pk=ada.pk).update(version=2)
    PatientMedicine.objects.create(patient=ada, code="apixaban", dose="5 mg", noted_on=NOTED)
    answer = desk.post(url_of(ada), same | {"new_conditions-0-listed": "gout"})
    assert answer.status_code == 409
    assert "Somebody else saved first" in body_of(answer)
    assert "Apixaban 5 mg" in body_of(answer)
    assert open_codes(ada.conditions) == ["asthma"]
    assert (
        desk.post(url_of(ada), same | {"version": "2", "new_conditions-0-listed": "gout"}).status_code == 302
    )
    assert set(ada.medicines.filter(ended_on=None).values_list("code", "dose")) == {
        ("warfarin", "3 mg/day"),
        ("apixaban", "5 mg"),
    }


def test_more_rows_keep_what_was_typed(desk, ada, same):
    answer = desk.post(url_of(ada), same | {"new_medicines-0-listed": "digoxin", "more": "new_medicines"})
    assert answer.status_code == 200
    assert 'name="new_medicines-4-listed"' in body_of(answer)
    assert '<option value="digoxin" selected>' in body_of(answer)
    assert open_codes(ada.medicines) == ["warfarin"]


def test_rows_of_another_clinic_are_out_of_reach(desk, ada, same):
    elsewhere = a_patient(a_clinic())
    theirs = PatientCondition.objects.create(patient=elsewhere, code="gout", noted_on=NOTED)
    smuggled = {
        f"condition-{theirs.pk}-shown": "1",
        f"condition-{theirs.pk}-ended": "on",
        "patient": elsewhere.pk,
        "id": elsewhere.pk,
        "new_conditions-0-listed": "gout",
        "new_conditions-0-patient": elsewhere.pk,
    }
    assert desk.post(url_of(ada), same | smuggled).status_code == 302
    theirs.refresh_from_db()
    assert theirs.ended_on is None
    assert open_codes(elsewhere.conditions) == ["gout"]
    assert open_codes(ada.conditions) == ["asthma", "gout"]


def test_what_a_noted_row_is_about_cannot_be_changed(desk, ada, same):
    condition = ada.conditions.get()
    desk.post(url_of(ada), same | {f"condition-{condition.pk}-code": "gout"})
    assert open_codes(ada.conditions) == ["asthma"]


def test_words_with_markup_are_text(desk, ada, same):
    desk.post(url_of(ada), same | {"new_conditions-0-other": "<script>alert(1)</script>"})
    body = body_of(desk.get(url_of(ada)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<script>alert" not in body


def test_an_administrator_may_not(client, ada):
    desk = signed_in(client, a_user(ada.clinic, Role.ADMINISTRATOR))
    assert desk.get(url_of(ada)).status_code == 403
    assert "Ada Example" not in body_of(desk.get(url_of(ada)))
    assert desk.post(url_of(ada), NOTHING_NEW).status_code == 403
