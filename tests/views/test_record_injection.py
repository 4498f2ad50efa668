import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from regimens.models import Administration
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import ANSWERS, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(datetime(2026, 1, 5, 12, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", first_name="Sam", last_name="Example")


@pytest.fixture
def regimen(nurse):
    return a_regimen(a_patient(nurse.memberships.get().clinic, name="Ada Sample"), nurse)


def typed(**changed):
    return {
        "form_key": str(uuid4()),
        "given_on": "2026-01-05",
        "given_time": "11:30",
        "product": "Hydroxocobalamin 1 mg/mL",
        "lot": "A123",
        "expires_on": "2027-01-31",
        "drug": "hydroxocobalamin",
        "dose_mcg": "1000",
        "route": "im",
        "site": "deltoid",
        "side": "left",
        "authority": "prescription",
        "reaction_grade": "none",
        **ANSWERS,
    } | changed


def post(client, user, dose, **changed):
    address = reverse("regimens:record_given", args=[dose.public_id])
    return signed_in(client, user).post(address, typed(**changed))


def test_a_recorded_injection_names_the_next_day(client, nurse, regimen):
    answer = post(client, nurse, next_dose(regimen))

    assert answer.status_code == 302
    assert b"Next injection Wed 7 Jan" in client.get(answer.url).content
    row = Administration.objects.get()
    assert (row.lot, row.given_by, row.given_at) == ("A123", nurse, datetime(2026, 1, 5, 11, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("lot", "", b"Enter the lot number"),
        ("site", "", b"Choose where it was given"),
        ("side", "", b"Choose the side"),
        ("reaction_grade", "", b"Say whether there was a reaction."),
        ("expires_on", "2026-01-04", b"Do not give: this product expired on 04 Jan 2026"),
        ("dose_mcg", "100", b"differ from the order"),
        ("given_on", "2026-01-06", b"cannot lie in the future"),
        ("given_time", "12:01", b"cannot lie in the future"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said_and_what_was_typed_is_kept(
    client, nurse, regimen, field, value, sentence
):
    answer = post(client, nurse, next_dose(regimen), **{field: value, "reaction": "Typed before"})

    assert answer.status_code == 422
    assert sentence in answer.content and b"Typed before" in answer.content
    assert Administration.objects.count() == 0


def test_an_expired_product_that_was_given_is_recorded_with_its_reason(client, nurse, regimen):
    answer = post(client, nurse, next_dose(regimen), expires_on="2026-01-04", reason="Seen only afterwards")

    assert answer.status_code == 302
    assert Administration.objects.get().reason == "Seen only afterwards"


def test_given_elsewhere_needs_no_lot(client, nurse, regimen):
    answer = post(
        client, nurse, next_dose(regimen), given_elsewhere="on", lot="", product="", expires_on="", site="", side="",
        authority="", given_time="",
    )  # fmt: skip

    assert answer.status_code == 302
    assert Administration.objects.get().given_by is None


def test_a_lost_race_says_who_was_first_and_keeps_what_was_typed(client, nurse, regimen):
    dose = next_dose(regimen)
    give(regimen, nurse, date(2026, 1, 5))

    answer = post(client, a_user(nurse.memberships.get().clinic, "nurse"), dose, lot="B456")

    assert answer.status_code == 409
    assert b"Sam Example recorded this dose" in answer.content and b"B456" in answer.content
    assert Administration.objects.count() == 1


def test_a_double_click_records_once(client, nurse, regimen):
    dose, key = next_dose(regimen), str(uuid4())

    post(client, nurse, dose, form_key=key)
    second = post(client, nurse, dose, form_key=key)

    assert second.status_code == 302
    assert Administration.objects.count() == 1


def test_fields_of_another_row_are_ignored(client, nurse, regimen):
    stranger = a_patient(a_clinic())

    post(
        client,
        nurse,
        next_dose(regimen),
        patient=stranger.pk,
        clinic=stranger.clinic_id,
        recorded_by="1",
        id="9",
    )

    row = Administration.objects.get()
    assert (row.patient, row.clinic, row.recorded_by) == (regimen.patient, regimen.clinic, nurse)


def test_a_dose_of_another_clinic_is_not_there(client, regimen):
    stranger = a_user(a_clinic(), "nurse")

    answer = post(client, stranger, next_dose(regimen))

    assert answer.status_code == 404
    assert b"Ada Sample" not in answer.content
    assert Administration.objects.count() == 0


def test_an_administrator_does_not_record(client, nurse, regimen):
    admin = a_user(nurse.memberships.get().clinic, "administrator")

    assert post(client, admin, next_dose(regimen)).status_code == 403


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 302),
        ({"not_given_reason": ""}, 422),
        ({"not_given_reason": "other"}, 422),
        ({"next_action_on": "2026-01-04"}, 422),
    ],
    ids=["whole", "no reason", "other without words", "next try before this one"],
)
def test_not_given_wants_a_reason(client, nurse, regimen, changed, status):
    address = reverse("regimens:record_not_given", args=[next_dose(regimen).public_id])
    form = {"form_key": str(uuid4()), "on": "2026-01-05", "not_given_reason": "unwell"} | changed

    answer = signed_in(client, nurse).post(address, form)

    assert answer.status_code == status
    assert Administration.objects.count() == (1 if status == 302 else 0)
    assert b"This field is required" not in answer.content


def test_after_recording_the_list_is_as_it_was_asked(client, nurse, regimen):
    signed_in(client, nurse)
    asked = f"{reverse('regimens:due_list')}?band=today&q=Ada+%7B%7D"
    client.get(asked)
    address = reverse("regimens:record_given", args=[next_dose(regimen).public_id])

    form = client.get(f"{address}?band=today&q=Ada&next=//elsewhere.example")
    answer = client.post(f"{address}?band=today&q=Ada&next=//elsewhere.example", typed())

    assert b'href="/due/?band=today&amp;q=Ada"' in form.content
    assert answer.url == "/due/?band=today&q=Ada"


def test_a_row_carries_what_the_list_was_asked(client, nurse, regimen):
    answer = signed_in(client, nurse).get("/due/?band=today&q=Ada")

    assert f"/due/{next_dose(regimen).public_id}/given/?band=today&amp;q=Ada".encode() in answer.content


def test_a_dose_given_already_offers_no_form(client, nurse, regimen):
    dose = next_dose(regimen)
    give(regimen, nurse, date(2026, 1, 5))
    signed_in(client, nurse)

    for name in ("record_given", "record_not_given"):
        page = client.get(reverse(f"regimens:{name}", args=[dose.public_id])).content
        assert b"Nothing more to give for this dose" in page and b"Sam Example recorded this dose" in page
        assert b"form_key" not in page


def test_the_box_used_last_today_is_offered_and_filled_in_when_asked(client, nurse, regimen):
    post(client, nurse, next_dose(regimen), lot="BOX7")
    other = a_regimen(a_patient(regimen.clinic, name="Bea Sample"), nurse)
    address = reverse("regimens:record_given", args=[next_dose(other).public_id])

    offered = client.get(address).content
    filled = client.post(
        address, {"identity": "name", "unwell": "no", "authority": "", "use": "last"}
    ).content

    assert b"Same box as your last injection today?" in offered and b'name="lot" value="BOX7"' not in offered
    assert b'name="lot" value="BOX7"' in filled and b"against the ampoule in your hand" in filled
    page = filled.decode()
    assert re.search(r'value="prescription"\s+selected', page)
    assert re.search(r'name="identity"[^>]*value="name"[^>]*checked|checked[^>]*name="identity"', page)
    assert re.search(r'name="unwell"[^>]*value="no"[^>]*checked', page)


def test_another_nurses_box_is_not_offered(client, nurse, regimen):
    post(client, nurse, next_dose(regimen), lot="BOX7")
    other = a_regimen(a_patient(regimen.clinic, name="Bea Sample"), nurse)
    colleague = a_user(regimen.clinic, "nurse")

    page = signed_in(client, colleague).get(
        reverse("regimens:record_given", args=[next_dose(other).public_id])
    )

    assert b"Same box" not in page.content


def test_the_order_is_told_before_the_form(client, nurse, regimen):
    page = (
        signed_in(client, nurse)
        .get(reverse("regimens:record_given", args=[next_dose(regimen).public_id]))
        .content
    )

    assert page.index(b"Last injections") < page.index(b"What is given")


@pytest.mark.parametrize(
    ("gap_days", "reviewed"), [(14, False), (15, True)], ids=["at the limit", "a day past it"]
)
def test_a_dose_so_late_that_a_clinician_decides_says_so_before_it_is_given(
    client, nurse, regimen, gap_days, reviewed
):
    give(regimen, nurse, date(2026, 1, 5))
    address = reverse("regimens:record_given", args=[next_dose(regimen).public_id])
    with time_machine.travel(datetime(2026, 1, 5, 12, 0, tzinfo=UTC) + timedelta(days=gap_days), tick=False):
        page = signed_in(client, nurse).get(address).content

    assert (b"since the last loading dose, more than" in page) is reviewed


def test_an_attempt_without_an_injection_is_told_to_the_next_nurse(client, nurse, regimen):
    dose = next_dose(regimen)
    form = {
        "form_key": str(uuid4()),
        "on": "2026-01-05",
        "not_given_reason": "unwell",
        "reason": "Fever",
        "next_action_on": "2026-01-07",
    }
    signed_in(client, nurse).post(reverse("regimens:record_not_given", args=[dose.public_id]), form)

    page = client.get(reverse("regimens:record_given", args=[dose.public_id])).content

    assert b"Mon 5 Jan, unwell today, Fever, try again Wed 7 Jan" in page


def test_the_chart_says_what_was_seen_after_an_injection(client, nurse, regimen):
    post(client, nurse, next_dose(regimen), reaction_grade="2", reaction="Itching of both arms")

    answer = client.get(reverse("regimens:chart", args=[regimen.patient.public_id]))

    assert b"Grade 2, moderate. Itching of both arms" in answer.content
