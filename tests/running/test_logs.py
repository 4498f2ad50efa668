"""What could tell who a patient is never reaches a log line."""

from b12clinic.logs import leave_out_personal


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
