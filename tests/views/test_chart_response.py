"""The chart says how treatment is answered, what to reassess where it is not, and which test finds the cause."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from regimens.facts import facts_of, facts_to_json
from regimens.models import Assessment
from regimens.services.correct_administration import enter_in_error
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import JUDGED, a_regimen, an_assessment, give

pytestmark = pytest.mark.django_db

UNSURE = replace(JUDGED, cause="unknown", certainty="suspected")


@pytest.fixture
def doctor(client):
    doctor = a_user(a_clinic(), "prescriber")
    signed_in(client, doctor)
    return doctor


@pytest.fixture
def patient(doctor):
    return a_patient(doctor.memberships.get().clinic, name="Carla Canary", sex="female")


def chart(client, patient, day):
    with time_machine.travel(f"{day} 09:00:00+00:00", tick=False):
        return client.get(reverse("regimens:chart", args=[patient.public_id]))


def the_marker(page, name):
    return next(one for one in page["response"]["deciding"] if one["name"] == name)


def anaemic(patient):
    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 4))
    a_result(patient, "total_b12", "110", "ng/L", taken_on=date(2026, 1, 4))


def test_no_response_is_spoken_of_before_the_first_injection(client, doctor, patient):
    a_regimen(patient, doctor)
    assert chart(client, patient, "2026-01-05").context["page"]["response"] is None


def test_a_patient_whom_nobody_has_assessed_has_none_of_the_panels(client, doctor, patient):
    page = chart(client, patient, "2026-01-05").context["page"]
    assert (page["response"], page["checklist"], page["next_tests"]) == (None, [], [])


def test_a_rise_of_haemoglobin_is_adequate_and_says_what_is_expected_now(client, doctor, patient):
    anaemic(patient)
    give(a_regimen(patient, doctor), doctor, date(2026, 1, 5))
    a_result(patient, "haemoglobin", "108", "g/L", taken_on=date(2026, 1, 23))
    answer = chart(client, patient, "2026-01-24")
    page = answer.context["page"]
    assert page["response"]["sentence"] == "Response on day 19: adequate."
    assert the_marker(page, "Haemoglobin")["local_policy"] is True
    assert page["checklist"] == []
    expected = {one["name"]: one["what"] for one in page["response"]["expected"]}
    assert expected["Haemoglobin"] == "rises, about 10 g/L a week"
    assert "Neurological signs" not in expected
    assert "Local policy" in answer.content.decode()


def test_an_inadequate_response_lists_what_to_reassess_with_what_the_record_says(client, doctor, patient):
    anaemic(patient)
    regimen = a_regimen(patient, doctor)
    give(regimen, doctor, date(2026, 1, 5), expires_on=date(2025, 12, 31), reason="No other left.")
    give(regimen, doctor, date(2026, 1, 12), route="sc", reason="Warfarin.")
    a_result(patient, "haemoglobin", "94", "g/L", taken_on=date(2026, 1, 25))
    answer = chart(client, patient, "2026-01-26")
    page = answer.context["page"]
    assert page["response"]["sentence"] == "Response on day 21: inadequate."
    items = {item["question"]: item for item in page["checklist"]}
    assert list(items)[1] == "Were doses missed or late?"
    adherence = items["Were doses missed or late?"]
    assert adherence["answer"] == "Doses missed: 4; given late: 1, the latest by 5 days."
    assert adherence["explains"] is True
    technique = items[
        "Did the dose reach the muscle: technique, site, waste, expiry, storage away from light?"
    ]
    assert technique["answer"] == "Given subcutaneously: 1; given past the expiry date: 1."
    spacing = items["Are the doses too far apart?"]
    assert (spacing["answer"], spacing["explains"]) == (
        "Loading planned three times a week, the longest gap was 14 days, outside the window.",
        True,
    )
    diabetes = items["Is part of the neuropathy diabetic?"]
    assert (diabetes["answer"], diabetes["ticked"]) == ("Diabetes is not on record; ask.", False)
    assert items["Is vitamin B1, B6 or E deficient?"]["ticked"] is False
    assert "Reassess, in this order" in answer.content.decode()


def test_a_plan_kept_to_its_days_tells_how_far_apart_the_doses_were(client, doctor, patient):
    anaemic(patient)
    regimen = a_regimen(patient, doctor)
    for day in (5, 7, 9, 12, 14, 16):
        give(regimen, doctor, date(2026, 1, day), expires_on=date(2027, 1, 1), site="deltoid")
    a_result(patient, "haemoglobin", "94", "g/L", taken_on=date(2026, 1, 25))
    items = {
        item["question"]: item for item in chart(client, patient, "2026-01-26").context["page"]["checklist"]
    }
    spacing = items["Are the doses too far apart?"]
    assert (spacing["answer"], spacing["explains"], spacing["ticked"]) == (
        "Loading planned three times a week, the longest gap was 3 days, within the window.",
        False,
        True,
    )
    technique = items[
        "Did the dose reach the muscle: technique, site, waste, expiry, storage away from light?"
    ]
    assert (technique["answer"], technique["ticked"]) == (
        "Sites used: deltoid; given within the expiry date: 6. Not on record: technique, waste and light; ask.",
        False,
    )


def test_an_injection_entered_in_error_begins_no_course(client, doctor, patient):
    given = give(a_regimen(patient, doctor), doctor, date(2026, 1, 5)).administration
    assert chart(client, patient, "2026-02-01").context["page"]["response"] is not None
    enter_in_error(
        administration=given,
        reason="Another patient.",
        form_key=uuid4(),
        by=doctor,
        at=datetime(2026, 1, 5, 13, 0, tzinfo=UTC),
        today=date(2026, 1, 5),
    )
    assert chart(client, patient, "2026-02-01").context["page"]["response"] is None


def test_a_cause_that_is_not_confirmed_asks_for_the_next_test(client, doctor, patient):
    an_assessment(patient, doctor, cause="unknown", certainty="suspected")
    answer = chart(client, patient, "2026-01-06")
    tests = answer.context["page"]["next_tests"]
    assert [row["test"] for row in tests][:2] == [
        "Medicines, diet, surgery and nitrous oxide: the history",
        "Intrinsic factor antibody",
    ]
    assert "Finding the cause" in answer.content.decode()


def test_an_antibody_soon_after_an_injection_is_not_for_now(client, doctor, patient):
    regimen = a_regimen(patient, doctor)
    Assessment.objects.filter(pk=regimen.assessment_id).update(certainty="suspected")
    give(regimen, doctor, date(2026, 1, 5))
    row = next(
        row
        for row in chart(client, patient, "2026-01-06").context["page"]["next_tests"]
        if row["test"] == "Intrinsic factor antibody"
    )
    assert row["not_now"].startswith("An injection was given 1 day ago")


def test_a_confirmed_cause_asks_for_no_test(client, doctor, patient):
    a_regimen(patient, doctor)
    assert chart(client, patient, "2026-01-06").context["page"]["next_tests"] == []


def test_the_chart_takes_the_same_queries_however_much_is_on_record(
    client, doctor, patient, django_assert_max_num_queries
):
    anaemic(patient)
    regimen = a_regimen(patient, doctor)
    for day in (5, 7, 9, 12):
        give(regimen, doctor, date(2026, 1, day))
        a_result(patient, "haemoglobin", "95", "g/L", taken_on=date(2026, 1, day))
    chart(client, patient, "2026-01-13")
    with django_assert_max_num_queries(24):
        chart(client, patient, "2026-01-13")


def test_assessing_and_the_preview_ask_for_the_next_test_too(client, doctor, patient):
    a_result(patient, "total_b12", "110", "ng/L", taken_on=date(2026, 1, 4))
    with time_machine.travel("2026-01-06 09:00:00+00:00", tick=False):
        before = client.get(reverse("regimens:assess", args=[patient.public_id]))
        facts = facts_to_json(facts_of(patient, UNSURE, guideline="uk", as_of=date(2026, 1, 6)))
        assessment = an_assessment(patient, doctor, cause="unknown", certainty="suspected", facts=facts)
        preview = client.get(
            reverse("regimens:adjust", args=[assessment.public_id]), {"protocol": "uk/standard"}
        )
    for answer in (before, preview):
        assert [row["test"] for row in answer.context["next_tests"]][1] == "Intrinsic factor antibody"
        assert "Finding the cause" in answer.content.decode()


def test_a_preview_with_a_confirmed_cause_asks_for_none(client, doctor, patient):
    assessment = an_assessment(patient, doctor)
    address = reverse("regimens:adjust", args=[assessment.public_id])
    with time_machine.travel("2026-01-06 09:00:00+00:00", tick=False):
        assert client.get(address, {"protocol": "uk/standard"}).context["next_tests"] == []


def test_the_preview_shows_the_yearly_review_of_a_cause_that_may_pass(client, doctor, patient):
    a_result(patient, "total_b12", "110", "ng/L", taken_on=date(2026, 1, 4))
    facts = facts_to_json(facts_of(patient, UNSURE, guideline="uk", as_of=date(2026, 1, 6)))
    assessment = an_assessment(patient, doctor, cause="unknown", certainty="suspected", facts=facts)
    address = reverse("regimens:adjust", args=[assessment.public_id])
    with time_machine.travel("2026-01-06 09:00:00+00:00", tick=False):
        page = client.get(address, {"protocol": "uk/standard"}).context["preview"]
    assert page["rechecks"][-1]["why"].startswith("Still needed?")
