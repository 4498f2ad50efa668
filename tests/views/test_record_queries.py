"""What recording costs: reads and writes of one request, from the session to the audit event."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from b12clinic.patients.models import PatientMedicine
from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from monitoring.models import Alert
from regimens.models import Administration, Direction, PlannedRecheck, Product
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from tests.factories.labs import a_recheck
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, WEEKLY, a_regimen, give, next_dose
from tests.views.test_record_injection import typed

pytestmark = [pytest.mark.django_db, pytest.mark.data]

MOST = 25
MONDAY = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
EVERY_OTHER_DAY = PhaseSpec(
    kind=PhaseKind.LOADING,
    drug=Drug.HYDROXOCOBALAMIN,
    dose_mcg=1000,
    route=Route.IM,
    interval=Interval(2, IntervalUnit.DAY),
    gaps=(2, 2, 3),
    horizon=11,
    review_after_days=21,
    ends_when="Until there is no further improvement.",
)


@pytest.fixture
def nurse(client):
    nurse = a_user(a_clinic(), "nurse")
    signed_in(client, nurse)
    return nurse


@pytest.fixture
def clinic(nurse):
    clinic = nurse.memberships.get().clinic
    Product.objects.create(
        clinic=clinic, name="Hydroxocobalamin 1 mg/mL", drug="hydroxocobalamin", mcg_per_ml=1000
    )
    return clinic


def reads_and_writes(caught):
    """Savepoints only mark a place in the one transaction."""
    return [
        query["sql"]
        for query in caught.captured_queries
        if not re.match(r"(RELEASE )?SAVEPOINT|BEGIN|COMMIT", query["sql"])
    ]


def recorded(client, dose, moment, **changed):
    """The queries of recording a dose from the page that was opened for it."""
    address = reverse("regimens:record_given", args=[dose.public_id])
    with time_machine.travel(moment, tick=False):
        told = re.search(r'name="told" value="([^"]+)"', client.get(address).content.decode())[1]
        form = typed(told=told, given_on=f"{moment:%Y-%m-%d}", **changed)
        with CaptureQueriesContext(connection) as caught:
            answer = client.post(address, form)
    assert answer.status_code == 302, answer.content.decode()
    return reads_and_writes(caught)


def test_an_injection_on_its_day(client, nurse, clinic):
    regimen = a_regimen(a_patient(clinic), nurse)

    assert len(recorded(client, next_dose(regimen), MONDAY)) <= MOST


def test_a_late_one_that_moves_what_follows_on_a_counted_calendar_checked_and_directed(client, nurse, clinic):
    regimen = a_regimen(a_patient(clinic), nurse, WEEKLY)
    give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin")
    other = a_user(clinic, "nurse")
    Product.objects.create(clinic=clinic, name="Cyanocobalamin", drug="cyanocobalamin", mcg_per_ml=1000)
    clinic.injections_a_day = 40
    clinic.save()

    Direction.objects.create(
        regimen=regimen, from_on=date(2026, 1, 1), until_on=date(2026, 2, 1), by=other, at=MONDAY
    )

    asked = recorded(
        client,
        next_dose(regimen),
        MONDAY + timedelta(days=10),
        drug="cyanocobalamin",
        product="Cyanocobalamin",
        authority="psd",
        checked_by=str(other.pk),
    )

    assert len(asked) <= MOST
    assert Administration.objects.latest("pk").checked_by == other


def test_the_tenth_costs_as_much_as_the_first(client, nurse, clinic):
    regimen = a_regimen(a_patient(clinic), nurse)
    first = len(recorded(client, next_dose(regimen), MONDAY))
    for day in (7, 9, 12, 14):
        give(regimen, nurse, date(2026, 1, day))

    assert len(recorded(client, next_dose(regimen), datetime(2026, 1, 16, 12, 0, tzinfo=UTC))) <= first + 1


def test_the_first_of_a_neurological_loading_late_by_a_patient_whose_blood_is_thinned(client, nurse, clinic):
    patient = a_patient(clinic)
    PatientMedicine.objects.create(patient=patient, code="warfarin", noted_on=date(2026, 1, 1))
    regimen = a_regimen(patient, nurse, EVERY_OTHER_DAY, EVERY_THREE_MONTHS, neurological=True)
    recheck = a_recheck(patient, "neuro_exam", due_on=date(2026, 1, 26))
    PlannedRecheck.objects.create(revision=regimen.revisions.get(), recheck=recheck)

    asked = recorded(
        client,
        next_dose(regimen),
        MONDAY + timedelta(days=3),
        anticoagulant="yes",
        inr="2.5",
        expires_on="2026-01-07",
        reason="The bus did not run",
    )

    assert Alert.objects.get(patient=patient).rule == "EXPIRED_GIVEN"
    recheck.refresh_from_db()
    assert recheck.due_on == date(2026, 1, 29)
    assert len(asked) <= MOST
