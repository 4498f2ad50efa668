"""Critical potassium reaches the worklist: a file is imported, the alert and the result stand there, it is acknowledged."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from monitoring.models import InboxItem
from tests.factories.inbox import an_item
from tests.factories.lab_files import a_csv, a_row
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, give
from tests.journeys.looking import look, sign_in, sign_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY_2 = datetime(2026, 1, 7, 16, tzinfo=UTC)
POTASSIUM = {"code": "potassium", "value": "2.9", "unit": "mmol/L", "range": "3.5-5.3"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(DAY_2, tick=True):
        yield


@pytest.fixture
def doctor():
    clinic = a_clinic(name="Labs Clinic")
    a_user(clinic, "nurse", username="nurse", first_name="Nia", last_name="Example")
    return a_user(clinic, "prescriber", username="doctor", first_name="Robin", last_name="Example")


@pytest.fixture
def patient(doctor):
    patient = a_patient(doctor.memberships.get().clinic, name="Ada Example", record_number="R-1")
    give(a_regimen(patient, doctor), doctor, date(2026, 1, 5))
    a_result(patient, "potassium", "4.1", "mmol/L", taken_on=date(2026, 1, 5))
    return patient


def test_critical_potassium_reaches_the_worklist_and_is_acknowledged(page, live_server, doctor, patient):
    page.set_default_timeout(10_000)
    sign_in(page, live_server.url, "nurse")
    page.goto(f"{live_server.url}/labs/import/")
    content = a_csv(a_row(**POTASSIUM, taken_on="2026-01-07"), a_row(taken_on="2026-01-07"))
    page.get_by_label("File of results").set_input_files(
        {"name": "hill-lab.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Import 2 results").click()
    expect(page.get_by_text("hill-lab.csv: 2 new.")).to_be_visible()
    sign_out(page)

    sign_in(page, live_server.url, "doctor")
    alerts = page.get_by_role("region", name="Alerts")
    expect(alerts.get_by_role("row", name="Ada Example")).to_contain_text(
        "Urgent Potassium 2.9 mmol/L on 7 Jan 2026: correct it the same day and recheck"
    )
    results = page.get_by_role("region", name="New results to review 2")
    expect(results.get_by_role("row", name="Ada Example")).to_contain_text("Critical Potassium 2.9 mmol/L")
    expect(results.get_by_role("row", name="Ada Example")).to_contain_text("and 1 more")
    look(page, "worklist-with-results")
    results.get_by_role("link", name="Open the inbox").click()

    row = page.get_by_role("row", name="Potassium of Ada Example")
    expect(row).to_contain_text("4.1 mmol/L")
    row.get_by_role("button", name="Take Potassium of Ada Example").click()
    expect(page.get_by_text("1 result handed to you.")).to_be_visible()
    expect(row).to_contain_text("You")
    look(page, "inbox")
    page.get_by_role("checkbox", name="Potassium of Ada Example").check()
    page.get_by_label("Note (optional)").fill("Potassium replaced, repeat tomorrow")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 result acknowledged.")).to_be_visible()
    page.get_by_role("button", name="Acknowledge all 1 of Ada Example").click()
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    look(page, "inbox-empty")
    assert set(InboxItem.objects.values_list("acknowledged_by__username", "note")) == {
        ("doctor", "Potassium replaced, repeat tomorrow"),
        ("doctor", ""),
    }


def test_the_inbox_works_without_scripts_and_tells_a_lost_race(browser, live_server, doctor, patient):
    other = a_user(patient.clinic, first_name="Mina", last_name="Example")
    first = an_item(patient, "potassium", "2.9", critical=True, reference_low="3.5", reference_high="5.3")
    old = an_item(patient, "ferritin", "12", abnormal=True)
    an_item(patient, "ferritin", "120", supersedes=old.result, why="Corrected by the laboratory in b.hl7.")
    for number in range(3):
        an_item(
            a_patient(patient.clinic, name=f"Ben Sample {number}", record_number=f"B-{number}"), owner=other
        )
    page = browser.new_context(java_script_enabled=False, locale="en-GB").new_page()
    page.set_default_timeout(10_000)
    sign_in(page, live_server.url, "doctor")
    page.goto(f"{live_server.url}/labs/inbox/?show=unassigned")
    page.get_by_role("checkbox", name="Potassium of Ada Example").check()
    page.get_by_role("checkbox", name="Ferritin of Ada Example").check()
    InboxItem.objects.filter(pk=first.pk).update(acknowledged_by=other, acknowledged_at=DAY_2)
    page.get_by_role("button", name="Acknowledge selected").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "was acknowledged by Mina Example on Wed 7 Jan at 16:00."
    )
    expect(page.get_by_text("1 result acknowledged.")).to_be_visible()
    page.goto(f"{live_server.url}/labs/inbox/?q=ben")
    expect(page.get_by_role("checkbox")).to_have_count(3)
    page.context.close()


def test_the_inbox_full_of_results(page, live_server, doctor, patient):
    other = a_user(patient.clinic, first_name="Mina", last_name="Example")
    an_item(patient, "potassium", "2.9", critical=True, reference_low="3.5", reference_high="5.3")
    old = an_item(patient, "ferritin", "12", abnormal=True, acknowledged_by=other, acknowledged_at=DAY_2)
    an_item(patient, "ferritin", "120", supersedes=old.result, why="Corrected by the laboratory in b.hl7.")
    an_item(patient, "platelets", "190", reference_low="150", reference_high="400")
    ben = a_patient(patient.clinic, name="Ben Sample", record_number="B-1")
    an_item(ben, "haemoglobin", "92", abnormal=True, reference_low="115", reference_high="165", owner=other)
    an_item(ben, "ferritin", "80", abnormal=True)
    page.set_default_timeout(10_000)
    sign_in(page, live_server.url, "doctor")
    page.goto(f"{live_server.url}/labs/inbox/")
    look(page, "inbox-full")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.get_by_label("Patient").fill("ben")
    expect(page.get_by_role("checkbox")).to_have_count(2)
    expect(page.get_by_role("link", name="Everything 2")).to_be_visible()
    page.goto(f"{live_server.url}/chart/{patient.public_id}/")
    page.get_by_role("link", name="3 new results to acknowledge").click()
    expect(page.get_by_role("checkbox")).to_have_count(3)
