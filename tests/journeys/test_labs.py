"""Labs in a real browser: the grid by keyboard alone and without scripts, corrections, rechecks, alerts."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from monitoring.models import LabProfile, Recheck, RecheckState, ReportedUnit, Result
from tests.factories.labs import a_recheck, a_result, an_alert
from tests.factories.people import a_clinic, a_patient, a_user
from tests.journeys.looking import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def patient():
    patient = a_patient(a_clinic(name="Labs Clinic"), name="Ada Example", record_number="R-1042")
    a_user(patient.clinic, "prescriber", username="doctor", first_name="Robin", last_name="Example")
    return patient


@pytest.fixture
def at(page, live_server, patient):
    """Go to a page of the labs, signed in."""
    page.set_default_timeout(10_000)
    sign_in(page, live_server.url, "doctor")
    expect(page.get_by_role("navigation").first).to_be_visible()
    return lambda path: page.goto(f"{live_server.url}/labs/{path}")


def test_baseline_labs_are_entered_by_keyboard_alone(page, at, patient):
    at(f"enter/{patient.public_id}/")
    page.get_by_label("Vitamin B12, total, value").focus()
    keys(page, "172", "Tab", "Tab", "ng/L")
    expect(page.get_by_text("= 127 pmol/L")).to_be_visible()
    expect(page.get_by_text("172 is an everyday B12 in ng/L and in pmol/L")).to_be_visible()
    page.get_by_label("why are this value and unit right?").focus()
    keys(page, "Printed beside the value")
    page.get_by_label("Haemoglobin, value").focus()
    keys(page, "9.2", "Tab", "Tab", "g/dL")
    expect(page.get_by_text("= 92 g/L = 5.7 mmol/L")).to_be_visible()
    page.get_by_label("Haemoglobin, upper end of the reference range").focus()
    keys(page, "16.5", "Enter")
    expect(page.get_by_text("2 results recorded.")).to_be_visible()
    assert list(Result.objects.order_by("id").values_list("reported_value", "unit")) == [
        ("172", "ng/L"),
        ("9.2", "g/dL"),
    ]


def keys(page, *pressed):
    for key in pressed:
        page.keyboard.press(key) if key in ("Tab", "Enter") else page.keyboard.type(key)


def test_choosing_a_laboratory_brings_its_units_and_keeps_what_was_typed(page, at, patient):
    hill = LabProfile.objects.create(clinic=patient.clinic, name="Hill Lab")
    ReportedUnit.objects.create(laboratory=hill, analyte="haemoglobin", unit="g/dL")
    at(f"enter/{patient.public_id}/")
    page.get_by_label("Haemoglobin, value").fill("13.1")
    page.get_by_label("Laboratory", exact=True).focus()
    page.get_by_label("Laboratory", exact=True).select_option("Hill Lab")
    expect(page.get_by_label("Haemoglobin, unit")).to_have_value("g/dL")
    expect(page.get_by_label("Haemoglobin, value")).to_have_value("13.1")
    expect(page.get_by_label("Laboratory", exact=True)).to_be_focused()
    look(page, "labs-units-offered")
    page.get_by_label("Haemoglobin, value").press("Enter")
    expect(page.get_by_text("1 result recorded.")).to_be_visible()


def test_what_is_stopped_is_shown_at_the_top_and_beside_its_field(page, at, patient):
    at(f"enter/{patient.public_id}/")
    page.get_by_label("Potassium, value").fill("4,1")
    page.get_by_text("More tests").click()
    page.get_by_label("INR, value").fill("2.5")
    page.get_by_role("button", name="Record results").last.click()
    page.get_by_role("link", name="has a comma").click()
    expect(page.get_by_label("Potassium, value")).to_be_focused()
    expect(page.get_by_label("INR, value")).to_have_value("2.5")
    page.get_by_label("Test", exact=True).select_option("potassium")
    page.get_by_role("button", name="Add a row").click()
    expect(page.get_by_label("Potassium, sample 2, value")).to_be_visible()
    look(page, "labs-stopped")


def test_without_scripts_the_conversion_shows_after_submitting(browser, live_server, patient):
    page = browser.new_context(java_script_enabled=False, locale="en-GB").new_page()
    sign_in(page, live_server.url, "doctor")
    page.goto(f"{live_server.url}/labs/enter/{patient.public_id}/")
    page.locator("[name=total_b12-0-value]").fill("172")
    page.locator("[name=total_b12-0-unit]").select_option("ng/L")
    page.get_by_role("button", name="Record results").last.click()
    expect(page.get_by_text("= 127 pmol/L")).to_be_visible()
    page.locator("[name=total_b12-0-confirmed_because]").fill("Printed beside the value")
    page.get_by_role("button", name="Record results").last.click()
    expect(page.get_by_text("1 result recorded.")).to_be_visible()
    page.context.close()


def test_a_value_is_corrected_and_another_marked_as_an_error(page, at, patient):
    a_result(patient, "potassium", "2.9", "mmol/L", reference_low="3.5", reference_high="5.3")
    a_result(patient, "platelets", "190", "10*9/L")
    at(f"patient/{patient.public_id}/")
    look(page, "results-page")
    page.get_by_role("link", name="Correct Potassium").click()
    page.get_by_label("Potassium, value").fill("3.9")
    page.get_by_label("Why is the recorded value wrong?").fill("Typed wrongly")
    look(page, "correct-result")
    page.get_by_role("button", name="Record the correction").click()
    expect(
        page.get_by_text("Was 2.9 mmol/L of Mon 2 Nov; corrected by Robin Example: Typed wrongly")
    ).to_be_visible()
    page.get_by_role("link", name="In error Platelets").click()
    page.get_by_label("Why is the recorded value wrong?").fill("Of another patient")
    look(page, "entered-in-error")
    page.get_by_role("button", name="Mark as entered in error").click()
    expect(page.get_by_text("Entered in error: Of another patient")).to_be_visible()


def test_rechecks_are_answered_and_dropped(page, at, patient):
    a_recheck(patient, "symptom_review", due_on=date(2026, 11, 17))
    a_recheck(patient, "fbc", "ferritin", due_on=date(2026, 12, 4))
    at("")
    look(page, "labs")
    page.get_by_role("link", name="Rechecks").first.click()
    look(page, "rechecks")
    page.get_by_role("link", name="Answer the review of Ada Example").click()
    page.get_by_label("What was found").fill("Tingling has gone.")
    look(page, "answer-recheck")
    page.get_by_role("button", name="Sign and save").click()
    expect(page.get_by_text("Noted. The recheck is done.")).to_be_visible()
    at("rechecks/")
    page.get_by_role("link", name="Drop the recheck of Ada Example").click()
    page.get_by_label("Why is it no longer wanted?").fill("Follows up elsewhere")
    look(page, "drop-recheck")
    page.get_by_role("button", name="Drop the recheck").click()
    expect(page.get_by_text("Nothing is waited for here")).to_be_visible()
    assert sorted(Recheck.objects.values_list("state", flat=True)) == [
        RecheckState.DONE,
        RecheckState.DROPPED,
    ]


def test_five_actions_of_one_recheck_stay_on_a_narrow_page(page, at, patient):
    a_recheck(patient, "fbc", "symptom_review", due_on=date(2026, 11, 17))
    at("rechecks/")
    look(page, "rechecks-five-actions")
    page.set_viewport_size({"width": 390, "height": 900})
    actions = page.locator("td.row-actions a")
    expect(actions).to_have_count(5)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in map(bounds, actions.all()))


def bounds(link):
    return link.bounding_box()


def test_an_alert_is_taken_on_the_worklist_and_on_the_chart(page, at, patient):
    an_alert(patient)
    an_alert(patient, subject="platelets", sentence="Platelets are 20 10*9/L.")
    at("../")
    look(page, "worklist-alerts")
    page.get_by_role("button", name="Take the alert of Ada Example").first.click()
    expect(page.get_by_text("The alert is yours.")).to_be_visible()
    page.get_by_role("link", name="Ada Example").first.click()
    look(page, "chart-alerts")
    page.get_by_role("button", name="Take this alert").click()
    expect(page.get_by_text("The alert is yours.")).to_be_visible()
    expect(page.get_by_role("button", name="Take this alert")).to_have_count(0)
    expect(page.get_by_text("Owner: You")).to_have_count(2)


def test_an_alert_is_ended_with_what_was_done(page, at, patient):
    alert = an_alert(patient)
    at(f"alerts/{alert.public_id}/end/")
    look(page, "end-alert")
    page.get_by_label("What was done about it?").fill("Potassium replaced, repeat tomorrow")
    page.get_by_role("button", name="End the alert").click()
    expect(page.get_by_text("The alert was ended.")).to_be_visible()
