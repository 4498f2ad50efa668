"""A laboratory's file in a real browser: the unit trap is caught, the good rows are imported, the rest is settled."""

from datetime import UTC, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from monitoring.models import Result, WaitingRow
from tests.factories.lab_files import a_csv, a_row
from tests.factories.people import a_clinic, a_patient, a_user
from tests.journeys.looking import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 1, 14, 16, tzinfo=UTC)
TRAP = {"code": "2132-9", "value": "205", "unit": "pmol/L", "range": "197-771"}
"""Mass units by its code and its range, moles by its unit: the same number means another diagnosis."""


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def nurse():
    clinic = a_clinic(name="Labs Clinic")
    a_patient(clinic, name="Ada Example", record_number="R-1")
    return a_user(clinic, "nurse", username="nurse", first_name="Nia", last_name="Example")


def test_the_unit_trap_is_caught_in_a_file_and_settled(page, live_server, nurse):
    page.set_default_timeout(10_000)
    sign_in(page, live_server.url, "nurse")
    expect(page.get_by_role("navigation").first).to_be_visible()
    page.goto(f"{live_server.url}/labs/")
    page.get_by_role("link", name="Import results").click()
    look(page, "import-results-empty")
    content = a_csv(a_row(), a_row(**TRAP))
    page.get_by_label("File of results").set_input_files(
        {"name": "hill-lab.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("but its code speaks of pg/mL")).to_be_visible()
    look(page, "lab-file-preview")
    page.get_by_role("link", name="Unit or value in doubt").click()
    expect(page.get_by_role("row")).to_have_count(2)

    page.get_by_label("Import 1 and let the 1 that is refused wait").check()
    page.get_by_role("button", name="Import 1 result").click()
    expect(page.get_by_text("hill-lab.csv: 1 new, 1 unit or value in doubt.")).to_be_visible()
    look(page, "lab-file-imported")
    page.get_by_role("link", name="All files").click()
    look(page, "import-results")
    page.get_by_role("link", name="Waiting rows (1)").click()
    look(page, "waiting-rows")

    page.get_by_role("link", name="Settle row 3").click()
    page.get_by_label("Unit, as the laboratory confirmed it").fill("pg/mL")
    look(page, "settle-row")
    page.get_by_role("button", name="Record the result").click()
    expect(page.get_by_text("Row 3 recorded.")).to_be_visible()
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    assert list(Result.objects.order_by("pk").values_list("reported_value", "unit")) == [
        ("92", "g/L"),
        ("205", "pg/mL"),
    ]
    assert not WaitingRow.objects.filter(settled_at=None).exists()


def test_a_laboratory_is_added(page, live_server, nurse):
    page.set_default_timeout(10_000)
    sign_in(page, live_server.url, "nurse")
    expect(page.get_by_role("navigation").first).to_be_visible()
    page.goto(f"{live_server.url}/labs/import/laboratory/")
    page.get_by_label("Name of the laboratory").fill("Hill Lab")
    page.get_by_label("Tests").fill("HGB = b12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is not one of our tests").first).to_be_visible()
    look(page, "lab-profile-stopped")
    page.get_by_label("Tests").fill("HGB = haemoglobin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Hill Lab saved.")).to_be_visible()


DROP = """([form, files]) => {
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name, { type: "text/csv" }));
  for (const kind of ["dragover", "drop"]) {
    form.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
  }
}"""


def dropped(page, *files):
    page.evaluate(DROP, [page.locator("[data-drop-zone]").element_handle(), list(files)])


def test_a_file_is_dropped_on_the_page_one_at_a_time(page, live_server, nurse):
    page.set_default_timeout(10_000)
    sign_in(page, live_server.url, "nurse")
    expect(page.get_by_role("navigation").first).to_be_visible()
    page.goto(f"{live_server.url}/labs/import/")
    expect(page.get_by_text("Or drop a file anywhere in this box.")).to_be_visible()
    content = a_csv(a_row()).decode()

    dropped(page, ("one.csv", content), ("two.csv", content))
    expect(page.get_by_role("status").filter(has_text="Drop one file at a time.")).to_be_visible()
    assert page.get_by_label("File of results").evaluate("field => field.files.length") == 0

    dropped(page, ("hill-lab.csv", content))
    expect(page.get_by_text("hill-lab.csv is chosen.")).to_be_visible()
    look(page, "import-results-dropped")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="hill-lab.csv")).to_be_visible()
    expect(page.get_by_text("All rows")).to_be_visible()


def test_without_scripts_the_file_is_chosen_with_its_button(browser, live_server, nurse):
    page = browser.new_context(java_script_enabled=False, locale="en-GB").new_page()
    sign_in(page, live_server.url, "nurse")
    page.goto(f"{live_server.url}/labs/import/")
    expect(page.get_by_text("Or drop a file anywhere in this box.")).to_be_hidden()
    page.locator("[name=file]").set_input_files(
        {"name": "hill-lab.csv", "mimeType": "text/csv", "buffer": a_csv(a_row())}
    )
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="hill-lab.csv")).to_be_visible()
    page.context.close()
