"""What the database refuses of a conclusion on the response; each beside what it allows."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from regimens.models import ResponseConclusion, Revision
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def regimen():
    doctor = a_user(a_clinic(), "prescriber")
    return a_regimen(a_patient(doctor.memberships.get().clinic), doctor)


def conclude(regimen, **fields):
    given = {
        "patient": regimen.patient,
        "clinic": regimen.clinic,
        "regimen": regimen,
        "on": date(2026, 3, 2),
        "day": 56,
        "verdict": "inadequate",
        "seen": ["Haemoglobin 118 g/L on day 56, expected at or above 120: inadequate."],
        "checked": ["iron"],
        "open_tests": [],
        "words": "Iron is deficient too.",
        "decision": "tests",
        "by": regimen.assessment.by,
        "at": AT,
        "form_key": uuid4(),
    } | fields
    with transaction.atomic():
        return ResponseConclusion.objects.create(**given)


def refused(regimen, **fields):
    with pytest.raises(IntegrityError):
        conclude(regimen, **fields)


def the_revision(regimen):
    return Revision.objects.get(regimen=regimen)


def test_a_decision_is_one_of_the_list(regimen):
    conclude(regimen, decision="no_change")
    refused(regimen, decision="double", reason="Better safe.")


def test_a_verdict_is_one_of_the_list(regimen):
    conclude(regimen, verdict="cannot_judge")
    refused(regimen, verdict="splendid")


def test_a_conclusion_is_in_words(regimen):
    refused(regimen, words="")


def test_a_change_says_why(regimen):
    conclude(regimen, decision="drug", reason="Allergy suspected.")
    refused(regimen, decision="drug", reason="")


def test_a_changed_interval_has_its_revision(regimen):
    conclude(regimen, decision="interval", reason="Symptoms return.", revision=the_revision(regimen))
    refused(regimen, decision="interval", reason="Symptoms return.", revision=None)


def test_no_change_has_no_revision(regimen):
    conclude(regimen, decision="no_change", revision=None)
    refused(regimen, decision="no_change", revision=the_revision(regimen))


def test_a_form_is_taken_once(regimen):
    key = uuid4()
    conclude(regimen, form_key=key)
    refused(regimen, form_key=key)
