from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.jobs.models import Pending
from b12clinic.patients.models import Patient, PatientIdentifier
from b12clinic.patients.services.change_patient import change_patient
from b12clinic.patients.services.details import PatientDetails
from b12clinic.patients.services.refusals import (
    ChangedMeanwhile,
    IdentifierTaken,
    LooksLikeAnother,
    PatientRefused,
)
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]
AT, TODAY = datetime(2026, 11, 22, 9, 30, tzinfo=UTC), date(2026, 11, 22)
ADA = PatientDetails(name="Ada Lovelace", born_on=date(1948, 3, 2), sex="female")


@pytest.fixture
def ada():
    return a_patient(a_clinic(), name="Ada Lovelace")


def change(patient, details=ADA, identifiers=None, version=1, despite=""):
    return change_patient(
        patient=patient,
        version=version,
        details=details,
        identifiers=identifiers or {},
        despite=despite,
        by=a_user(patient.clinic),
        at=AT,
        today=TODAY,
    )


def numbers(patient):
    return dict(PatientIdentifier.objects.filter(patient=patient).values_list("scheme", "value"))


def test_what_changed_is_written_with_before_and_after(ada):
    change(ada, replace(ADA, name="Ada King", phone="07700 900001", weight_kg=Decimal("61.5")))
    ada.refresh_from_db()
    assert (ada.name, ada.name_key, ada.phone, ada.version) == ("Ada King", "ada king", "07700 900001", 2)
    event = AuditEvent.objects.get()
    assert (event.action, event.patient_id) == ("patient.changed", ada.pk)
    assert event.before == {"name": "Ada Lovelace", "phone": "", "weight_kg": ""}
    assert event.after == {"name": "Ada King", "phone": "07700 900001", "weight_kg": "61.5"}


def test_nothing_is_written_when_nothing_differs(ada):
    weighed = replace(ADA, weight_kg=Decimal("61.5"))
    change(ada, weighed)
    change(ada, weighed, version=2)
    ada.refresh_from_db()
    assert ada.version == 2
    assert AuditEvent.objects.count() == 1


def test_a_change_from_a_stale_page_is_refused(ada):
    change(ada, replace(ADA, phone="07700 900001"))
    with pytest.raises(ChangedMeanwhile) as lost:
        change(ada, replace(ADA, phone="07700 900002"), version=1)
    assert lost.value.patient.phone == "07700 900001"
    ada.refresh_from_db()
    assert (ada.phone, ada.version) == ("07700 900001", 2)


@pytest.mark.parametrize("version", [0, 2])
def test_a_version_that_no_page_showed_is_refused(ada, version):
    with pytest.raises(ChangedMeanwhile):
        change(ada, version=version)


def test_numbers_are_added_corrected_and_taken_away(ada):
    change(ada, identifiers={"nhs_number": "9990000018", "medical_record": "RX1"})
    change(ada, identifiers={"nhs_number": "9990000026"}, version=2)
    assert numbers(ada) == {"nhs_number": "9990000026"}
    assert AuditEvent.objects.first().before == {
        "identifiers": {"nhs_number": "9990000018", "medical_record": "RX1"}
    }
    assert AuditEvent.objects.first().after == {"identifiers": {"nhs_number": "9990000026"}}


def test_someone_elses_number_is_refused_and_nothing_is_lost(ada):
    change(ada, identifiers={"nhs_number": "9990000018"})
    a_patient(ada.clinic, name="Grace Hopper", born_on=date(1960, 1, 9), record_number="RX1")
    with pytest.raises(IdentifierTaken):
        change(ada, replace(ADA, phone="1"), {"medical_record": "RX1"}, version=2)
    ada.refresh_from_db()
    assert numbers(ada) == {"nhs_number": "9990000018"}
    assert (ada.phone, ada.version) == ("", 2)


def test_a_new_name_that_looks_like_someone_elses_asks_for_a_reason(ada):
    grace = a_patient(ada.clinic, name="Grace Hopper")
    renamed = replace(ADA, name="Grace Hopper")
    with pytest.raises(LooksLikeAnother):
        change(ada, renamed)
    assert Patient.objects.get(pk=ada.pk).name == "Ada Lovelace"
    change(ada, renamed, despite="Married name.")
    event = AuditEvent.objects.get()
    assert (event.reason, event.after["looks_like"]) == ("Married name.", [str(grace.public_id)])


def test_a_likeness_that_was_there_before_is_not_asked_about_again(ada):
    a_patient(ada.clinic, name="Ada Lovelace")
    assert change(ada, replace(ADA, phone="07700 900001")).phone == "07700 900001"


@pytest.mark.parametrize("field", ["died_on", "moved_on"])
def test_nobody_is_born_after_leaving(ada, field):
    Patient.objects.filter(pk=ada.pk).update(**{field: date(1990, 1, 1)})
    assert change(ada, replace(ADA, born_on=date(1990, 1, 1))).version == 2
    with pytest.raises(PatientRefused, match="lies after the day noted for death or moving away"):
        change(ada, replace(ADA, born_on=date(1990, 1, 2)), version=2)


def test_details_that_cannot_be_are_refused(ada):
    with pytest.raises(PatientRefused, match="in the future"):
        change(ada, replace(ADA, born_on=date(2026, 11, 23)))
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"born_on": date(1948, 3, 3)}, 1),
        ({"sex": "male"}, 1),
        ({"weight_kg": Decimal("61.5")}, 1),
        ({"phone": "07700 900001"}, 0),
        ({"name": "Ada King"}, 0),
    ],
)
def test_what_the_safety_rules_read_makes_them_run_again(ada, changed, asked):
    change(ada, replace(ADA, **changed))
    assert Pending.objects.filter(kind="patients.facts_changed", subject_id=ada.pk).count() == asked


@pytest.mark.parametrize(
    ("wrong", "field"), [({"language": "tlh"}, "language"), ({"time_zone": "Europe/Atlantis"}, "time_zone")]
)
def test_a_language_or_a_zone_that_does_not_exist_is_refused(ada, wrong, field):
    with pytest.raises(PatientRefused) as refused:
        change(ada, replace(ADA, **wrong))
    assert refused.value.field == field
