from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent, Role
from b12clinic.accounts.services import audit
from b12clinic.patients.models import Patient, PatientIdentifier
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db
SAME = {
    "version": "1",
    "name": "Ada Lovelace",
    "born_on": "1948-03-02",
    "sex": "female",
    "identifiers-TOTAL_FORMS": "2",
    "identifiers-INITIAL_FORMS": "2",
    "identifiers-0-scheme": "medical_record",
    "identifiers-0-value": "RX1",
    "identifiers-1-scheme": "nhs_number",
}


@pytest.fixture
def ada():
    return a_patient(a_clinic(), name="Ada Lovelace", record_number="RX1")


@pytest.fixture
def desk(client, ada):
    return signed_in(client, a_user(ada.clinic, Role.ADMINISTRATOR))


def url_of(patient):
    return f"/patients/{patient.public_id}/edit/"


def body_of(answer):
    return answer.content.decode()


def test_the_page_shows_the_entry_and_notes_that_it_was_seen(desk, ada):
    body = body_of(desk.get(url_of(ada)))
    for text in ('value="Ada Lovelace"', 'value="1948-03-02"', 'value="RX1"', 'name="version" value="1"'):
        assert text in body
    event = AuditEvent.objects.get()
    assert (event.action, event.patient_id, event.subject) == (
        "patient.viewed",
        ada.pk,
        f"patient:{ada.public_id}",
    )


def test_a_change_is_saved_and_the_chart_opens(desk, ada):
    answer = desk.post(url_of(ada), SAME | {"name": "Ada King", "identifiers-1-value": "999 000 0018"})
    assert (answer.status_code, answer["Location"]) == (302, f"/chart/{ada.public_id}/")
    ada.refresh_from_db()
    assert (ada.name, ada.version) == ("Ada King", 2)
    assert set(ada.identifiers.values_list("value", flat=True)) == {"RX1", "9990000018"}


def test_an_emptied_row_takes_the_number_away(desk, ada):
    desk.post(url_of(ada), SAME | {"identifiers-0-value": ""})
    assert not ada.identifiers.exists()


def test_what_cannot_be_is_said_and_what_was_typed_stays(desk, ada):
    answer = desk.post(url_of(ada), SAME | {"born_on": "2126-01-01", "phone": "07700 900009"})
    assert answer.status_code == 422
    assert "The date of birth lies in the future." in body_of(answer)
    assert "07700 900009" in body_of(answer)


def test_who_saved_first_is_named_and_what_was_typed_stays(desk, ada):
    Patient.objects.filter(pk=ada.pk).update(version=2, phone="07700 900001")
    audit.note(
        at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        clinic=ada.clinic,
        by=a_user(ada.clinic, first_name="Nia", last_name="Nurse"),
        action="patient.changed",
        patient_id=ada.pk,
    )
    answer = desk.post(url_of(ada), SAME | {"phone": "07700 900002", "identifiers-0-value": "RX2"})
    body = body_of(answer)
    assert answer.status_code == 409
    assert "Nia Nurse saved this entry on 22 Nov 2026 at 09:30, after you opened it" in body
    for text in ("07700 900001", 'value="07700 900002"', "RX2", 'name="version" value="2"'):
        assert text in body
    ada.refresh_from_db()
    assert ada.phone == "07700 900001"
    assert desk.post(url_of(ada), SAME | {"version": "2", "phone": "07700 900002"}).status_code == 302


def test_what_differs_is_shown_in_words(desk, ada):
    Patient.objects.filter(pk=ada.pk).update(version=2)
    typed = {
        "born_on": "1948-03-03",
        "phone": "07700 900002",
        "consents_to_sms": "on",
        "consent_noted_on": "2026-01-05",
    }
    changes = desk.post(url_of(ada), SAME | typed).context["changes"]
    assert [(change["what"], change["was"], change["becomes"]) for change in changes] == [
        ("Date of birth", "2 Mar 1948", "3 Mar 1948"),
        ("Telephone", "", "07700 900002"),
        ("Agrees to text messages", "No", "Yes"),
        ("Agreed on", "", "5 Jan 2026"),
    ]


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 4000])
def test_a_page_without_its_version_saves_nothing(desk, ada, version):
    assert desk.post(url_of(ada), SAME | {"version": version, "phone": "1"}).status_code == 409
    ada.refresh_from_db()
    assert ada.phone == ""


def test_a_name_that_looks_like_someone_elses_asks_first(desk, ada):
    a_patient(ada.clinic, name="Grace Hopper")
    renamed = SAME | {"name": "Grace Hopper"}
    answer = desk.post(url_of(ada), renamed)
    assert "Save anyway" in body_of(answer)
    assert '<input type="hidden" name="version" value="1">' in body_of(answer)
    assert desk.post(url_of(ada), renamed | {"back": "1"}).status_code == 200
    assert Patient.objects.get(pk=ada.pk).name == "Ada Lovelace"
    assert desk.post(url_of(ada), renamed | {"despite": "Married name."}).status_code == 302
    assert Patient.objects.get(pk=ada.pk).name == "Grace Hopper"


def test_someone_elses_number_is_refused(desk, ada):
    a_patient(ada.clinic, name="Grace Hopper", born_on=date(1960, 1, 9), record_number="RX2")
    answer = desk.post(url_of(ada), SAME | {"identifiers-0-value": "RX2"})
    assert answer.status_code == 422
    assert "belongs to Grace Hopper" in body_of(answer)


def test_what_a_form_does_not_have_is_not_taken_from_it(desk, ada):
    elsewhere = a_patient(a_clinic(), name="Grace Canary", record_number="RX9")
    number = PatientIdentifier.objects.get(patient=elsewhere)
    smuggled = {
        "id": elsewhere.pk,
        "clinic": elsewhere.clinic_id,
        "patient": elsewhere.pk,
        "public_id": elsewhere.public_id,
        "died_on": "2026-01-01",
        "allergies_asked_on": "2026-01-01",
        "identifiers-0-id": number.pk,
    }
    assert desk.post(url_of(ada), SAME | smuggled | {"phone": "1"}).status_code == 302
    ada.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (ada.died_on, ada.allergies_asked_on, ada.version) == (None, None, 2)
    assert (elsewhere.phone, elsewhere.version) == ("", 1)
    assert PatientIdentifier.objects.get(pk=number.pk).value == "RX9"


def test_ways_of_leaving_follow_from_whether_somebody_left(desk, ada):
    assert f"/patients/{ada.public_id}/died/" in body_of(desk.get(url_of(ada)))
    Patient.objects.filter(pk=ada.pk).update(moved_on=date(2026, 11, 1))
    body = body_of(desk.get(url_of(ada)))
    assert f"/patients/{ada.public_id}/died/" not in body
    assert f"/patients/{ada.public_id}/returned/" in body


def test_an_administrator_is_not_led_to_health(desk, ada, client):
    assert f"/patients/{ada.public_id}/health/" not in body_of(desk.get(url_of(ada)))
    nurse = signed_in(client, a_user(ada.clinic, Role.NURSE))
    assert f"/patients/{ada.public_id}/health/" in body_of(nurse.get(url_of(ada)))


def test_how_messages_speak_to_the_patient_is_saved(desk, ada):
    spoken = {"consents_to_detail": "on", "language": "fr", "time_zone": "Europe/Paris"}
    desk.post(url_of(ada), SAME | spoken)

    ada.refresh_from_db()
    assert (ada.consents_to_detail, ada.language, ada.time_zone) == (True, "fr", "Europe/Paris")
    event = AuditEvent.objects.get(action="patient.changed")
    assert event.before == {"consents_to_detail": False, "language": "", "time_zone": ""}
    assert event.after == {"consents_to_detail": True, "language": "fr", "time_zone": "Europe/Paris"}


def test_time_zones_are_offered_and_a_wrong_one_is_refused(desk, ada):
    assert '<option value="Europe/Paris">' in body_of(desk.get(url_of(ada)))

    answer = desk.post(url_of(ada), SAME | {"time_zone": "Europe/Atlantis"})

    assert answer.status_code == 422
    assert "“Europe/Atlantis” is not a time zone" in body_of(answer)


def test_a_language_without_wordings_is_refused(desk, ada):
    assert desk.post(url_of(ada), SAME | {"language": "tlh"}).status_code == 422
    ada.refresh_from_db()
    assert ada.language == ""
