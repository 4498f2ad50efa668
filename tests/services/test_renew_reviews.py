"""A running plan is never without an open review: answered or dropped, the next one is laid down."""

from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from monitoring.models import Recheck
from monitoring.services.answer_rechecks import answer_by_note
from monitoring.services.drop_recheck import drop_recheck
from regimens.models import PlannedRecheck, Regimen
from regimens.protocols.need_reviews import STILL_NEEDED, TABLETS
from regimens.services.renew_reviews import LIFELONG, renew_reviews
from tests.factories.labs import a_recheck
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def patient(doctor):
    return a_patient(doctor.memberships.get().clinic)


def planned(regimen, *tests, due_on=date(2026, 4, 5), **fields):
    recheck = a_recheck(regimen.patient, *(tests or ("symptom_review",)), due_on=due_on, **fields)
    PlannedRecheck.objects.create(revision=regimen.revisions.first(), recheck=recheck)
    return recheck


def answer(recheck, by):
    answer_by_note(
        recheck=recheck,
        test="symptom_review",
        note="Better.",
        on=date(2026, 4, 7),
        by=by,
        at=AT,
        today=date(2026, 4, 7),
    )


def waiting(regimen):
    return list(
        Recheck.objects.wanted().filter(planned_by__revision__regimen=regimen).values_list("due_on", "why")
    )


def test_an_open_review_is_not_followed_by_another(doctor, patient):
    regimen = a_regimen(patient, doctor)
    planned(regimen)
    assert renew_reviews(clinic=patient.clinic, at=AT) == 0


def test_an_answered_review_is_followed_a_year_later_once(doctor, patient):
    regimen = a_regimen(patient, doctor)
    answer(planned(regimen, why=f"{STILL_NEEDED} {TABLETS}"), doctor)
    assert renew_reviews(clinic=patient.clinic, at=AT) == 1
    assert renew_reviews(clinic=patient.clinic, at=AT) == 0
    assert waiting(regimen) == [(date(2027, 4, 7), f"{STILL_NEEDED} {TABLETS}")]
    assert AuditEvent.objects.filter(action="recheck.planned").count() == 1


def test_a_dropped_review_is_followed_too(doctor, patient):
    regimen = a_regimen(patient, doctor)
    drop_recheck(recheck=planned(regimen), because="Seen.", by=doctor, at=AT, today=date(2026, 6, 1))
    renew_reviews(clinic=patient.clinic, at=AT)
    assert waiting(regimen) == [(date(2027, 6, 1), STILL_NEEDED)]


def test_a_plan_that_never_had_one_is_asked_a_year_after_it_began_or_at_once(doctor, patient):
    regimen = a_regimen(patient, doctor)
    planned(regimen, "fbc")
    renew_reviews(clinic=patient.clinic, at=datetime(2028, 2, 1, 9, 0, tzinfo=UTC))
    assert (date(2028, 2, 1), STILL_NEEDED) in waiting(regimen)


def test_a_lifelong_plan_has_its_yearly_review_in_other_words(doctor, patient):
    regimen = a_regimen(patient, doctor, lifelong=True)
    renew_reviews(clinic=patient.clinic, at=AT)
    assert waiting(regimen) == [(date(2027, 1, 5), LIFELONG)]


def test_a_stopped_plan_and_a_patient_who_left_are_asked_nothing(doctor, patient):
    regimen = a_regimen(patient, doctor)
    Regimen.objects.filter(pk=regimen.pk).update(state="stopped", ended_on=date(2026, 2, 1))
    other = a_patient(patient.clinic, died_on=date(2026, 3, 1))
    a_regimen(other, doctor)
    assert renew_reviews(clinic=patient.clinic, at=AT) == 0
