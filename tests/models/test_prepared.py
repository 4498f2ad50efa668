"""Reads whose SQL is written once answer for each key what the same query answers, on either database."""

from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from b12clinic.accounts.models import Clinic, User
from b12clinic.patients.models import Patient
from b12clinic.prepared import Prepared, PreparedObjects
from regimens.models import Revision
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_each_key_has_its_own_rows_with_dates_and_decimals_as_the_models_read_them():
    read = Prepared(
        lambda patient: (
            Patient.objects.get_queryset()
            .filter(pk=patient)
            .values_list("results__taken_on", "results__number", "public_id")
        )
    )
    first, second = a_patient(a_clinic()), a_patient(a_clinic())
    a_result(first, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 4))
    assert read.rows(first.pk) == [(date(2026, 1, 4), 92, first.public_id)]
    assert read.rows(second.pk) == [(None, None, second.public_id)]


def test_objects_come_with_what_is_joined_to_them_in_one_query():
    doctor = a_user(a_clinic(), "prescriber")
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor)
    read = PreparedObjects(Revision, lambda key: Revision.objects.filter(regimen=key), by=User)
    with CaptureQueriesContext(connection) as caught:
        revision = read.of(regimen.pk)[0]
        assert revision.by.display_name == doctor.display_name
    assert len(caught) == 1
    assert revision == Revision.objects.get(regimen=regimen)
    assert revision.protocol_snapshot == Revision.objects.get(regimen=regimen).protocol_snapshot
    assert read.of(regimen.pk + 1) == []


def test_a_key_may_be_a_public_id_and_an_object_bears_what_its_query_annotates():
    doctor = a_user(a_clinic(), "prescriber")
    clinic = doctor.memberships.get().clinic
    first, second = a_patient(clinic), a_patient(clinic)
    a_result(first, "haemoglobin", "92", "g/L")
    read = PreparedObjects(
        Patient,
        lambda public_id: Patient.objects.filter(public_id=public_id).annotate(tested=Count("results")),
        key_type=UUID,
        annotated=["tested"],
        clinic=Clinic,
    )
    [found] = read.of(first.public_id)
    assert (found, found.tested, found.clinic.name) == (first, 1, clinic.name)
    assert [one.tested for one in read.of(second.public_id)] == [0]
    assert read.of(clinic.public_id) == []
