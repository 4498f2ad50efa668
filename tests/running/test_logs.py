"""What could tell who a patient is never reaches a log line."""

import logging
import sys
from logging.config import DictConfigurator

import pytest
from django.db import IntegrityError, transaction

from b12clinic.logs import configuration, leave_out_personal
from b12clinic.patients.models import PatientIdentifier
from tests.factories.people import a_clinic, a_patient


def test_fields_that_name_a_person_are_emptied():
    said = {
        "event": "message.sent",
        "patient_id": 41,
        "name": "Ada Test",
        "email": "ada@example.org",
        "born_on": "1951-03-02",
    }
    assert leave_out_personal(None, "info", said) == {
        "event": "message.sent",
        "patient_id": 41,
        "name": "[left out]",
        "email": "[left out]",
        "born_on": "[left out]",
    }


def test_a_request_is_logged_without_its_query(client, caplog, db):
    caplog.set_level("INFO", logger="b12clinic.request_log")
    client.get("/accounts/login/?next=/patients/&q=Ada+Test")
    lines = [record.getMessage() for record in caplog.records if record.name == "b12clinic.request_log"]
    assert len(lines) == 1
    assert "'path': '/accounts/login/'" in lines[0]
    assert "Ada" not in lines[0]


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize("as_json", [True, False], ids=["fields", "a terminal"])
def test_an_error_of_the_database_is_logged_without_the_row_that_it_quotes(as_json):
    """Nor with what the code held in its hands at the time."""
    number = "".join(["CANA", "RY1"])  # the traceback quotes the line, which is ours
    patient = a_patient(a_clinic(), name="Grace Canary", record_number=number)
    logged = DictConfigurator(configuration(level="INFO", as_json=as_json))
    lines = logged.configure_formatter(logged.config["formatters"]["lines"])
    try:
        with transaction.atomic():
            PatientIdentifier.objects.create(
                patient=patient, clinic=patient.clinic, scheme="medical_record", value=number
            )
    except IntegrityError:
        record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Failed", (), sys.exc_info())

    line = lines.format(record)

    assert "duplicate key value" in line and "IntegrityError" in line
    assert "CANARY1" not in line and "Grace" not in line
