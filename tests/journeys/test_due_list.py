"""A nurse's list in a real browser: every band, a saved view, and a paper clinic that is read back."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect
from pypdf import PdfReader

from b12clinic.patients.models import Patient, PatientAllergy, PatientMedicine
from regimens.clinic_sheet import COLUMNS
from regimens.models import Administration
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen, next_dose
from tests.journeys.looking import PICTURES, look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture
def nurse():
    return a_user(a_clinic(name="Paper Clinic"), "nurse", username="nurse", first_name="Sam")


@pytest.fixture
def clinic(nurse):
    """Somebody in every band, one of them neurological and overdue."""
    clinic = nurse.memberships.get().clinic
    for name, starts_on, neurological in (
        ("Lena Long", date(2026, 10, 5), False),
        ("Olaf Overdue", date(2026, 11, 18), False),
        ("Tara Today", TODAY, False),
        ("Wim Week", date(2026, 11, 27), False),
        ("Lars Later", date(2026, 12, 14), False),
        ("Nell Nerve", date(2026, 11, 18), True),
    ):
        patient = a_patient(clinic, name=name, record_number=name[:4].upper())
        a_regimen(patient, nurse, starts_on=starts_on, neurological=neurological)
        if name == "Tara Today":
            PatientAllergy.objects.create(patient=patient, substance="cobalt", noted_on=TODAY)
            PatientMedicine.objects.create(patient=patient, code="warfarin", noted_on=TODAY)
    a_regimen(a_patient(clinic, name="Mia Month"), nurse, EVERY_THREE_MONTHS, starts_on=TODAY)
    return clinic


@pytest.fixture
def on_the_list(page, live_server, clinic):
    page.set_default_timeout(10_000)
    with time_machine.travel(MONDAY, tick=True):
        sign_in(page, live_server.url, "nurse")
        page.goto(f"{live_server.url}/due/")
        yield page


def test_the_list_with_every_band(on_the_list):
    page = on_the_list
    tabs = page.get_by_role("navigation", name="Bands of the due list")
    assert tabs.get_by_role("link").all_text_contents() == [
        "To give5",
        "Long overdue1",
        "Overdue2",
        "Due today2",
        "Next 7 days1",
        "Later1",
        "Up to 7 days6",
    ]
    pinned = page.get_by_role("region", name="Neurological loading overdue")
    expect(pinned.get_by_role("row", name="Nell Nerve")).to_contain_text("Overdue 5 days")
    tara = page.get_by_role("row", name="Tara Today")
    expect(tara).to_contain_text("Allergy: Cobalt")
    expect(tara).to_contain_text("Anticoagulant: warfarin")
    look(page, "due-bands")
    page.get_by_label("Phase").select_option("maintenance")
    expect(page.get_by_role("row", name="Mia Month")).to_be_visible()
    expect(page.get_by_role("row", name="Tara Today")).to_have_count(0)
    page.get_by_label("Find a patient").fill("zed")
    expect(page.get_by_role("heading", name="Nobody here")).to_be_visible()
    look(page, "due-nobody")
    page.get_by_role("link", name="Drop Search “zed”").click()
    expect(page.get_by_role("row", name="Mia Month")).to_be_visible()


def test_the_keys_of_the_list(on_the_list):
    page = on_the_list
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("row", name="Lena Long")).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("row", name="Nell Nerve")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Find a patient")).to_be_focused()
    page.keyboard.type("j")
    expect(page.get_by_label("Find a patient")).to_have_value("j")
    page.get_by_label("Find a patient").fill("")
    expect(page.get_by_role("row", name="Tara Today")).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys on this list")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("n")
    expect(page).to_have_title("Not given to Nell Nerve · B12 Clinic")


def test_escape_leaves_the_search_for_the_row_selected_last_or_the_first(on_the_list):
    page = on_the_list
    search = page.get_by_label("Find a patient")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", name="Nell Nerve")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", name="Lena Long")).to_be_focused()

    page.keyboard.press("/")
    page.keyboard.type("tara")
    page.keyboard.press("Escape")
    expect(search).to_have_value("tara")
    expect(page.get_by_role("row", name="Lena Long")).to_have_count(0)
    expect(page.get_by_role("row", name="Tara Today")).to_be_focused()
    page.keyboard.press("g")
    expect(page).to_have_title("Record injection for Tara Today · B12 Clinic")


def test_the_help_says_how_to_leave_the_search(on_the_list):
    page = on_the_list
    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keys on this list")).to_contain_text(
        "Leave the search, back to the row"
    )


def test_a_telephone_shows_the_first_patient_early_and_every_link_is_thumb_sized(on_the_list, nurse, clinic):
    page = on_the_list
    Patient.objects.filter(name="Nell Nerve").update(phone="+31 6 12345678")
    nurse.memberships.create(clinic=a_clinic(name="Second Clinic"), role="nurse")
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{page.url}?clinic={clinic.public_id}")

    nell = page.get_by_role("row", name="Nell Nerve")
    assert nell.bounding_box()["y"] < 640
    for name in (
        "Nell Nerve",
        "+31 6 12345678",
        "Record a call for Nell Nerve",
        "Record given for Nell Nerve",
    ):
        assert (name, nell.get_by_role("link", name=name, exact=True).bounding_box()["height"] >= 44) == (
            name,
            True,
        )


def test_a_telephone_folds_the_filters_behind_what_they_narrow(on_the_list):
    page = on_the_list
    expect(page.get_by_text("Filters", exact=True)).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 900})

    expect(page.get_by_label("Find a patient")).to_be_visible()
    expect(page.get_by_label("Phase")).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Phase").select_option("maintenance")
    expect(page.get_by_text("Filters · Maintenance")).to_be_visible()
    look(page, "due-filters-unfolded")


def test_another_day_is_named_in_every_place_that_names_the_day(on_the_list):
    page = on_the_list
    page.get_by_label("As of").fill("2026-11-24")

    expect(page.locator(".page-lede")).to_contain_text("As of Tue 24 Nov 2026")
    page.get_by_role("link", name="Clinic sheet").click()
    expect(page.locator(".page-lede")).to_contain_text("Injections due as of Tue 24 Nov 2026")


def test_a_sheet_is_printed_across_with_its_day_and_the_moment(on_the_list):
    page = on_the_list
    page.goto(page.url.replace("/due/", "/due/sheet/?as_of=2026-11-24&band=today"))

    [sheet] = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages

    assert sheet.mediabox.width > sheet.mediabox.height
    printed = " ".join(sheet.extract_text().split())
    assert "Paper Clinic As of Tue 24 Nov 2026 · Printed 23 Nov 2026, 15:0" in printed
    assert "Mia Month" in printed


def test_a_view_is_saved_and_found_again(on_the_list):
    page = on_the_list
    page.get_by_label("Phase").select_option("maintenance")
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name of the view").fill("Maintenance only")
    look(page, "due-save-view")
    page.get_by_role("button", name="Save the view").click()
    views = page.get_by_role("navigation", name="Saved views")
    expect(views.get_by_role("link", name="Maintenance only")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Clear filters").click()
    expect(page.get_by_role("row", name="Tara Today")).to_be_visible()
    views.get_by_role("link", name="Maintenance only").click()
    expect(page.get_by_role("row", name="Tara Today")).to_have_count(0)
    page.get_by_role("link", name="Saved views").click()
    look(page, "due-saved-views")


def test_a_paper_clinic_is_printed_and_read_back(on_the_list, clinic, tmp_path):
    page = on_the_list
    page.get_by_role("link", name="Due today").click()
    page.get_by_role("link", name="Clinic sheet").click()
    expect(page.get_by_role("row", name="Tara Today")).to_contain_text("Allergy: Cobalt")
    look(page, "clinic-sheet")
    paper = page.pdf(path=str(PICTURES / "clinic-sheet.pdf"), prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    with page.expect_download() as download:
        page.get_by_role("link", name="Sheet as CSV").click()
    filled = fill(download.value.path().read_bytes())
    page.get_by_role("link", name="Read a filled sheet").click()
    page.get_by_label("The filled sheet").set_input_files(
        {"name": "sheet.csv", "mimeType": "text/csv", "buffer": filled}
    )
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.get_by_role("row", name="Mia Month")).to_contain_text("The lot is missing.")
    look(page, "clinic-sheet-preview")
    page.get_by_label("Record 1 and leave out the 1 that cannot be recorded").check()
    page.get_by_role("button", name="Record 1 row").click()
    expect(page.get_by_text("1 recorded as given, 0 as not given.")).to_be_visible()
    look(page, "clinic-sheet-read")
    [given] = Administration.objects.all()
    assert (given.patient.name, given.lot) == ("Tara Today", "A1")
    assert next_dose(given.regimen).number == 2


def fill(content):
    """Both given at ten; the nurse forgot a lot."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for line in lines[1:]:
        lot = "A1" if "Tara Today" in line else ""
        place = ["left deltoid", "", "", "y", "none", "", "nurse"]
        line[-13:] = ["y", "23/11/2026", "10:00", "", lot, "06/2027", *place]
    assert tuple(lines[0]) == COLUMNS
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig")
