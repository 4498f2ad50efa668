from datetime import UTC, date, datetime

import pytest

from b12clinic.jobs.models import Pending
from b12clinic.jobs.registry import handler_for
from b12clinic.patients.services.change_health import change_health
from b12clinic.patients.services.health import AllergyGiven, HealthGiven
from monitoring.models import Alert
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]
AT = datetime(2026, 1, 6, 9, 30, tzinfo=UTC)


def test_an_allergy_noted_while_a_plan_runs_becomes_an_alert():
    patient = a_patient(a_clinic())
    prescriber = a_user(patient.clinic)
    a_regimen(patient, prescriber)
    change_health(
        patient=patient,
        version=1,
        health=HealthGiven(
            allergies_asked=True, allergies=(AllergyGiven("hydroxocobalamin", ("anaphylaxis",)),)
        ),
        by=prescriber,
        at=AT,
        today=date(2026, 1, 6),
    )
    job = Pending.objects.get(kind="patients.facts_changed")
    for _ in range(2):
        handler_for(job.kind)(job.subject_id, AT)
    assert Alert.objects.filter(patient=patient, rule="ALLERGY_COBALAMIN").count() == 1
