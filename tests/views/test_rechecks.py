import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from monitoring.models import RecheckState
from tests.factories.labs import a_recheck, a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient():
    return a_patient(a_clinic(), name="Ada Example")


@pytest.fixture
def doctor(client, patient):
    return signed_in(client, a_user(patient.clinic, "prescriber", first_name="Mina", last_name="Example"))


def the_list(client, **query):
    return client.get(reverse("monitoring:rechecks"), query)


def standings(page):
    return [row.standing for row in page.context["rows"]]


def test_the_list_goes_from_the_longest_overdue_to_thirty_days_ahead(doctor, patient):
    for days in (31, 30, 1, 0, -1, -12):
        a_recheck(patient, due_on=TODAY + timedelta(days))

    page = the_list(doctor)

    assert standings(page) == ["Overdue 12 days", "Overdue 1 day", "Due today", "In 1 day", "In 30 days"]
    assert [tab["count"] for tab in page.context["tabs"]] == [5, 2, 1, 2]


@pytest.mark.parametrize(
    ("band", "shown"),
    [
        ("overdue", ["Overdue 1 day"]),
        ("due", ["Due today"]),
        ("soon", ["In 1 day", "In 30 days"]),
        ("nonsense", ["Overdue 1 day", "Due today", "In 1 day", "In 30 days"]),
    ],
)
def test_each_band_stands_by_itself(doctor, patient, band, shown):
    for days in (30, 1, 0, -1):
        a_recheck(patient, due_on=TODAY + timedelta(days))

    assert standings(the_list(doctor, band=band)) == shown


def test_tests_are_said_in_words_with_what_is_still_missing(doctor, patient):
    recheck = a_recheck(patient, "fbc", "folate", "symptom_review")
    for analyte, value, unit in (
        ("haemoglobin", "118", "g/L"),
        ("mcv", "95", "fL"),
        ("white_cells", "5", "10*9/L"),
    ):
        recheck.answers.create(
            test=analyte, result=a_result(patient, analyte, value, unit), answered_on=TODAY
        )

    text = the_list(doctor).content.decode()

    assert "Full blood count, serum folate, symptom review" in text
    assert "Still missing: Red cells, platelets, serum folate, symptom review" in text


def test_nobody_is_listed_who_died_or_moved_or_was_answered(doctor, patient):
    a_recheck(a_patient(patient.clinic, died_on=date(2026, 11, 1)))
    a_recheck(a_patient(patient.clinic, moved_on=date(2026, 11, 1)))
    a_recheck(patient, state=RecheckState.DONE, ended_on=TODAY)

    page = the_list(doctor)

    assert standings(page) == []
    assert "Nothing is waited for here" in page.content.decode()


def test_the_list_is_of_this_clinic_only(doctor, patient):
    a_recheck(a_patient(a_clinic(), name="Bram Example"))

    assert "Bram Example" not in the_list(doctor).content.decode()


def test_a_long_list_goes_on_by_its_last_row(doctor, patient):
    for day in range(60):
        a_recheck(patient, due_on=TODAY - timedelta(day // 3))

    first = the_list(doctor)
    assert len(first.context["rows"]) == 50
    second = doctor.get(first.context["next_url"])
    assert len(second.context["rows"]) == 10
    assert second.context["next_url"] == ""
    assert second.context["first_url"] == "/labs/rechecks/?band=all"


@pytest.mark.parametrize(
    "after", ["x", "2026-11-22", "2026-11-22.x", "2026-13-01.5", "2026-11-22." + "9" * 40]
)
def test_a_key_that_cannot_be_read_begins_at_the_top(doctor, patient, after):
    a_recheck(patient)

    assert len(the_list(doctor, after=after).context["rows"]) == 1


def test_the_number_of_queries_does_not_grow_with_the_list(doctor, patient, django_assert_max_num_queries):
    for day in range(60):
        a_recheck(a_patient(patient.clinic), "fbc", due_on=TODAY - timedelta(day))

    with django_assert_max_num_queries(8):
        the_list(doctor)


def test_dropping_is_offered_to_prescribers_only(client, patient):
    recheck = a_recheck(patient)
    signed_in(client, a_user(patient.clinic, "nurse"))

    assert "Drop" not in the_list(client).content.decode()
    address = reverse("monitoring:drop_recheck", args=[recheck.public_id])
    assert client.post(address, {"reason": "No longer wanted"}).status_code == 403
    recheck.refresh_from_db()
    assert recheck.state == RecheckState.WANTED


def test_dropping_asks_why(doctor, patient):
    recheck = a_recheck(patient)
    address = reverse("monitoring:drop_recheck", args=[recheck.public_id])

    assert doctor.get(address).status_code == 200
    assert doctor.post(address, {"reason": " "}).status_code == 422
    assert doctor.post(address, {"reason": "Follows up elsewhere"}).status_code == 302
    recheck.refresh_from_db()
    assert recheck.dropped_because == "Follows up elsewhere"
    page = doctor.post(address, {"reason": "Again"})
    assert page.status_code == 422
    assert "answered or dropped already" in page.content.decode()


def answer(client, recheck, **fields):
    given = {"test": "symptom_review", "on": "2026-11-22", "note": "Tingling has gone."} | fields
    return client.post(reverse("monitoring:answer_recheck", args=[recheck.public_id]), given)


def test_a_review_is_answered_by_a_signed_note(doctor, patient):
    recheck = a_recheck(patient, "symptom_review")

    page = answer(doctor, recheck)

    assert page.url == reverse("monitoring:results", args=[patient.public_id])
    assert recheck.answers.get().answered_by.display_name == "Mina Example"
    text = doctor.get(page.url).content.decode()
    assert "Tingling has gone." in text and "Signed by Mina Example" in text


def test_the_rule_that_matches_samples_to_rechecks_is_said_as_local_policy(doctor):
    text = the_list(doctor).content.decode()

    assert "else the next one due within 7 days" in text and "Local policy" in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"note": ""}, "Write what was found"),
        ({"on": "2026-11-23"}, "The review cannot lie in the future"),
        ({"test": "potassium"}, "Select a valid choice"),
    ],
)
def test_a_note_that_does_not_fit_is_stopped_and_kept(doctor, patient, fields, sentence):
    recheck = a_recheck(patient, "symptom_review", "potassium")

    page = answer(doctor, recheck, **fields)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert recheck.answers.count() == 0


def test_a_recheck_of_bloods_leads_to_the_grid(doctor, patient):
    recheck = a_recheck(patient, "fbc")

    text = doctor.get(reverse("monitoring:answer_recheck", args=[recheck.public_id])).content.decode()

    assert reverse("monitoring:enter", args=[patient.public_id]) in text
    assert 'name="note"' not in text


@pytest.mark.parametrize("name", ["monitoring:answer_recheck", "monitoring:drop_recheck"])
def test_a_recheck_of_another_clinic_is_not_found(client, patient, name):
    signed_in(client, a_user(a_clinic(), "prescriber"))
    address = reverse(name, args=[a_recheck(patient, "symptom_review").public_id])

    assert client.get(address).status_code == 404
    assert client.post(address, {"reason": "x", "note": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("tests", "offered"),
    [
        (["fbc"], ["Enter labs"]),
        (["symptom_review"], ["Score", "Answer"]),
        (["neuro_exam"], ["Answer"]),
        (["fbc", "symptom_review"], ["Enter labs", "Score", "Answer"]),
    ],
)
def test_the_worklist_offers_what_answers_an_overdue_recheck(doctor, patient, tests, offered):
    a_recheck(patient, *tests, due_on=date(2026, 11, 2))

    page = (
        doctor.get(reverse("regimens:worklist"))
        .content.decode()
        .partition("Labs and reviews past their day")[2]
    )

    assert re.findall(r">(Enter labs|Score|Answer)<span", page) == offered
