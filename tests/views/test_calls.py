from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from regimens.models import Administration, ContactAttempt
from regimens.services.record_administration import record_not_given
from tests.factories.contacts import a_contact
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

FRIDAY = datetime(2026, 1, 16, 9, 0, tzinfo=UTC)
TODAY = date(2026, 1, 16)


@pytest.fixture(autouse=True)
def friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", first_name="Sam", last_name="Nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


@pytest.fixture
def dose(clinic, nurse):
    return overdue(clinic, nurse, "Ada Overdue", phone="+44 7700 900001", record_number="C1234")


def overdue(clinic, nurse, name, **fields):
    patient = a_patient(clinic, name=name, **fields)
    return next_dose(a_regimen(patient, nurse, starts_on=date(2026, 1, 12)))


def page(client, user, query=""):
    return signed_in(client, user).get(f"{reverse('regimens:calls')}{query}")


def names(answer):
    return [row.name for row in answer.context["rows"]]


def form_url(dose, query=""):
    return reverse("regimens:record_contact", args=[dose.public_id]) + query


def send(client, user, dose, query="", **fields):
    given = {"channel": "phone", "outcome": "no_answer", "on": "2026-01-16", "form_key": str(uuid4())}
    return signed_in(client, user).post(form_url(dose, query), given | fields, follow=True)


@pytest.mark.parametrize(("role", "status"), [("nurse", 200), ("prescriber", 200), ("administrator", 403)])
def test_nurses_and_prescribers_call_patients(client, clinic, dose, role, status):
    person = a_user(clinic, role)

    assert page(client, person).status_code == status
    assert client.get(form_url(dose)).status_code == status


def test_a_number_is_grouped_as_people_read_it(client, nurse, dose):
    dose.patient.identifiers.all().delete()
    dose.patient.identifiers.create(clinic=dose.clinic, scheme="nhs_number", value="9990000018")

    [row] = page(client, nurse).context["rows"]

    assert row.identifier == "999 000 0018"


def test_a_row_says_who_how_to_reach_them_and_what_was_tried(client, nurse, dose):
    a_contact(dose, nurse, date(2026, 1, 14), "left_message")
    a_contact(dose, nurse, date(2026, 1, 15), note="Rang twice")
    [row] = page(client, nurse).context["rows"]

    assert (row.name, row.born, row.identifier) == ("Ada Overdue", "2 Mar 1948", "C1234")
    assert (row.phone, row.phone_url) == ("+44 7700 900001", "tel:+447700900001")
    assert row.consents == ("text message no", "e-mail no", "letter no")
    assert (row.overdue, row.due) == ("Overdue 4 days", "due Mon 12 Jan")
    assert (row.drug, row.count) == ("Hydroxocobalamin 1,000 mcg, intramuscular", "Loading 1 of 6")
    assert (row.attempts, row.last, row.note) == (
        "2 attempts",
        "No answer, telephone, Thu 15 Jan",
        "Rang twice",
    )


def test_a_row_says_which_messages_the_patient_agreed_to(client, clinic, nurse):
    overdue(clinic, nurse, "Ada Agreed", phone="07700 900001", consents_to_sms=True)
    [row] = page(client, nurse).context["rows"]

    assert row.consents == ("text message yes", "e-mail no", "letter no")
    assert row.phone_url == "tel:07700900001"


def test_without_a_number_there_is_nothing_to_dial(client, clinic, nurse):
    overdue(clinic, nurse, "Ada Silent")
    answer = page(client, nurse)

    assert b"No number" in answer.content
    assert b'href="tel:' not in answer.content


@pytest.mark.parametrize(
    ("part", "outcome", "on", "next_action_on", "words"),
    [
        ("again", "no_answer", date(2026, 1, 15), None, "Call again"),
        ("again", "wrong_number", TODAY, None, "Needs another way to reach"),
        (
            "again",
            "agreed_to_visit",
            date(2026, 1, 14),
            date(2026, 1, 15),
            "Call again, did not come Thu 15 Jan",
        ),
        ("agreed", "agreed_to_visit", TODAY, TODAY, "Comes Fri 16 Jan"),
        ("later", "no_answer", TODAY, None, "Call again Mon 19 Jan"),
        ("later", "remind_to_call_later", TODAY, date(2026, 1, 21), "Call again Wed 21 Jan"),
        ("removed", "removed", TODAY, None, "Not to be called about this dose"),
    ],
)
def test_the_next_action_stands_under_its_part(client, nurse, dose, part, outcome, on, next_action_on, words):
    a_contact(dose, nurse, on, outcome, next_action_on=next_action_on)
    [row] = page(client, nurse, f"?part={part}").context["rows"]

    assert row.next_action == words


def test_nobody_called_yet_is_to_be_called(client, nurse, dose):
    [row] = page(client, nurse, "?part=not_called").context["rows"]

    assert (row.attempts, row.next_action) == ("Not called yet", "Call")


def test_tabs_count_what_they_hold(client, clinic, nurse, dose):
    a_contact(overdue(clinic, nurse, "Ben Removed"), nurse, TODAY, "removed", note="In hospital")
    answer = page(client, nurse)

    assert [(tab["label"], tab["count"]) for tab in answer.context["tabs"]] == [
        ("To call", 1),
        ("Not called yet", 1),
        ("Call again", 0),
        ("Agreed to come", 0),
        ("Resting", 0),
        ("Not to be called", 1),
    ]
    assert b"In hospital" in client.get("/calls/?part=removed").content


def test_a_search_keeps_the_part_and_finds_by_number(client, clinic, nurse, dose):
    overdue(clinic, nurse, "Ben Other")

    assert names(page(client, nurse, "?q=C1234&part=not_called")) == ["Ada Overdue"]
    assert b'name="part" value="not_called"' in client.get("/calls/?q=C1234&part=not_called").content


@pytest.mark.parametrize("query", ["?part=nonsense", "?after=1", "?after=0.today.x", "?q=%00"])
def test_an_address_that_cannot_be_read_still_shows_the_list(client, nurse, dose, query):
    assert names(page(client, nurse, query)) == ["Ada Overdue"]


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("", "Nobody to call today"),
        ("?part=agreed", "Nobody has agreed on a day to come"),
        ("?part=removed", "Nobody was taken off the calls"),
        ("?q=zoe", "Nobody found"),
    ],
)
def test_an_empty_part_says_what_would_be_here(client, nurse, query, heading):
    assert heading in page(client, nurse, query).content.decode()


def test_a_long_list_goes_on_by_key(client, clinic, nurse):
    for number in range(52):
        overdue(clinic, nurse, f"Person {number:02d}")

    first = page(client, nurse)
    second = client.get(first.context["next_url"])

    assert (len(names(first)), len(names(second))) == (50, 2)
    assert not set(names(first)) & set(names(second))
    assert second.context["next_url"] == ""


@pytest.mark.parametrize("patients", [1, 5])
def test_the_page_takes_as_many_queries_for_five_as_for_one(
    client, clinic, nurse, patients, django_assert_num_queries
):
    for number in range(patients):
        a_contact(overdue(clinic, nurse, f"Person {number}"), nurse, date(2026, 1, 14))
    signed_in(client, nurse)

    with django_assert_num_queries(9):
        client.get("/calls/")


def test_looking_leaves_an_audit_event(client, clinic, nurse, dose):
    page(client, nurse, "?part=agreed")

    event = AuditEvent.objects.get(action="calls.viewed")
    assert (event.actor, event.clinic, event.after) == (nurse, clinic, {"part": "agreed", "shown": 0})


def test_another_clinics_patients_are_not_seen(client, nurse):
    stranger = a_user(a_clinic(), "nurse")
    dose = overdue(stranger.memberships.get().clinic, stranger, "Carla Canary")

    assert b"Canary" not in page(client, nurse, "?q=carla").content
    assert client.get(form_url(dose)).status_code == 404
    assert send(client, nurse, dose).status_code == 404
    assert ContactAttempt.objects.count() == 0


def test_a_name_is_shown_as_text(client, clinic, nurse):
    overdue(clinic, nurse, "<script>alert(1)</script>")

    assert b"<script>alert(1)" not in page(client, nurse).content


def test_an_attempt_is_recorded_and_the_list_kept_as_it_was_asked(client, nurse, dose):
    answer = send(
        client,
        nurse,
        dose,
        "?part=not_called&q=ada",
        outcome="agreed_to_visit",
        next_action_on="2026-01-19",
        note="Comes with her daughter",
    )

    row = ContactAttempt.objects.get()
    assert (row.outcome, row.next_action_on, row.note) == (
        "agreed_to_visit",
        date(2026, 1, 19),
        "Comes with her daughter",
    )
    assert answer.redirect_chain == [("/calls/?part=not_called&q=ada", 302)]
    assert "Recorded for Ada Overdue: agreed to come on Mon 19 Jan." in answer.content.decode()


def test_the_same_form_sent_twice_records_once(client, nurse, dose):
    key = str(uuid4())
    send(client, nurse, dose, form_key=key)
    send(client, nurse, dose, form_key=key)

    assert ContactAttempt.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"outcome": ""}, "outcome", "Choose what came of it."),
        ({"outcome": "busy"}, "outcome", "Select a valid choice. busy is not one of the available choices."),
        ({"on": "2026-01-17"}, "on", "The attempt cannot lie in the future; check its date."),
        (
            {"outcome": "agreed_to_visit"},
            "next_action_on",
            "Enter the day on which the patient agreed to come.",
        ),
        ({"next_action_on": "2026-01-15"}, "next_action_on", "The next day cannot lie before the attempt."),
        ({"outcome": "removed"}, "note", "Write why this patient is not to be called about this dose."),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field_and_kept(client, nurse, dose, fields, field, sentence):
    answer = send(client, nurse, dose, channel="visit", **fields)
    form = answer.context["form"]

    assert answer.status_code == 422
    assert dict(form.errors) == {field: [sentence]}
    assert form["channel"].value() == "visit"
    assert ContactAttempt.objects.count() == 0


def test_a_dose_given_meanwhile_says_who_gave_it(client, nurse, dose):
    give(dose.phase.regimen, nurse, TODAY)
    sentence = "This dose was given on 16 Jan 2026, recorded by Sam Nurse."

    assert sentence in signed_in(client, nurse).get(form_url(dose)).content.decode()
    answer = send(client, nurse, dose)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_the_form_shows_what_was_tried_before(client, nurse, dose):
    a_contact(dose, nurse, date(2026, 1, 15), "left_message", note="With her son")
    body = signed_in(client, nurse).get(form_url(dose)).content.decode()

    assert "Left a message, telephone, Thu 15 Jan" in body
    assert "With her son" in body
    assert 'href="tel:+447700900001"' in body


def test_a_refusal_offers_to_record_the_injection_as_not_given_with_its_reason(client, nurse, dose):
    answer = send(client, nurse, dose, outcome="declined", note="Wants tablets")

    not_given = reverse("regimens:record_not_given", args=[dose.public_id])
    assert answer.redirect_chain == [(form_url(dose), 302)]
    assert f'href="{not_given}"' in answer.content.decode()
    form = client.get(not_given).context["form"]
    assert (form["not_given_reason"].value(), form["reason"].value()) == ("declined", "Wants tablets")
    assert Administration.objects.count() == 0


def test_after_any_other_outcome_nothing_is_offered(client, nurse, dose):
    a_contact(dose, nurse, TODAY, "declined", note="Wants tablets")
    send(client, nurse, dose, outcome="left_message")

    not_given = reverse("regimens:record_not_given", args=[dose.public_id])
    assert not_given not in client.get(form_url(dose)).content.decode()
    assert client.get(not_given).context["form"]["not_given_reason"].value() is None


def test_from_the_chart_the_way_back_leads_to_the_chart(client, nurse, dose):
    answer = send(client, nurse, dose, "?from=chart")

    assert answer.redirect_chain == [(f"/chart/{dose.patient.public_id}/", 302)]


def chart(client, user, dose):
    return signed_in(client, user).get(reverse("regimens:chart", args=[dose.patient.public_id]))


def test_the_chart_tells_every_attempt_and_leads_to_the_next(client, nurse, dose):
    a_contact(dose, nurse, date(2026, 1, 14), "remind_to_call_later", next_action_on=TODAY)
    a_contact(dose, nurse, date(2026, 1, 15), note="Rang twice")
    answer = chart(client, nurse, dose)

    assert [(row["line"], row["who"], row["next"], row["note"]) for row in answer.context["told"]] == [
        ("No answer, telephone, Thu 15 Jan", "Sam Nurse", "", "Rang twice"),
        ("Call again later, telephone, Wed 14 Jan", "Sam Nurse", "next Fri 16 Jan", ""),
    ]
    assert f'href="{form_url(dose, "?from=chart")}"' in answer.content.decode()


def test_on_the_chart_an_administrator_reads_attempts_but_adds_none(client, clinic, nurse, dose):
    administrator = a_user(clinic, "administrator")
    assert b"Attempts to reach" not in chart(client, administrator, dose).content

    a_contact(dose, nurse, TODAY)
    body = chart(client, administrator, dose).content
    assert b"No answer, telephone" in body
    assert b"Add attempt" not in body


def test_a_row_that_was_put_on_a_later_day_says_so_and_what_was_tried_last(client, nurse, dose):
    a_contact(dose, nurse, TODAY, "wrong_number", at=FRIDAY)
    revision = dose.phase.regimen.revisions.create(number=9, kind="given", by=nurse, at=FRIDAY)
    revision.moves.create(dose=dose, was_due_on=dose.due_on, due_on=date(2026, 11, 30))
    dose.earliest_on = dose.due_on = date(2026, 11, 30)
    dose.overdue_on = date(2026, 12, 2)
    dose.save()

    [row] = signed_in(client, nurse).get("/calls/").context["rows"]

    assert row.last == "Re-dated to Mon 30 Nov; last try: wrong number or address, Fri 16 Jan"
    assert (row.status, row.due, row.next_action) == ("soon", "due Mon 30 Nov", "Needs another way to reach")


def test_a_visit_without_an_injection_says_when_to_try_again(client, nurse, dose):
    record_not_given(
        dose=dose,
        on=TODAY,
        not_given_reason="did_not_attend",
        reason="",
        next_action_on=TODAY,
        form_key=uuid4(),
        by=nurse,
        at=FRIDAY,
        today=TODAY,
    )

    [row] = signed_in(client, nurse).get("/calls/").context["rows"]

    assert row.last == "Not given Fri 16 Jan: did not attend"
    assert row.next_action == "Try again Fri 16 Jan, as noted when not given"
