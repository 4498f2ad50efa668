import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, models, transaction

from b12clinic.vocabulary import Severity
from monitoring.models import RecheckState
from tests.factories.labs import A_DAY, a_recheck, a_result, an_alert
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def patient():
    return a_patient(a_clinic())


def refused(make, *args, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(*args, **fields)


def test_a_recheck_has_a_known_state(patient):
    refused(a_recheck, patient, state="lost", ended_on=A_DAY)


def test_a_recheck_has_an_end_exactly_when_it_is_no_longer_wanted(patient):
    a_recheck(patient)
    a_recheck(patient, state=RecheckState.DONE, ended_on=A_DAY)
    refused(a_recheck, patient, ended_on=A_DAY)
    refused(a_recheck, patient, state=RecheckState.DONE)


def test_a_dropped_recheck_says_why(patient):
    a_recheck(patient, state=RecheckState.DROPPED, ended_on=A_DAY, dropped_because="Follows up elsewhere")
    refused(a_recheck, patient, state=RecheckState.DROPPED, ended_on=A_DAY)


def test_samples_answer_from_the_due_day_at_the_latest(patient):
    a_recheck(patient, answers_from=A_DAY)
    a_recheck(patient, answers_from=None)
    refused(a_recheck, patient, answers_from=date(2026, 11, 3))


def test_each_test_of_a_recheck_is_answered_once(patient):
    recheck, other = a_recheck(patient), a_recheck(patient)
    result = a_result(patient)
    recheck.answers.create(test="haemoglobin", result=result, answered_on=A_DAY)

    refused(recheck.answers.create, test="haemoglobin", result=result, answered_on=A_DAY)
    other.answers.create(test="haemoglobin", result=result, answered_on=A_DAY)
    recheck.answers.create(test="mcv", result=a_result(patient, "mcv", "118", "fL"), answered_on=A_DAY)


def test_an_answer_is_a_result_or_a_note_with_its_signer(patient):
    recheck = a_recheck(patient, "symptom_review", "neuro_exam")
    doctor = a_user(patient.clinic)

    refused(recheck.answers.create, test="symptom_review", answered_on=A_DAY)
    refused(recheck.answers.create, test="symptom_review", note="Better", answered_on=A_DAY)
    recheck.answers.create(test="symptom_review", note="Better", answered_by=doctor, answered_on=A_DAY)


def test_an_alert_is_open_once_for_its_patient_rule_and_subject(patient):
    first = an_alert(patient)
    refused(an_alert, patient)
    an_alert(patient, subject="another")
    an_alert(a_patient(patient.clinic))

    first.ended_at, first.ended_by, first.how = AT, a_user(patient.clinic), "Replaced"
    first.save()
    an_alert(patient)


@pytest.mark.parametrize("severity", list(Severity))
def test_an_alert_has_a_known_severity(patient, severity):
    assert an_alert(patient, severity=severity).severity == severity


def test_an_unknown_severity_is_refused(patient):
    refused(an_alert, patient, severity="mild")


def test_the_end_of_an_alert_has_its_moment_its_person_and_how(patient):
    doctor = a_user(patient.clinic)

    an_alert(patient, ended_at=AT, ended_by=doctor, how="Replaced")
    refused(an_alert, patient, ended_at=AT, ended_by=doctor)
    refused(an_alert, patient, ended_at=AT, how="Replaced")
    refused(an_alert, patient, ended_by=doctor, how="Replaced")
    refused(an_alert, patient, how="Replaced")


def test_every_row_that_an_address_shows_has_an_id_of_its_own(patient):
    for make in (an_alert, a_recheck, a_result):
        row = make(patient)
        again = {"subject": "another"} if make is an_alert else {}
        assert isinstance(row.public_id, uuid.UUID)
        refused(make, patient, public_id=row.public_id, **again)


def test_the_rows_say_what_they_are(patient):
    recheck = a_recheck(patient, "fbc", "folate")
    answer = recheck.answers.create(test="haemoglobin", result=a_result(patient), answered_on=A_DAY)

    assert str(recheck) == "fbc, folate due 2026-11-02"
    assert str(answer) == "haemoglobin on 2026-11-02"
    assert str(an_alert(patient)) == "K_LOW (urgent)"


def test_a_patient_with_labs_is_never_deleted(patient):
    a_result(patient)

    with pytest.raises(models.ProtectedError):
        patient.delete()
