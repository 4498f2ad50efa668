"""Synthetic clinics are coherent: what the seeder writes is what the services could have written."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Q

from b12clinic.accounts.models import Clinic, Membership, User
from b12clinic.patients.identifiers import normalised
from b12clinic.patients.models import Patient, PatientIdentifier, name_keys
from monitoring.models import Recheck, RecheckAnswer, Result
from regimens.models import Administration, Dose, Phase, PlannedRecheck, Regimen, Revision
from regimens.protocols.pack import Protocol
from regimens.protocols.phasespec import PhaseSpec
from regimens.seeding.seed import Wanted, seed
from tests.factories.people import a_clinic, a_patient

pytestmark = pytest.mark.data

TODAY = date(2026, 11, 20)  # a Friday
SIXTY = Wanted(patients=60, clinics=2, doses_per_patient=20, today=TODAY, chance=1)


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker):
    """Sixty patients for the whole module, rolled back after its last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed(SIXTY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def seeded(once, db):
    pass


def test_what_was_asked_for_is_there(seeded):
    assert Clinic.objects.count() == 2
    assert sorted(Membership.objects.values_list("role", flat=True)) == sorted(
        2 * ["administrator", "nurse", "prescriber"]
    )
    assert Counter(Patient.objects.values_list("clinic__name", flat=True)) == {
        "Synthetic Clinic 0001": 30,
        "Synthetic Clinic 0002": 30,
    }
    assert 1190 <= Dose.objects.count() <= 1210


def test_a_running_regimen_waits_for_one_dose_and_a_stopped_one_for_none(seeded):
    for regimen in Regimen.objects.annotate(
        waited=Count("phases__doses", filter=Q(phases__doses__is_next=True))
    ):
        assert regimen.waited == (1 if regimen.state == "active" else 0)
    for dose in Dose.objects.filter(is_next=True).select_related("phase__regimen"):
        owed = Dose.objects.filter(phase__regimen=dose.phase.regimen, state="owed")
        assert owed.order_by("phase__ordinal", "number").first() == dose


def test_every_row_stands_in_its_patient_s_clinic(seeded):
    for model in (Regimen, Dose, Administration, Recheck, PatientIdentifier):
        assert model.objects.count() > 0
        assert not model.objects.exclude(clinic=F("patient__clinic")).exists()


def test_a_given_dose_and_its_injection_point_at_each_other(seeded):
    given = Dose.objects.filter(state="given")
    assert given.count() > 500
    assert not given.exclude(given_as__dose=F("pk")).exists()
    assert not given.exclude(given_as__given_on=F("due_on")).exists()
    assert not given.exclude(given_as__regimen=F("phase__regimen")).exists()
    assert given.filter(given_as__outcome="given").count() == given.count()


def test_nothing_has_happened_today_or_later(seeded):
    assert Administration.objects.aggregate(last=Max("given_on"))["last"] < TODAY
    assert Result.objects.aggregate(last=Max("taken_on"))["last"] < TODAY
    assert Revision.objects.aggregate(last=Max("at"))["last"].date() < TODAY


def test_some_are_overdue_some_are_due_and_some_come_later(seeded):
    waited = Dose.objects.filter(is_next=True)
    assert waited.filter(overdue_on__lte=TODAY).exists()
    assert waited.filter(due_on__gt=TODAY).exists()
    assert waited.aggregate(first=Min("due_on"))["first"] > date(2026, 1, 1)


def test_a_plan_keeps_its_protocol_and_phases_as_they_are_read_back(seeded):
    for revision in Revision.objects.filter(kind="signed"):
        protocol = Protocol.from_dict(revision.protocol_snapshot)
        assert (protocol.code, protocol.version) == (revision.protocol, revision.pack_version)
        phases = Phase.objects.filter(regimen=revision.regimen)
        assert [PhaseSpec.from_dict(phase.spec) for phase in phases] == list(protocol.phases)
    assert not Regimen.objects.annotate(number=Max("revisions__number")).exclude(number=F("version")).exists()


def test_patients_are_found_by_name_and_number(seeded):
    for patient in Patient.objects.all():
        assert (patient.name_key, patient.name_turned_key) == name_keys(patient.name)
    for scheme, value in PatientIdentifier.objects.values_list("scheme", "value"):
        assert normalised(scheme, value) == value


def test_rechecks_are_planned_and_those_done_are_answered_whole(seeded):
    assert PlannedRecheck.objects.count() == Recheck.objects.count() > 60
    for recheck in Recheck.objects.filter(state="done"):
        answers = RecheckAnswer.objects.filter(recheck=recheck).select_related("result")
        assert {answer.test for answer in answers} == set(recheck.tests)
        assert all(answer.result.patient_id == recheck.patient_id for answer in answers)


def test_every_constraint_holds_and_is_still_there(seeded):
    connection.check_constraints()
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Dose._meta.db_table)
    assert {"dose_due_list", "dose_one_next_per_patient", "dose_number_once_per_phase"} <= set(found)
    assert {columns["columns"][0] for columns in found.values() if columns["foreign_key"]} == {
        "phase_id",
        "clinic_id",
        "patient_id",
        "given_as_id",
    }


def test_rows_can_be_added_by_hand_afterwards(seeded):
    patient = a_patient(a_clinic())
    assert patient.pk == 61
    assert User.objects.create_user("somebody").pk == 3


@pytest.mark.django_db
def test_an_open_neurological_loading_waits_for_its_review_three_weeks_after_its_first_dose():
    seed(Wanted(patients=60, clinics=2, doses_per_patient=4, today=TODAY, chance=1))
    loading = Phase.objects.filter(
        kind="loading", doses_wanted=None, finished_on=None, regimen__neurological=True
    )
    begun = loading.annotate(first=Min("doses__given_as__given_on")).exclude(first=None)
    assert begun.count() > 0
    for phase in begun:
        assert phase.review_on == phase.first + timedelta(days=21)
    assert not Phase.objects.exclude(pk__in=begun).exclude(review_on=None).exists()
