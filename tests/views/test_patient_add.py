from datetime import date

import pytest

from b12clinic.accounts.models import AuditEvent, Role
from b12clinic.patients.models import Patient, PatientIdentifier
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db
URL = "/patients/add/"
ADA = {
    "name": "Ada Lovelace",
    "born_on": "1948-03-02",
    "sex": "female",
    "identifiers-TOTAL_FORMS": "2",
    "identifiers-INITIAL_FORMS": "2",
    "identifiers-0-scheme": "nhs_number",
    "identifiers-1-scheme": "medical_record",
    "allergies": "none",
    "new_allergies-TOTAL_FORMS": "1",
    "new_allergies-INITIAL_FORMS": "0",
    "new_conditions-TOTAL_FORMS": "2",
    "new_conditions-INITIAL_FORMS": "0",
    "new_medicines-TOTAL_FORMS": "2",
    "new_medicines-INITIAL_FORMS": "0",
}


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def desk(client, clinic):
    return signed_in(client, a_user(clinic, Role.NURSE))


def body_of(answer):
    return answer.content.decode()


def test_a_patient_is_registered_and_the_chart_opens(desk, clinic):
    answer = desk.post(URL, ADA)
    ada = Patient.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/chart/{ada.public_id}/")
    assert (ada.clinic, ada.name, ada.born_on) == (clinic, "Ada Lovelace", date(1948, 3, 2))
    assert ada.allergies_asked_on is not None
    assert not PatientIdentifier.objects.exists()


def test_everything_on_the_page_is_written_down(desk):
    more = {
        "weight_kg": "61.5",
        "email": "ada@example.org",
        "phone": "07700 900001",
        "postal_address": "1 Example Street",
        "consents_to_email": "on",
        "consents_to_sms": "on",
        "consents_to_letter": "on",
        "consent_noted_on": "2026-01-05",
        "identifiers-0-value": "999 000 0018",
        "identifiers-1-value": "rx 1",
        "allergies": "some",
        "new_allergies-0-listed": "cobalt",
        "new_allergies-0-reactions": ["rash", "wheeze"],
        "new_conditions-0-listed": "asthma",
        "new_conditions-1-other": "Hives",
        "new_medicines-0-listed": "warfarin",
        "new_medicines-0-dose": "3 mg/day",
        "new_medicines-0-since": "2024-05-04",
        "new_medicines-0-inr_low": "2",
        "new_medicines-0-inr_high": "3",
        "new_medicines-1-other": "METFORMIN",
    }
    assert desk.post(URL, ADA | more).status_code == 302
    ada = Patient.objects.get()
    assert (ada.consents_to_email, ada.consents_to_sms, ada.consents_to_letter) == (True, True, True)
    assert (ada.consent_noted_on, str(ada.weight_kg)) == (date(2026, 1, 5), "61.5")
    assert set(ada.identifiers.values_list("scheme", "value")) == {
        ("nhs_number", "9990000018"),
        ("medical_record", "RX1"),
    }
    assert list(ada.allergies.values_list("substance", "reactions")) == [("cobalt", ["rash", "wheeze"])]
    assert list(ada.conditions.values_list("code", flat=True)) == ["asthma", "Hives"]
    assert list(ada.medicines.values_list("code", flat=True)) == ["warfarin", "metformin"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Write the name."),
        ({"born_on": "1948-02-30"}, "Give a day that exists."),
        ({"born_on": "2126-01-01"}, "The date of birth lies in the future."),
        ({"sex": ""}, "Choose the sex, or “Not known”."),
        ({"identifiers-0-value": "9990000019"}, "The check digit of this number does not fit"),
        ({"identifiers-0-scheme": "", "identifiers-0-value": "1"}, "Say what kind of number this is."),
        (
            {
                "identifiers-0-scheme": "medical_record",
                "identifiers-0-value": "1",
                "identifiers-1-value": "2",
            },
            "There is a number of this kind already",
        ),
        ({"consents_to_email": "on", "consent_noted_on": "2026-01-05"}, "needs an e-mail address"),
        ({"consents_to_sms": "on", "phone": "07700 900001"}, "Say on which day the patient agreed"),
        ({"allergies": ""}, "Say whether the patient was asked about allergies."),
        ({"allergies": "some"}, "Name the allergy below, or answer otherwise."),
        ({"new_allergies-0-listed": "cobalt"}, "An allergy is listed below"),
        ({"allergies": "not_asked", "new_allergies-0-listed": "cobalt"}, "An allergy is listed below"),
        ({"new_allergies-0-reactions": "rash"}, "Name the substance, or leave the row empty."),
        (
            {"new_conditions-0-listed": "asthma", "new_conditions-0-other": "x"},
            "Choose from the list or write, not both.",
        ),
        (
            {"new_conditions-0-listed": "asthma", "new_conditions-1-other": "Asthma"},
            "This condition is listed already.",
        ),
        ({"new_medicines-0-other": "warfarin 3 mg"}, "Choose “Warfarin” from the list"),
        (
            {"new_medicines-0-listed": "warfarin", "new_medicines-0-inr_low": "2"},
            "needs its lower and its upper end",
        ),
        ({"new_medicines-0-dose": "3 mg"}, "Name the medicine, or leave the row empty."),
        (
            {"new_medicines-0-listed": "warfarin", "new_medicines-0-since": "2126-01-01"},
            "before birth or in the future",
        ),
        (
            {"new_medicines-0-listed": "warfarin", "new_medicines-0-since": "1948-03-01"},
            "before birth or in the future",
        ),
        ({"new_medicines-0-listed": "snake oil"}, "Select a valid choice"),
        ({"new_conditions-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(desk, typed, sentence):
    answer = desk.post(URL, ADA | {"phone": "07700 900009"} | typed)
    assert answer.status_code == 422
    assert sentence in body_of(answer)
    assert typed.get("phone", "07700 900009") in body_of(answer)
    assert not Patient.objects.exists()


def test_more_rows_keep_what_was_typed_and_complain_of_nothing(desk):
    typed = ADA | {"name": "", "phone": "07700 900009", "new_medicines-0-listed": "warfarin"}
    answer = desk.post(URL, typed | {"more": "new_medicines"})
    assert answer.status_code == 200
    body = body_of(answer)
    assert 'name="new_medicines-4-listed"' in body
    assert 'name="new_medicines-5-listed"' not in body
    assert '<option value="warfarin" selected>' in body
    assert "07700 900009" in body
    assert "is-invalid" not in body
    assert "error-summary" not in body


@pytest.mark.parametrize("count", ["29", "30", "999999", "9" * 5000])
def test_rows_are_never_more_than_thirty(desk, count):
    answer = desk.post(URL, ADA | {"new_medicines-TOTAL_FORMS": count, "more": "new_medicines"})
    assert 'name="new_medicines-29-listed"' in body_of(answer)
    assert 'name="new_medicines-30-listed"' not in body_of(answer)


def test_someone_who_looks_the_same_is_shown_before_anything_is_saved(desk, clinic):
    there = a_patient(clinic, name="Ada Lovelace", record_number="RX1")
    answer = desk.post(URL, ADA | {"phone": "07700 900009"})
    body = body_of(answer)
    assert answer.status_code == 200
    assert Patient.objects.count() == 1
    for text in (
        f'href="/chart/{there.public_id}/"',
        "This is the same person",
        "Same name, same date of birth",
        "Record RX1",
        '<input type="hidden" name="phone" value="07700 900009">',
    ):
        assert text in body
    assert AuditEvent.objects.get().after == {"looks_like": [str(there.public_id)]}


def test_somebody_else_needs_a_reason(desk, clinic):
    a_patient(clinic, name="Ada Lovelace")
    answer = desk.post(URL, ADA | {"despite": " ", "ask": "1"})
    assert answer.status_code == 422
    assert "Say how you know" in body_of(answer)
    assert desk.post(URL, ADA | {"despite": "Twin sister.", "ask": "1"}).status_code == 302
    assert Patient.objects.count() == 2
    assert AuditEvent.objects.get(action="patient.registered").reason == "Twin sister."


def test_one_may_go_back_and_change_what_was_typed(desk):
    answer = desk.post(URL, ADA | {"phone": "07700 900009", "back": "1"})
    assert answer.status_code == 200
    assert 'value="07700 900009"' in body_of(answer)
    assert not Patient.objects.exists()


def test_a_number_that_someone_has_is_said_beside_it(desk, clinic):
    a_patient(clinic, name="Grace Hopper", born_on=date(1960, 1, 9), record_number="RX1")
    answer = desk.post(URL, ADA | {"identifiers-1-value": "rx1", "despite": "Somebody else."})
    assert answer.status_code == 422
    assert "This Clinic record number belongs to Grace Hopper, born 9 Jan 1960 already." in body_of(answer)
    assert Patient.objects.count() == 1


def test_what_a_form_does_not_have_is_not_taken_from_it(desk, clinic):
    elsewhere = a_patient(a_clinic(), name="Grace Canary")
    smuggled = {
        "id": elsewhere.pk,
        "pk": elsewhere.pk,
        "public_id": str(elsewhere.public_id),
        "clinic": elsewhere.clinic_id,
        "version": "9",
        "died_on": "2026-01-01",
        "moved_on": "2026-01-01",
        "name_key": "x",
        "allergies_asked_on": "2001-01-01",
        "identifiers-0-id": "1",
    }
    assert desk.post(URL, ADA | smuggled).status_code == 302
    ada = Patient.objects.get(name="Ada Lovelace")
    assert (ada.clinic, ada.version, ada.died_on, ada.moved_on) == (clinic, 1, None, None)
    assert (ada.name_key, ada.public_id != elsewhere.public_id) == ("ada lovelace", True)
    elsewhere.refresh_from_db()
    assert (elsewhere.name, elsewhere.version) == ("Grace Canary", 1)


def test_a_child_is_registered_and_the_planner_is_said_to_be_for_adults(desk):
    answer = desk.post(URL, ADA | {"born_on": "2015-03-02"}, follow=True)
    said = "Ada Lovelace is under 18: the planner is for adults and offers no plan."
    assert said in [str(message) for message in answer.context["messages"]]
    assert Patient.objects.count() == 1


def test_a_name_with_markup_is_text_on_the_page_that_asks(desk, clinic):
    name = "<img src=x onerror=alert(1)> Lovelace"
    a_patient(clinic, name=name)
    body = body_of(
        desk.post(URL, ADA | {"name": name, "postal_address": "</textarea><script>alert(1)</script>"})
    )
    assert "In the register already" in body
    assert "<img src=x" not in body
    assert "<script>alert" not in body


def test_an_administrator_registers_without_health(client, clinic):
    desk = signed_in(client, a_user(clinic, Role.ADMINISTRATOR))
    assert "new_allergies" not in body_of(desk.get(URL))
    assert desk.post(URL, ADA | {"new_conditions-0-listed": "asthma"}).status_code == 302
    ada = Patient.objects.get()
    assert ada.allergies_asked_on is None
    assert not ada.conditions.exists()


def test_a_dutch_clinic_is_asked_for_a_bsn_first(client):
    desk = signed_in(client, a_user(a_clinic(country="NL")))
    assert '<option value="bsn" selected>' in body_of(desk.get(URL))
