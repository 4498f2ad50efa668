"""A conclusion on the response is signed with what was seen, and what it decides is done at once."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.vocabulary import IntervalUnit
from monitoring.models import Alert, Recheck
from regimens.models import ResponseConclusion
from regimens.planning import Adjustment
from regimens.protocols.intervals import Interval
from regimens.services.conclude_response import Conclusion, NotConcluded, Seen, conclude_response
from regimens.services.sign_regimen import sign_regimen
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen, an_assessment, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 3, 2)
SENTENCE = "Haemoglobin 118 g/L on day 56, expected at or above 120: inadequate."
HELD = {"tests": ["folate"], "questions": ["cause"]}


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def regimen(doctor):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, EVERY_THREE_MONTHS, lifelong=True)
    give(regimen, doctor, date(2026, 1, 5))
    regimen.refresh_from_db()
    return regimen


def conclude(regimen, by, *, held=None, form_key=None, version=None, **fields):
    given = {"checked": [], "words": "Iron is deficient.", "decision": "no_change", "reason": ""} | fields
    return conclude_response(
        regimen=regimen,
        version=regimen.version if version is None else version,
        seen=Seen(verdict="inadequate", day=56, sentences=[SENTENCE], **held or {}),
        conclusion=Conclusion(**given),
        form_key=form_key or uuid4(),
        by=by,
        at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        today=TODAY,
    )


def refused(sentence, regimen, by, **fields):
    with pytest.raises(NotConcluded, match=sentence):
        conclude(regimen, by, **fields)
    assert not ResponseConclusion.objects.exists()


def test_no_change_keeps_what_was_seen_and_the_plan_as_it_is(regimen, doctor):
    signed = conclude(regimen, doctor, checked=["iron"])
    regimen.refresh_from_db()
    assert (signed.seen, signed.checked, signed.revision, regimen.version) == ([SENTENCE], ["iron"], None, 2)
    assert AuditEvent.objects.get(action="response.concluded").after == {
        "decision": "no_change",
        "verdict": "inadequate",
        "day": 56,
    }


def test_a_form_sent_twice_is_signed_once(regimen, doctor):
    key = uuid4()
    assert conclude(regimen, doctor, form_key=key) == conclude(regimen, doctor, form_key=key)


@pytest.mark.parametrize("decision", ["interval", "drug", "route", "stop"])
def test_a_change_or_a_stop_has_a_reason(regimen, doctor, decision):
    refused("Write the reason", regimen, doctor, decision=decision, reason=" ")


def test_a_conclusion_has_words_and_a_decision(regimen, doctor):
    refused("Write what you conclude", regimen, doctor, words=" ")
    refused("Choose what is decided", regimen, doctor, decision="")


def test_another_interval_is_a_revision_of_the_plan(regimen, doctor):
    signed = conclude(
        regimen,
        doctor,
        decision="interval",
        reason="Falls back in the third month.",
        interval=Interval(2, IntervalUnit.MONTH),
    )
    assert signed.revision.kind == "adjusted"
    assert regimen.phases.get().interval_count == 2


def test_an_interval_is_named_and_differs(regimen, doctor):
    refused("Give the new interval", regimen, doctor, decision="interval", reason="Falls back.")
    refused(
        "every 3 months already",
        regimen,
        doctor,
        decision="interval",
        reason="Falls back.",
        interval=Interval(3, IntervalUnit.MONTH),
    )


def test_a_stop_stops_the_regimen(regimen, doctor):
    signed = conclude(regimen, doctor, decision="stop", reason="Myelodysplasia found instead.")
    regimen.refresh_from_db()
    assert (regimen.state, signed.revision.kind) == ("stopped", "stopped")


def test_further_tests_are_wanted_and_fall_with_the_plan(regimen, doctor):
    conclude(regimen, doctor, decision="tests", tests=["tsh"], in_days=7)
    asked = Recheck.objects.get()
    assert (asked.due_on, asked.why, asked.answers_from) == (
        date(2026, 3, 9),
        "Response: Iron is deficient.",
        date(2026, 3, 2),
    )
    assert asked.planned_by.revision.regimen == regimen
    regimen.refresh_from_db()
    conclude(regimen, doctor, decision="stop", reason="Another diagnosis.")
    asked.refresh_from_db()
    assert asked.state == "dropped"


def waiting(regimen):
    return Alert.objects.filter(patient=regimen.patient, rule="NEW_PLAN_WANTED", ended_at=None)


@pytest.mark.parametrize(
    ("decision", "told"), [("drug", "change the drug"), ("route", "change the route"), ("no_change", None)]
)
def test_another_drug_or_route_waits_on_the_worklist_for_a_new_plan(regimen, doctor, decision, told):
    conclude(regimen, doctor, decision=decision, reason="A rash.")
    assert [(alert.severity, alert.sentence) for alert in waiting(regimen)] == (
        [("warn", f"Concluded on 02 Mar 2026: {told}; no new plan is signed yet. Reason: A rash.")]
        if told
        else []
    )


@pytest.mark.parametrize(
    ("decision", "left"), [("no_change", []), ("stop", []), ("route", ["change the route"])]
)
def test_a_later_conclusion_takes_the_place_of_the_one_that_waits(regimen, doctor, decision, left):
    conclude(regimen, doctor, decision="drug", reason="A rash.")
    conclude(regimen, doctor, decision=decision, reason="It was another medicine.")
    assert [alert.sentence.partition(": ")[2].partition(";")[0] for alert in waiting(regimen)] == left


def test_a_signed_plan_ends_the_wait(regimen, doctor):
    conclude(regimen, doctor, decision="drug", reason="A rash.")
    a_result(regimen.patient, "total_b12", "110", "ng/L", taken_on=date(2026, 1, 4))
    sign_regimen(
        assessment=an_assessment(regimen.patient, doctor),
        protocol_code="uk/standard",
        adjustment=Adjustment(starts_on=TODAY),
        overrides={},
        replaces_because="A rash.",
        by=doctor,
        at=datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
        today=TODAY,
    )
    ended = Alert.objects.get(rule="NEW_PLAN_WANTED")
    assert (ended.ended_by, ended.how) == (doctor, "A new plan was signed.")


def test_further_tests_name_one(regimen, doctor):
    refused("Choose the tests", regimen, doctor, decision="tests", tests=[], in_days=7)


@pytest.mark.parametrize("decision", ["drug", "route"])
def test_what_is_open_comes_before_a_change_of_dose(regimen, doctor, decision):
    refused("answer the open questions first", regimen, doctor, decision=decision, reason="Tired.", held=HELD)
    refused(
        "answer the open questions first",
        regimen,
        doctor,
        decision=decision,
        reason="Tired.",
        held=HELD,
        checked=["cause", "folate"],
    )


def test_a_question_gone_through_holds_nothing_back(regimen, doctor):
    held = {"tests": [], "questions": ["cause"]}
    signed = conclude(regimen, doctor, decision="drug", reason="Rash.", held=held, checked=["cause"])
    assert signed.open_tests == []


def test_a_written_reason_passes_what_is_open(regimen, doctor):
    signed = conclude(
        regimen, doctor, decision="drug", reason="Rash.", held=HELD, despite="The rash cannot wait."
    )
    assert signed.reason == "Rash. Before the tests are answered: The rash cannot wait."
    assert signed.open_tests == ["folate", "cause"]


@pytest.mark.parametrize("fields", [{"decision": "no_change"}, {"decision": "tests", "tests": ["tsh"]}])
def test_no_change_and_tests_are_held_back_by_nothing(regimen, doctor, fields):
    assert conclude(regimen, doctor, held=HELD, **fields).open_tests == ["folate", "cause"]
