"""Putting right how an injection was written down, and a reaction noticed afterwards."""

import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from regimens.models import Administration
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import ANSWERS, WEEKLY, a_regimen, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(datetime(2026, 1, 6, 12, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def nurse(client):
    nurse = a_user(a_clinic(), "nurse", first_name="Sam", last_name="Example")
    signed_in(client, nurse)
    return nurse


@pytest.fixture
def entry(nurse):
    regimen = a_regimen(a_patient(nurse.memberships.get().clinic, name="Ada Sample"), nurse, WEEKLY)
    asked = {"prechecks": ANSWERS, "drug": "cyanocobalamin", "needle": "25 G 25 mm"}
    return give(regimen, nurse, date(2026, 1, 5), **asked).administration


def amended(entry, **changed):
    return {
        "form_key": str(uuid4()),
        "given_on": "2026-01-05",
        "given_time": "10:00",
        "given_by": str(entry.given_by_id),
        "product": "Cyanocobalamin 1 mg/mL",
        "lot": "B777",
        "expires_on": "2027-06-30",
        "drug": "cyanocobalamin",
        "dose_mcg": "1000",
        "route": "im",
        "site": "deltoid",
        "side": "left",
        "authority": "prescription",
        "reaction_grade": "none",
        "reason": "Lot misread",
    } | changed


def amend(client, entry, **changed):
    return client.post(reverse("regimens:amend", args=[entry.public_id]), amended(entry, **changed))


def test_the_page_begins_with_the_entry_as_it_stands(client, entry):
    page = client.get(reverse("regimens:amend", args=[entry.public_id])).content.decode()

    for shown in ('value="A123"', 'value="2026-01-05"', 'value="10:00"', 'value="25 G 25 mm"'):
        assert shown in page
    assert 'name="consent"' not in page


def test_a_corrected_lot_stands_and_the_answers_before_giving_are_kept(client, entry):
    answer = amend(client, entry)

    corrected = Administration.objects.get(corrects=entry)
    assert (corrected.lot, corrected.reason, corrected.prechecks) == ("B777", "Lot misread", ANSWERS)
    assert corrected.given_by == entry.given_by
    assert b"Corrected for Ada Sample" in client.get(answer.url).content


def test_a_corrected_day_tells_the_next_one(client, entry):
    answer = amend(client, entry, given_on="2026-01-06")

    assert b"Next injection Tue 13 Jan" in client.get(answer.url).content


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reason", "", b"Say why the entry is corrected"),
        ("lot", "", b"Enter the lot number"),
        ("given_on", "2026-01-07", b"cannot lie in the future"),
    ],
)
def test_what_is_missing_or_impossible_is_named_and_nothing_is_saved(client, entry, field, value, sentence):
    answer = amend(client, entry, **{field: value})

    assert answer.status_code == 422
    assert sentence in answer.content
    assert Administration.objects.count() == 1


def test_somebody_who_has_left_since_is_still_named_as_the_giver(client, entry, nurse):
    other = a_user(entry.clinic, "nurse", first_name="Robin", last_name="Gone")
    Administration.objects.filter(pk=entry.pk).update(given_by=other)
    other.memberships.all().delete()
    entry.refresh_from_db()

    assert b"Robin Gone" in client.get(reverse("regimens:amend", args=[entry.public_id])).content
    amend(client, entry)

    assert Administration.objects.get(corrects=entry).given_by == other


def test_a_reaction_noticed_afterwards_is_noted_and_seen_on_the_chart(client, entry):
    address = reverse("regimens:later_reaction", args=[entry.public_id])
    told = {"reaction_grade": "2", "reactions": ["rash"], "reaction": "Rash on both arms"}

    answer = client.post(address, {"form_key": str(uuid4()), "observed_minutes": "20", **told})

    page = client.get(answer.url).content
    assert b"The reaction is noted for Ada Sample" in page
    assert b"Rash on both arms" in page


def test_a_reaction_without_its_grade_or_its_picture_is_asked_for(client, entry):
    address = reverse("regimens:later_reaction", args=[entry.public_id])

    answer = client.post(address, {"form_key": str(uuid4())})
    assert answer.status_code == 422
    assert b"Choose the grade of the reaction" in answer.content

    answer = client.post(address, {"form_key": str(uuid4()), "reaction_grade": "1"})
    assert b"Describe the reaction, or tick its kind" in answer.content
    assert Administration.objects.count() == 1

    ticked = {"form_key": str(uuid4()), "reaction_grade": "3", "reactions": ["anaphylaxis"]}
    assert client.post(address, ticked).status_code == 302
    assert Administration.objects.latest("pk").reactions == ["anaphylaxis"]


def test_the_page_of_errors_leads_to_both(client, entry):
    page = client.get(reverse("regimens:correct", args=[entry.public_id])).content.decode()

    assert reverse("regimens:amend", args=[entry.public_id]) in page
    assert reverse("regimens:later_reaction", args=[entry.public_id]) in page


@pytest.mark.parametrize("page", ["correct", "amend", "later_reaction"])
def test_an_entry_that_was_corrected_offers_no_form_but_says_why(client, entry, page):
    amend(client, entry)

    answer = client.get(reverse(f"regimens:{page}", args=[entry.public_id]))

    assert b"This record has been corrected already; correct the newest one." in answer.content
    assert b'name="reason"' not in answer.content
    assert reverse("regimens:chart", args=[entry.patient.public_id]) in answer.content.decode()


def test_an_entry_that_says_it_was_an_error_offers_no_form(client, entry):
    client.post(
        reverse("regimens:correct", args=[entry.public_id]), {"form_key": str(uuid4()), "reason": "Wrong row"}
    )
    marked = Administration.objects.get(corrects=entry)

    page = client.get(reverse("regimens:correct", args=[marked.public_id])).content

    assert b"This row says that an entry was an error; record the injection anew instead." in page
    assert b'name="reason"' not in page


def test_only_what_fulfilled_a_dose_is_said_to_be_owed_again(client, nurse, entry):
    client.post(
        reverse("regimens:record_extra", args=[entry.patient.public_id]),
        amended(entry, given_on="2026-01-06", given_time="11:00", **ANSWERS),
    )
    extra = Administration.objects.exclude(pk=entry.pk).get()
    owed = b"its dose is owed again"

    assert owed in client.get(reverse("regimens:correct", args=[entry.public_id])).content
    assert owed not in client.get(reverse("regimens:correct", args=[extra.public_id])).content


def test_two_entries_of_one_day_have_links_of_their_own(client, nurse, entry):
    for time in ("11:00", "11:30"):
        client.post(
            reverse("regimens:record_extra", args=[entry.patient.public_id]),
            amended(entry, given_on="2026-01-05", given_time=time, **ANSWERS),
        )

    page = client.get(reverse("regimens:chart", args=[entry.patient.public_id])).content.decode()

    on_top = (
        ": entry of Mon 5 Jan, given, on top of the plan, Cyanocobalamin 1,000 mcg, intramuscular, lot B777"
    )
    assert re.findall(r'Put right<span class="visually-hidden">([^<]*)</span>', page) == [
        on_top,
        f"{on_top}, number 2",
        ": entry of Mon 5 Jan, given, Cyanocobalamin 1,000 mcg, intramuscular, lot A123",
    ]
