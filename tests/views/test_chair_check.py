"""The check before giving says all that speaks against it, while it can still be stopped."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from b12clinic.patients.models import PatientAllergy, PatientMedicine
from b12clinic.vocabulary import Route
from monitoring.models import Alert
from regimens.models import Administration, Product
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import (
    EVERY_THREE_MONTHS,
    SIX_DOSES,
    a_regimen,
    confirm_deficiency,
    give,
    next_dose,
)
from tests.views.test_record_injection import post, typed

pytestmark = [pytest.mark.django_db, pytest.mark.data]

CLEAR = b"Nothing speaks against giving it"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(datetime(2026, 1, 5, 12, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", first_name="Sam", last_name="Example")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


def a_confirmed_regimen(clinic, nurse, *specs, **fields):
    regimen = a_regimen(a_patient(clinic, name="Ada Sample"), nurse, *specs, **fields)
    confirm_deficiency(regimen.patient, nurse)
    return regimen


@pytest.fixture
def regimen(clinic, nurse):
    return a_confirmed_regimen(clinic, nurse)


@pytest.fixture
def product(clinic):
    return Product.objects.create(
        clinic=clinic, name="Hydroxocobalamin 1 mg/mL", drug="hydroxocobalamin", mcg_per_ml=1000
    )


def check(client, nurse, regimen, **changed):
    address = reverse("regimens:record_given", args=[next_dose(regimen).public_id])
    return signed_in(client, nurse).post(address, typed(act="check", **changed)).content


def takes(patient, code):
    PatientMedicine.objects.create(patient=patient, code=code, noted_on=date(2026, 1, 1))


def test_with_nothing_against_it_the_check_says_so(client, nurse, regimen, product):
    assert CLEAR in check(client, nurse, regimen)


@pytest.mark.parametrize(
    ("given_on", "early"), [("2026-01-07", True), ("2026-01-08", False)], ids=["a day early", "first day"]
)
def test_a_dose_too_early_is_told_in_the_check(client, nurse, regimen, product, given_on, early):
    for day in (5, 7):
        give(regimen, nurse, date(2026, 1, day))
    with time_machine.travel(datetime(2026, 1, int(given_on[-1]), 12, 0, tzinfo=UTC), tick=False):
        page = check(client, nurse, regimen, given_on=given_on, expires_on="2027-06-30")

    assert (b"<li>Too early: the window of this dose opens on 08 Jan 2026.</li>" in page) is early
    assert (CLEAR in page) is not early


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"product": "Vitamin B complex"}, b"Vitamin B complex is not in this clinic&#x27;s formulary"),
        ({"drug": "cyanocobalamin"}, b"holds hydroxocobalamin, not cyanocobalamin."),
        ({"dose_mcg": "500"}, b"Drug, dose or route differ from the order."),
        ({"route": "sc"}, b"Drug, dose or route differ from the order."),
        ({"authority": "psd"}, b"No patient-specific direction is in force on this day."),
        ({"anticoagulant": "yes", "thinner": "vitamin_k_antagonist"}, b"Last INR not known"),
        ({"anticoagulant": "yes"}, b"Still to ask: Which blood thinner?"),
        ({"lot": ""}, b"Still to ask: Lot number"),
        ({"lot": "010501234567890017261031"}, b"This is the code of a box, not the lot number"),
    ],
)
def test_whatever_speaks_against_it_is_told_in_the_check(client, nurse, regimen, product, changed, sentence):
    page = check(client, nurse, regimen, **changed)

    assert sentence in page and CLEAR not in page
    assert b"<li>Enter the lot number" not in page


def test_a_maintenance_dose_that_a_clinician_decides_on_is_told_in_the_check(client, nurse, clinic, product):
    regimen = a_confirmed_regimen(clinic, nurse, EVERY_THREE_MONTHS)
    give(regimen, nurse, date(2026, 1, 5))
    with time_machine.travel(datetime(2026, 9, 1, 12, 0, tzinfo=UTC), tick=False):
        page = check(client, nurse, regimen, given_on="2026-09-01")

    assert b"<li>The last dose was on 5 January 2026, more than 2 intervals ago" in page
    assert CLEAR not in page


def test_every_unusual_thing_is_told_not_only_the_first(client, nurse, regimen, product):
    changed = {"expires_on": "2026-01-04", "dose_mcg": "500", "product": "Unknown", "authority": "psd"}

    answer = post(client, nurse, next_dose(regimen), **changed)

    for sentence in (
        b"this product expired on 04 Jan 2026.",
        b"No patient-specific direction",
        b"differ from the order.",
        b"Unknown is not in this clinic&#x27;s formulary",
    ):
        assert sentence in answer.content.split(b'id="findings"')[0]


def test_an_unknown_product_wants_a_reason_and_alerts(client, nurse, regimen, product):
    dose = next_dose(regimen)

    refused = post(client, nurse, dose, product="Lent by the ward")
    recorded = post(client, nurse, dose, product="Lent by the ward", reason="Stock ran out")

    assert (refused.status_code, recorded.status_code) == (422, 302)
    alert = Alert.objects.get()
    assert (alert.rule, alert.severity) == ("PRODUCT_UNKNOWN", "warn")
    assert alert.sentence == (
        "The product given on 05 Jan 2026 is not in the clinic's formulary: Lent by the ward."
    )


def test_a_product_of_the_formulary_alerts_nobody(client, nurse, regimen, product):
    assert post(client, nurse, next_dose(regimen)).status_code == 302
    assert not Alert.objects.exists()


def test_a_product_out_of_use_is_not_in_the_formulary(client, nurse, clinic, regimen, product):
    Product.objects.create(clinic=clinic, name="Old", drug="hydroxocobalamin", mcg_per_ml=1000, in_use=False)

    assert b"Old is not in this clinic" in check(client, nurse, regimen, product="Old")


def test_without_a_formulary_any_product_is_recorded(client, nurse, regimen):
    assert post(client, nurse, next_dose(regimen), product="Anything").status_code == 302
    assert not Alert.objects.exists()


def test_what_was_given_elsewhere_may_be_of_any_product(client, nurse, regimen, product):
    answer = post(client, nurse, next_dose(regimen), product="Theirs", given_elsewhere="on")

    assert answer.status_code == 302
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("lot", "expires_on", "doubted"),
    [("A123", "2027-01-31", False), ("A123", "2027-01-30", True), ("A124", "2027-01-30", False)],
    ids=["as before", "another day", "another lot"],
)
def test_a_lot_with_another_expiry_than_before_is_to_be_read_again(
    client, nurse, clinic, regimen, product, lot, expires_on, doubted
):
    give(a_regimen(a_patient(clinic), nurse), nurse, date(2026, 1, 5), expires_on=date(2027, 1, 31))

    page = check(client, nurse, regimen, lot=lot, expires_on=expires_on)

    warned = b"Lot A123 was recorded here with the expiry date 31 Jan 2027: read the ampoule again."
    assert (warned in page) is doubted and (CLEAR in page) is not doubted


def test_another_clinics_lot_tells_nothing_here(client, nurse, regimen, product):
    other = a_user(a_clinic(), "nurse")
    theirs = a_regimen(a_patient(other.memberships.get().clinic), other)
    give(theirs, other, date(2026, 1, 5), expires_on=date(2027, 6, 1))

    assert b"read the ampoule again" not in check(client, nurse, regimen)


@pytest.mark.parametrize(
    ("thinner", "inr", "status"),
    [
        ("vitamin_k_antagonist", "", 422),
        ("vitamin_k_antagonist", "2.4", 302),
        ("not_known", "", 422),
        ("direct_oral", "", 302),
        ("other", "", 302),
        ("", "", 422),
    ],
)
def test_the_inr_is_wanted_of_warfarin_and_not_of_a_direct_oral_anticoagulant(
    client, nurse, regimen, thinner, inr, status
):
    answer = post(client, nurse, next_dose(regimen), anticoagulant="yes", thinner=thinner, inr=inr)

    assert answer.status_code == status


def test_an_inr_not_known_is_passed_with_a_reason_and_alerts(client, nurse, regimen):
    told = {"anticoagulant": "yes", "thinner": "vitamin_k_antagonist"}
    page = check(client, nurse, regimen, **told)
    post(client, nurse, next_dose(regimen), reason="Given by order of the doctor", **told)

    assert b"Stop: do not give it" in page
    assert Alert.objects.get().sentence == "Given on 05 Jan 2026 although: last INR not known."
    assert Administration.objects.get().prechecks["thinner"] == "vitamin_k_antagonist"


@pytest.mark.parametrize(("code", "asked"), [("warfarin", True), ("apixaban", False), ("enoxaparin", False)])
def test_on_record_the_kind_says_whether_the_inr_is_asked_for(client, nurse, regimen, code, asked):
    takes(regimen.patient, code)

    page = check(client, nurse, regimen, anticoagulant="yes")

    assert (b'name="inr"' in page) is asked and (b"Last INR not known" in page) is asked
    assert b"Which blood thinner?" in page and b"Still to ask" not in page


@pytest.mark.parametrize(("code", "denied"), [("apixaban", True), ("metformin", False)])
def test_no_blood_thinner_against_the_record_is_asked_again(client, nurse, regimen, code, denied):
    takes(regimen.patient, code)
    dose = next_dose(regimen)

    page = check(client, nurse, regimen, anticoagulant="no")
    refused = post(client, nurse, dose, anticoagulant="no")

    assert (b"On record: apixaban. Ask again about blood thinners" in page) is denied
    assert (refused.status_code == 422) is denied


def test_a_denied_blood_thinner_is_kept_with_its_reason_and_alerts(client, nurse, regimen):
    takes(regimen.patient, "apixaban")

    post(client, nurse, next_dose(regimen), anticoagulant="no", reason="Stopped in December")

    assert Administration.objects.get().prechecks["on_record"] == ["apixaban"]
    assert Alert.objects.get().sentence == "Given on 05 Jan 2026 although: on record: apixaban, denied."


@pytest.mark.parametrize(("answer", "gauge"), [("yes", b"23 to 25 G"), ("no", b"22 to 25 G")])
def test_the_needle_follows_the_answer_and_is_swapped_with_the_check(client, nurse, regimen, answer, gauge):
    page = check(client, nurse, regimen, anticoagulant=answer)

    assert gauge in page.split(b'id="needle-advice"')[1]
    assert b'hx-select-oob="#findings,#next-place,#needle-advice,#in-short"' in page


@pytest.mark.parametrize(("typed_at", "kept"), [("11:30", True), ("12:00", False)])
def test_of_an_injection_elsewhere_neither_our_hour_nor_our_authority_is_kept(
    client, nurse, regimen, product, typed_at, kept
):
    told = {"given_elsewhere": "on", "given_time": typed_at, "clock": "12:00"}
    assert post(client, nurse, next_dose(regimen), **told).status_code == 302

    row = Administration.objects.get()
    assert row.authority == ""
    assert row.given_at == (datetime(2026, 1, 5, 11, 30, tzinfo=UTC) if kept else None)


@pytest.mark.parametrize("whose", ["given_elsewhere", "self_administered"])
def test_what_others_gave_is_not_checked_and_wants_no_reason(client, nurse, regimen, product, whose):
    for day in (5, 7):
        give(regimen, nurse, date(2026, 1, day))
    early = {whose: "on", "given_on": "2026-01-07", "reaction_grade": "", "given_time": "10:00"}
    with time_machine.travel(datetime(2026, 1, 7, 12, 0, tzinfo=UTC), tick=False):
        page = check(client, nurse, regimen, **early | {"expires_on": "2026-01-04"})
        answer = post(client, nurse, next_dose(regimen), **early)

    assert b"Stop: do not give it" not in page and b"Too early" not in page and CLEAR not in page
    assert answer.status_code == 302
    assert Administration.objects.latest("pk").reaction_grade == ""


def test_what_bars_the_muscle_does_not_bar_an_injection_under_the_skin(client, nurse, clinic, product):
    deep = replace(SIX_DOSES, route=Route.SC)
    barred, spared = a_confirmed_regimen(clinic, nurse), a_confirmed_regimen(clinic, nurse, deep)
    for regimen in (barred, spared):
        takes(regimen.patient, "warfarin")
        a_result(regimen.patient, "inr", "4.2", "1", taken_on=date(2026, 1, 4))
    thinned = {"anticoagulant": "yes", "inr": "4.2"}

    into_muscle = check(client, nurse, barred, **thinned)
    under_skin = check(client, nurse, spared, route="sc", **thinned)

    assert b"hold the intramuscular injection" in into_muscle
    assert b"hold the intramuscular injection" not in under_skin
    assert post(client, nurse, next_dose(spared), route="sc", **thinned).status_code == 302
    assert not Alert.objects.filter(patient=spared.patient, rule="GIVEN_AGAINST_ANSWER").exists()
    assert not Alert.objects.filter(patient=spared.patient, rule="GIVEN_DESPITE_BLOCK").exists()
    assert post(client, nurse, next_dose(barred), **thinned).status_code == 422


def in_short(page):
    """The line beside the button that records, without its markup."""
    return re.sub(r"<[^>]+>", " ", re.search(r'id="in-short">(.*?)</p>', page.decode(), re.S)[1]).split()


def test_what_stops_it_stands_beside_the_button_that_records(client, nurse, regimen, product):
    page = check(client, nurse, regimen, expires_on="2026-01-04", allergy="yes")

    line = " ".join(in_short(page))
    assert line.startswith("Stop: ")
    assert line.endswith("and 1 more")
    assert b'<a class="in-short-stop" href="#check">' in page


def test_with_warnings_alone_their_number_stands_there(client, nurse, regimen, product):
    page = check(client, nurse, regimen, unwell="yes", lot="")

    assert in_short(page) == ["1", "to", "look", "at"]


def test_with_nothing_to_look_at_the_line_is_empty(client, nurse, regimen, product):
    assert in_short(check(client, nurse, regimen)) == []
    assert in_short(check(client, nurse, regimen, given_elsewhere="on", expires_on="2026-01-04")) == []


def test_a_rule_that_blocks_stands_there_before_anything_is_asked(client, nurse, regimen):
    PatientAllergy.objects.create(
        patient=regimen.patient, substance="hydroxocobalamin", noted_on=date(2026, 1, 1)
    )
    address = reverse("regimens:record_given", args=[next_dose(regimen).public_id])

    page = signed_in(client, nurse).get(address).content

    assert in_short(page)[0] == "Stop:"
    assert b'href="#findings"' in page


def test_only_whoever_asks_for_the_check_is_taken_to_it(client, nurse, regimen):
    asked = b'<div id="check" role="status" tabindex="-1" autofocus>'
    address = reverse("regimens:record_given", args=[next_dose(regimen).public_id])

    assert asked in check(client, nurse, regimen)
    for act in ("look", "scan", "place:deltoid:left"):
        assert asked not in client.post(address, typed(act=act)).content


@pytest.mark.parametrize(
    ("asked", "field"), [({"use": "last"}, "lot"), ({"act": "place:deltoid:left"}, "site")]
)
def test_what_was_filled_in_takes_the_focus(client, nurse, regimen, asked, field):
    address = reverse("regimens:record_given", args=[next_dose(regimen).public_id])

    page = signed_in(client, nurse).post(address, typed(**asked)).content.decode()

    [tag] = re.findall(r"<(?:input|select)[^>]*autofocus[^>]*>", page)
    assert f'name="{field}"' in tag
