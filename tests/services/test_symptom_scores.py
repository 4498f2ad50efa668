"""Symptom scores are appended, answer the review that asked, and tell of a turn for the worse."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from b12clinic.accounts.models import AuditEvent
from monitoring.interpretation.symptom_trend import Scores
from monitoring.models import Alert, SymptomScore
from monitoring.queries.symptoms import live_scores
from monitoring.services.correct_symptom_scores import correct_symptom_scores
from monitoring.services.record_symptom_scores import ScoresRefused, record_symptom_scores
from regimens.facts import facts_from_json, facts_of, facts_to_json
from tests.factories.labs import a_recheck
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import JUDGED, a_regimen, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 4, 6)
AT = datetime(2026, 4, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def patient(nurse):
    return a_patient(nurse.memberships.get().clinic)


def record(patient, by, on=TODAY, since=None, form_key=None, **scores):
    given = {"fatigue": 6, "numbness": 3, "balance": 2, "cognition": 4} | scores
    return record_symptom_scores(
        patient=patient,
        scores=Scores(on, **given),
        note="Sleeps badly.",
        form_key=form_key or uuid4(),
        treated_since=since,
        worse_by=2,
        by=by,
        at=AT,
        today=TODAY,
    )


def correct(row, by, scores, why="Misheard."):
    return correct_symptom_scores(
        row=row, scores=scores, note="", why=why, form_key=uuid4(), by=by, at=AT, today=TODAY
    )


def test_scores_are_kept_with_who_and_when(patient, nurse):
    row = record(patient, nurse)
    assert (row.fatigue, row.numbness, row.balance, row.cognition, row.by) == (6, 3, 2, 4, nurse)
    assert AuditEvent.objects.filter(action="symptoms.scored", patient_id=patient.pk).count() == 1


def test_a_form_sent_twice_is_taken_once(patient, nurse):
    key = uuid4()
    assert record(patient, nurse, form_key=key) == record(patient, nurse, form_key=key)
    assert SymptomScore.objects.count() == 1


def test_a_day_to_come_is_refused_and_today_is_not(patient, nurse):
    record(patient, nurse, on=TODAY)
    with pytest.raises(ScoresRefused, match="day to come"):
        record(patient, nurse, on=date(2026, 4, 7))


@pytest.mark.parametrize("score", [-1, 11])
def test_a_score_off_the_scale_is_refused(patient, nurse, score):
    with pytest.raises(ScoresRefused, match="from 0 to 10"):
        record(patient, nurse, fatigue=score)


def test_the_review_that_asked_is_answered_and_the_later_one_is_not(patient, nurse):
    asked = a_recheck(patient, "symptom_review", due_on=date(2026, 4, 5))
    later = a_recheck(patient, "symptom_review", due_on=date(2027, 4, 5))
    record(patient, nurse)
    asked.refresh_from_db()
    later.refresh_from_db()
    assert (asked.state, later.state) == ("done", "wanted")
    assert asked.answers.get().note == (
        "Scored: fatigue 6, numbness and tingling 3, balance 2, memory and thinking 4. Sleeps badly."
    )


@pytest.mark.parametrize(("numbness", "alerts"), [(4, 0), (5, 1)])
def test_numbness_up_by_two_points_is_an_urgent_alert(patient, nurse, numbness, alerts):
    record(patient, nurse, on=date(2026, 3, 1))
    record(patient, nurse, numbness=numbness)
    assert Alert.objects.filter(rule="SYMPTOMS_WORSE", severity="urgent").count() == alerts


def test_a_creeping_rise_is_told_against_the_beginning(patient, nurse):
    record(patient, nurse, on=date(2026, 1, 4), balance=1)
    record(patient, nurse, on=date(2026, 3, 1), balance=2, since=date(2026, 1, 5))
    assert not Alert.objects.exists()
    record(patient, nurse, balance=3, since=date(2026, 1, 5))
    assert Alert.objects.get().sentence.startswith("Neurologically worse than the beginning: balance 1 to 3.")


def test_a_relapse_in_small_steps_is_told_against_the_best_since_treatment_began(patient, nurse):
    since = date(2026, 1, 5)
    record(patient, nurse, on=date(2026, 1, 4), balance=6)
    for day, balance in ((1, 1), (2, 2)):
        record(patient, nurse, on=date(2026, 3, day), balance=balance, since=since)
    assert not Alert.objects.exists()
    record(patient, nurse, on=date(2026, 3, 3), balance=3, since=since)
    assert Alert.objects.get().sentence.startswith(
        "Neurologically worse than the best since treatment began: balance 1 to 3."
    )


def test_fatigue_alone_raises_no_alert(patient, nurse):
    record(patient, nurse, on=date(2026, 3, 1))
    record(patient, nurse, fatigue=10)
    assert not Alert.objects.exists()


def test_a_correction_takes_the_place_of_the_old_row(patient, nurse):
    row = record(patient, nurse)
    correct(row, nurse, Scores(TODAY, 1, 1, 1, 1))
    assert [one.fatigue for one in live_scores(patient)] == [1]
    assert SymptomScore.objects.count() == 2


def test_scores_entered_in_error_no_longer_stand(patient, nurse):
    correct(record(patient, nurse), nurse, None)
    assert live_scores(patient) == []


def test_a_correction_says_why_and_is_made_once(patient, nurse):
    row = record(patient, nurse)
    with pytest.raises(ScoresRefused, match="Say why"):
        correct(row, nurse, None, why=" ")
    correct(row, nurse, None)
    with pytest.raises(ScoresRefused, match="corrected already"):
        correct(row, nurse, None)


@pytest.mark.parametrize(
    ("fatigue", "unchanged", "change"), [(6, True, "unchanged"), (3, False, "better"), (9, True, "worse")]
)
def test_the_rules_read_the_scores_from_the_record(patient, nurse, fatigue, unchanged, change):
    record(patient, nurse, on=date(2026, 1, 5))
    give(a_regimen(patient, nurse), nurse, date(2026, 1, 5))
    record(patient, nurse, fatigue=fatigue)
    judged = replace(JUDGED, continues_course=True)
    facts = facts_of(patient, judged, guideline="uk", as_of=TODAY)
    assert (facts.symptoms_unchanged, facts.symptoms.change) == (unchanged, change)
    assert facts_from_json(facts_to_json(facts)) == facts


def test_scores_after_the_first_dose_alone_reach_the_rules_without_a_comparison(patient, nurse):
    give(a_regimen(patient, nurse), nurse, date(2026, 1, 5))
    record(patient, nurse, fatigue=7)
    facts = facts_of(patient, replace(JUDGED, continues_course=True), guideline="uk", as_of=TODAY)
    assert (facts.symptoms_unchanged, facts.symptoms.change, facts.symptoms.worst) == (None, "", 7)
    assert facts_from_json(facts_to_json(facts)) == facts


def test_without_scores_the_rules_know_nothing_of_symptoms(patient, nurse):
    give(a_regimen(patient, nurse), nurse, date(2026, 1, 5))
    facts = facts_of(patient, JUDGED, guideline="uk", as_of=TODAY)
    assert (facts.symptoms_unchanged, facts.symptoms) == (None, None)
