"""An inadequate response reaches the worklist once for the results it rests on, and leaves it when it is concluded on."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from monitoring.models import Alert
from monitoring.services.alerts import end_alert
from regimens.queries.worklist import worklist_for
from regimens.services.conclude_response import Conclusion, Seen, conclude_response
from regimens.services.recheck_safety import recheck_safety
from regimens.tasks import results_recorded
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def regimen(doctor):
    """Maintenance since 5 January 2026, haemoglobin 92 before it."""
    patient = a_patient(doctor.memberships.get().clinic, sex="female")
    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 4))
    regimen = a_regimen(patient, doctor, EVERY_THREE_MONTHS)
    give(regimen, doctor, date(2026, 1, 5))
    regimen.refresh_from_db()
    return regimen


def haemoglobin(regimen, value, on=TODAY):
    a_result(regimen.patient, "haemoglobin", value, "g/L", taken_on=on)
    results_recorded(regimen.patient_id, NOON)


def told():
    return list(Alert.objects.filter(rule="INADEQUATE_RESPONSE").order_by("pk"))


def conclude(regimen, by):
    return conclude_response(
        regimen=regimen,
        version=regimen.version,
        seen=Seen(verdict="inadequate", day=56, sentences=["Haemoglobin."]),
        conclusion=Conclusion(checked=[], words="Iron is deficient.", decision="no_change", reason=""),
        form_key=uuid4(),
        by=by,
        at=NOON,
        today=TODAY,
    )


@pytest.mark.parametrize(("value", "count"), [("119", 1), ("120", 0)])
def test_an_inadequate_response_stands_on_the_worklist(regimen, doctor, value, count):
    haemoglobin(regimen, value)
    alerts = [
        alert
        for alert in worklist_for(regimen.clinic, doctor, TODAY).alerts
        if alert.rule == "INADEQUATE_RESPONSE"
    ]
    assert [alert.severity for alert in alerts] == ["warn"] * count
    for alert in alerts:
        assert "haemoglobin 119 g/L is not normal by day 56" in alert.sentence


def test_it_is_told_once_for_the_same_results_even_after_it_was_ended(regimen, doctor):
    haemoglobin(regimen, "118")
    assert recheck_safety(regimen_id=regimen.pk, at=NOON) == 0
    end_alert(alert=told()[0], how="Iron is given.", by=doctor, at=NOON)
    assert recheck_safety(regimen_id=regimen.pk, at=datetime(2026, 3, 9, 12, 0, tzinfo=UTC)) == 0
    assert len(told()) == 1


def test_a_new_result_that_is_still_inadequate_is_told_again(regimen, doctor):
    haemoglobin(regimen, "101", on=date(2026, 3, 1))
    haemoglobin(regimen, "102")
    assert len(told()) == 1
    end_alert(alert=told()[0], how="Iron is given.", by=doctor, at=NOON)
    recheck_safety(regimen_id=regimen.pk, at=NOON)
    assert [alert.ended_at is None for alert in told()] == [False, True]


def test_a_conclusion_ends_it(regimen, doctor):
    haemoglobin(regimen, "118")
    conclude(regimen, doctor)
    [alert] = told()
    assert (alert.ended_by, alert.how) == (doctor, "Concluded: no change.")


def test_what_was_concluded_before_the_worker_came_is_not_told_after_it(regimen, doctor):
    a_result(regimen.patient, "haemoglobin", "118", "g/L", taken_on=TODAY)
    conclude(regimen, doctor)
    results_recorded(regimen.patient_id, NOON)
    assert [alert.ended_by for alert in told()] == [doctor]
