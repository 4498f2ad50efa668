from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from b12clinic.accounts.models import AuditEvent
from monitoring.models import Alert
from regimens.models import Administration, Dose
from regimens.services.record_administration import NotRecorded
from regimens.services.record_extra import record_extra
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import WEEKLY, a_regimen, an_injection, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", first_name="Sam", last_name="Example")


@pytest.fixture
def patient(nurse):
    return a_patient(nurse.memberships.get().clinic)


def extra(patient, by, given_on, today=None, **fields):
    today = today or given_on
    asked = {name: fields.pop(name) for name in ("form_key", "instead_of") if name in fields}
    return record_extra(
        patient=patient,
        injection=an_injection(given_on, **fields),
        by=by,
        at=datetime(today.year, today.month, today.day, 12, 0, tzinfo=UTC),
        today=today,
        **{"form_key": uuid4()} | asked,
    )


def test_an_injection_before_any_plan_is_recorded_and_alarms_nobody(patient, nurse):
    extra(patient, nurse, date(2025, 12, 1), today=date(2026, 1, 5), given_elsewhere=True, lot="")

    row = Administration.objects.get()
    assert (row.dose, row.regimen, row.given_by, row.given_elsewhere) == (None, None, None, True)
    assert not Alert.objects.exists()
    assert AuditEvent.objects.get(action="injection.recorded_extra").patient_id == patient.pk


def test_an_extra_injection_moves_the_next_dose_out_of_the_minimum_gap(patient, nurse):
    regimen = a_regimen(patient, nurse, WEEKLY)
    give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin")

    recorded = extra(patient, nurse, date(2026, 1, 9), drug="cyanocobalamin")

    assert next_dose(regimen).due_on == date(2026, 1, 14)
    assert next((was, now) for _, was, now in recorded.redating.moved) == (
        date(2026, 1, 12),
        date(2026, 1, 14),
    )
    assert Dose.objects.filter(phase__regimen=regimen, state="owed").count() == 3


def test_an_extra_injection_long_before_the_next_dose_moves_nothing(patient, nurse):
    regimen = a_regimen(patient, nurse)

    recorded = extra(patient, nurse, date(2025, 12, 30), today=date(2026, 1, 5))

    assert recorded.redating.moved == ()
    assert next_dose(regimen).due_on == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("given_on", "severity"),
    [(date(2026, 1, 5), "urgent"), (date(2026, 1, 9), "warn"), (date(2026, 1, 10), None)],
    ids=["same day", "a day inside the minimum", "at the minimum"],
)
def test_an_extra_injection_inside_the_minimum_is_an_incident(patient, nurse, given_on, severity):
    regimen = a_regimen(patient, nurse, WEEKLY)
    give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin")

    extra(patient, nurse, given_on, drug="cyanocobalamin")

    found = Alert.objects.filter(rule="EXTRA_INJECTION").values_list("severity", flat=True)
    assert list(found) == ([severity] if severity else [])


def test_two_injections_for_one_dose_are_urgent_and_name_who_was_first(patient, nurse):
    regimen = a_regimen(patient, nurse)
    first = give(regimen, nurse, date(2026, 1, 5)).administration

    extra(patient, a_user(patient.clinic, "nurse"), date(2026, 1, 5), instead_of=first)

    alert = Alert.objects.get()
    assert (alert.rule, alert.severity) == ("DOUBLE_INJECTION", "urgent")
    assert "given on 05 Jan 2026 (Sam Example)" in alert.sentence


def test_the_same_form_sent_twice_records_once(patient, nurse):
    key = uuid4()

    extra(patient, nurse, date(2026, 1, 5), form_key=key)
    again = extra(patient, nurse, date(2026, 1, 5), form_key=key)

    assert again.repeat and Administration.objects.count() == 1


@pytest.mark.parametrize("given_on", [date(2026, 1, 6), date(1948, 3, 1)], ids=["tomorrow", "before birth"])
def test_what_cannot_be_true_is_refused(patient, nurse, given_on):
    with pytest.raises(NotRecorded):
        extra(patient, nurse, given_on, today=date(2026, 1, 5), given_at=None)

    assert not Administration.objects.exists()


def test_an_anaphylactic_reaction_to_it_pauses_the_plan_as_well(patient, nurse):
    regimen = a_regimen(patient, nurse)

    recorded = extra(patient, nurse, date(2026, 1, 5), reaction_grade="4", reaction="Collapse")

    regimen.refresh_from_db()
    assert recorded.paused and regimen.state == "paused"


def test_the_key_of_another_patients_form_is_refused(patient, nurse):
    key = uuid4()
    extra(a_patient(patient.clinic), nurse, date(2026, 1, 5), form_key=key)

    with pytest.raises(NotRecorded, match="recorded something else already"):
        extra(patient, nurse, date(2026, 1, 5), form_key=key)

    assert not Administration.objects.filter(patient=patient).exists()
