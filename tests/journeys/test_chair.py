"""At the chair, in a real browser: a box is scanned, two nurses mean the same dose, a reaction is answered at once."""

from datetime import UTC, datetime

import pytest
import time_machine
from playwright.sync_api import Page, expect

from b12clinic.accounts.models import User
from b12clinic.messages.models import Message
from b12clinic.patients.models import PatientAllergy
from regimens.models import Administration, Product, Regimen
from regimens.services.stop_regimen import stop_regimen
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, confirm_deficiency, give
from tests.journeys.asking import ask_before_giving
from tests.journeys.looking import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONDAY = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
CODE = "01095011015300031727063010A123"


@pytest.fixture
def clinic():
    clinic = a_clinic(name="Chair Clinic")
    nurse = a_user(clinic, "nurse", username="sam", first_name="Sam", last_name="Example")
    a_user(clinic, "nurse", username="kim", first_name="Kim", last_name="Pseudonym")
    a_user(clinic, "prescriber", username="robin", first_name="Robin", last_name="Example")
    Product.objects.create(
        clinic=clinic,
        name="Hydroxocobalamin 1 mg/mL ampoule",
        drug="hydroxocobalamin",
        mcg_per_ml=1000,
        gtin="09501101530003",
    )
    for name in ("Ada Sample", "Bea Sample"):
        confirm_deficiency(a_regimen(a_patient(clinic, name=name), nurse).patient, nurse)
    return clinic


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=True):
        yield


def open_record(page: Page, address: str, who: str, patient: str) -> None:
    page.set_default_timeout(20_000)
    sign_in(page, address, who)
    page.get_by_role("link", name="Due list").first.click()
    page.get_by_role("link", name=f"Record given for {patient}").click()


def describe(page: Page, lot: str = "A123") -> None:
    ask_before_giving(page)
    page.get_by_label("Product", exact=True).fill("Hydroxocobalamin 1 mg/mL ampoule")
    page.get_by_label("Lot number").fill(lot)
    page.get_by_label("Expiry date").fill("2027-06-30")
    finish(page)


def finish(page: Page) -> None:
    page.get_by_label("Site", exact=True).select_option("deltoid")
    page.get_by_label("Side", exact=True).select_option("left")
    page.get_by_label("Authority to give").select_option("prescription")
    page.locator("[name=reaction_grade]").select_option("none")


def test_a_box_is_scanned_and_the_next_patient_follows(page, live_server, clinic):
    open_record(page, live_server.url, "sam", "Ada Sample")
    look(page, "chair")
    ask_before_giving(page)

    scanner = page.get_by_label("Scan the box")
    scanner.click()
    page.keyboard.type(CODE)
    page.keyboard.press("Enter")

    expect(page.get_by_text("Read: Hydroxocobalamin 1 mg/mL ampoule.")).to_be_visible()
    expect(page.get_by_label("Lot number")).to_have_value("A123")
    expect(page.get_by_label("Expiry date")).to_have_value("2027-06-30")
    expect(page.get_by_label("Name", exact=True)).to_be_checked()
    expect(page.get_by_text("1,000 mcg ÷ 1,000 mcg/mL = 1 mL")).to_be_visible()

    page.get_by_label("Expiry date").fill("2026-01-04")
    page.get_by_label("Expiry date").press("Tab")
    expect(page.get_by_text("Stop: do not give it")).to_be_visible()
    look(page, "chair-stopped")
    page.get_by_label("Expiry date").fill("2027-06-30")
    page.get_by_label("Expiry date").press("Tab")
    expect(page.get_by_text("Nothing speaks against giving it")).to_be_visible()
    finish(page)
    page.get_by_role("button", name="Record as given").click()

    expect(page.get_by_text("Next injection Wed 7 Jan")).to_be_visible()
    expect(page.get_by_role("link", name="Undo: entered in error")).to_be_visible()
    page.get_by_role("link", name="Next on the list").click()
    expect(page.get_by_role("heading", name="Record injection")).to_be_visible()
    expect(page).to_have_title("Record injection for Bea Sample · B12 Clinic")
    assert Administration.objects.get().lot == "A123"
    use_the_box_before(page)


def test_a_scan_that_no_field_waits_for_reaches_the_scan_field(page, live_server, clinic):
    open_record(page, live_server.url, "sam", "Ada Sample")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()

    page.keyboard.type(CODE)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Lot number")).to_have_value("A123")
    page.get_by_label("Lot number").fill("")
    page.get_by_label("Site", exact=True).focus()
    page.keyboard.type(CODE)
    page.keyboard.press("Enter")

    expect(page.get_by_label("Lot number")).to_have_value("A123")
    expect(page).to_have_title("Record injection for Ada Sample · B12 Clinic")


@pytest.mark.parametrize("width", [1280, 390])
def test_whoever_checks_is_taken_to_the_verdict(page, live_server, clinic, width):
    open_record(page, live_server.url, "sam", "Ada Sample")
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_label("Expiry date").fill("2026-01-04")
    page.get_by_role("button", name="Check", exact=True).click()

    expect(page.locator("#check")).to_be_focused()
    expect(page.get_by_text("Stop: do not give it")).to_be_in_viewport()
    look(page, f"chair-checked-{width}")


def test_a_stop_stands_beside_the_button_and_the_focus_stays(page, live_server, clinic):
    open_record(page, live_server.url, "sam", "Ada Sample")
    page.get_by_label("Expiry date").fill("2026-01-04")
    page.get_by_label("Lot number").fill("A123")
    page.get_by_label("Lot number").press("Tab")

    stop = page.get_by_role("link", name="Stop: ")
    expect(stop).to_be_in_viewport()
    expect(page.get_by_label("Expiry date")).to_be_focused()
    stop.click()
    expect(page.get_by_text("Stop: do not give it")).to_be_in_viewport()
    page.get_by_label("Expiry date").fill("2027-06-30")
    page.get_by_label("Expiry date").press("Tab")
    expect(stop).to_have_count(0)


def test_without_scripts_the_check_opens_at_the_verdict(browser, live_server, clinic):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    open_record(page, live_server.url, "sam", "Ada Sample")
    page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_label("Expiry date").fill("2026-01-04")
    page.get_by_role("button", name="Check", exact=True).click()

    expect(page.get_by_text("Stop: do not give it")).to_be_in_viewport()
    context.close()


def test_back_after_recording_opens_the_page_and_says_that_it_was_recorded(page, live_server, clinic):
    open_record(page, live_server.url, "sam", "Ada Sample")
    page.get_by_role("button", name="Record as given").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    describe(page)
    page.get_by_role("button", name="Record as given").click()
    expect(page.get_by_text("Next injection Wed 7 Jan")).to_be_visible()

    page.go_back()

    expect(page.get_by_text("Sam Example recorded this dose")).to_be_visible()


def test_a_box_or_place_that_is_filled_in_takes_the_focus(page, live_server, clinic):
    give(
        Regimen.objects.get(patient__name="Bea Sample"),
        User.objects.get(username="sam"),
        MONDAY.date(),
        lot="A123",
    )
    open_record(page, live_server.url, "sam", "Ada Sample")
    page.get_by_role("button", name="Use left deltoid").click()
    expect(page.get_by_label("Site", exact=True)).to_be_focused()
    page.get_by_role("button", name="Fill it in").click()

    expect(page.get_by_label("Lot number")).to_have_value("A123")
    expect(page.get_by_label("Lot number")).to_be_focused()


def test_a_blood_thinner_changes_the_needle_and_a_reaction_unfolds(page, live_server, clinic):
    open_record(page, live_server.url, "sam", "Ada Sample")
    expect(page.get_by_text("Needle: 22 to 25 G")).to_be_visible()
    expect(page.get_by_label("What was seen")).to_be_hidden()

    page.get_by_role("group", name="Takes a blood thinner?").get_by_label("Yes").check()
    expect(page.get_by_text("Needle: 23 to 25 G")).to_be_visible()
    expect(page.get_by_label("Last INR")).to_be_visible()
    page.get_by_label("Apixaban, dabigatran").check()
    expect(page.get_by_label("Last INR")).to_have_count(0)
    page.get_by_role("button", name="Use left deltoid").click()
    expect(page.get_by_label("Side", exact=True)).to_have_value("left")
    page.locator("[name=reaction_grade]").select_option("2")
    expect(page.get_by_label("What was seen")).to_be_visible()
    look(page, "chair-thinner")
    page.locator("[name=reaction_grade]").select_option("none")
    expect(page.get_by_label("What was seen")).to_be_hidden()


def test_a_plan_stopped_meanwhile_does_not_lose_what_was_given(page, live_server, clinic):
    open_record(page, live_server.url, "sam", "Ada Sample")
    describe(page)
    regimen = Regimen.objects.get(patient__name="Ada Sample")
    stop_regimen(
        regimen=regimen,
        version=regimen.version,
        reason="Moved to tablets",
        by=regimen.assessment.by,
        at=MONDAY,
        today=MONDAY.date(),
    )
    page.get_by_role("button", name="Record as given").click()

    expect(page.get_by_role("button", name="It was given")).to_be_visible()
    look(page, "chair-stopped-meanwhile")
    page.get_by_role("button", name="It was given").click()

    expect(page.get_by_text("as an injection on top of the plan; an alert was raised")).to_be_visible()


def use_the_box_before(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_text("Boxes used here lately").click()
    page.get_by_role("button", name="Hydroxocobalamin 1 mg/mL ampoule, lot A123").click()
    expect(page.get_by_label("Lot number")).to_have_value("A123")


def test_two_nurses_mean_the_same_dose_and_one_gave_one_too(page, live_server, clinic, browser):
    other = browser.new_context().new_page()
    open_record(page, live_server.url, "sam", "Ada Sample")
    open_record(other, live_server.url, "kim", "Ada Sample")
    describe(page, "A123")
    describe(other, "B456")

    page.get_by_role("button", name="Record as given").click()
    expect(page.get_by_text("Next injection Wed 7 Jan")).to_be_visible()
    other.get_by_role("button", name="Record as given").click()

    expect(other.get_by_role("alert")).to_contain_text("Sam Example recorded this dose")
    expect(other.get_by_label("Lot number")).to_have_value("B456")
    look(other, "chair-race")
    assert Administration.objects.count() == 1
    other.get_by_role("button", name="I gave one too").click()

    expect(other.get_by_text("as an injection on top of the plan; an alert was raised")).to_be_visible()
    assert list(Administration.objects.order_by("id").values_list("lot", "dose__number")) == [
        ("A123", 1),
        ("B456", None),
    ]
    other.context.close()


def test_an_anaphylactic_reaction_is_answered_at_once(page, live_server, clinic):
    open_record(page, live_server.url, "sam", "Ada Sample")
    describe(page)
    page.locator("[name=reaction_grade]").select_option("4")
    page.get_by_label("Anaphylaxis").check()
    page.get_by_label("What was seen").fill("Collapse; adrenaline given, ambulance called")
    page.get_by_role("button", name="Record as given").click()

    expect(page.get_by_text("The allergy is noted, the regimen is paused")).to_be_visible()
    expect(page.get_by_role("link", name="Record given for Ada Sample")).to_have_count(0)
    page.get_by_role("link", name="Undo: entered in error").wait_for()
    patient = Administration.objects.get().patient
    page.goto(f"{live_server.url}/chart/{patient.public_id}/")
    expect(page.get_by_text("Anaphylactic reaction after the injection of 05 Jan 2026").first).to_be_visible()
    look(page, "chair-anaphylaxis")
    page.get_by_role("link", name="Record another injection").click()
    look(page, "chair-extra")
    assert PatientAllergy.objects.get().reactions == ["anaphylaxis"]
    assert Message.objects.get().kind == "urgent_reaction"


def test_a_collapse_a_quarter_of_an_hour_later_is_answered_at_once(page, live_server, clinic):
    open_record(page, live_server.url, "sam", "Ada Sample")
    describe(page)
    page.get_by_role("button", name="Record as given").click()

    page.get_by_role("link", name="Note a reaction").click()
    look(page, "later-reaction")
    page.get_by_label("Observed, minutes").fill("15")
    page.locator("[name=reaction_grade]").select_option("4")
    page.get_by_label("Anaphylaxis").check()
    page.get_by_label("What was seen").fill("Collapse, adrenaline given")
    page.get_by_role("button", name="Note the reaction").click()

    expect(page.get_by_text("no further dose before a review")).to_be_visible()
    expect(page.get_by_text("Collapse, adrenaline given").first).to_be_visible()
    assert PatientAllergy.objects.get().substance == "hydroxocobalamin"
    page.get_by_role("link", name="Put right").first.click()
    page.get_by_role("link", name="Correct what was written down").click()
    look(page, "amend")


def test_another_clinic_s_list_is_worked_through_without_leaving_that_clinic(page, live_server, clinic):
    sam = User.objects.get(username="sam")
    sam.memberships.create(clinic=a_clinic(name="Alder Clinic"), role="nurse")
    page.set_default_timeout(20_000)
    sign_in(page, live_server.url, "sam")
    page.goto(f"{live_server.url}/due/?clinic={clinic.public_id}")
    page.get_by_role("link", name="Record given for Ada Sample").click()
    describe(page)
    page.get_by_role("button", name="Record as given").click()

    page.get_by_role("link", name="Note a reaction").click()
    expect(page.get_by_role("heading", name="Note a reaction")).to_be_visible()
    page.get_by_role("link", name="Back to the chart").click()
    expect(page).to_have_title("Ada Sample · B12 Clinic")
    page.get_by_role("link", name="Put right").click()
    page.locator("[name=reason]").fill("Wrong row")
    page.get_by_role("button", name="Mark as entered in error").click()
    expect(page.get_by_text("Marked as entered in error")).to_be_visible()

    page.get_by_role("link", name="Due list").first.click()
    expect(page.get_by_text("This is the list of Chair Clinic. You work in Alder Clinic")).to_be_visible()
    page.get_by_role("link", name="Back to Alder Clinic").click()
    expect(page.get_by_role("heading", name="Nothing to give")).to_be_visible()
    page.get_by_role("link", name="Patients").click()
    expect(page.locator(".rail-clinic")).to_contain_text("Alder Clinic")
    assert "clinic=" not in page.url
