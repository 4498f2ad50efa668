"""Haemoglobin lags behind and iron is deficient: from the pictures to a signed conclusion and a changed plan."""

import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect
from pypdf import PdfReader

from regimens.models import ResponseConclusion
from tests.factories.labs import a_recheck, a_result
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen, give
from tests.journeys.looking import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def lags_behind(doctor):
    """Haemoglobin 92 before the first injection, 118 on day 56, ferritin 12."""
    patient = a_patient(doctor.memberships.get().clinic, name="Carla Canary", sex="female")
    for analyte, before, after, unit in (
        ("haemoglobin", "92", "118", "g/L"),
        ("mcv", "118", "99", "fL"),
        ("platelets", "130", "260", "10*9/L"),
        ("homocysteine", "32", "<12", "umol/L"),
    ):
        a_result(patient, analyte, before, unit, taken_on=date(2026, 1, 4))
        a_result(patient, analyte, after, unit, taken_on=date(2026, 3, 2))
    a_result(patient, "total_b12", "110", "ng/L", taken_on=date(2026, 1, 4))
    a_result(patient, "total_b12", "900", "ng/L", taken_on=date(2026, 3, 2))
    a_result(patient, "ferritin", "12", "ug/L", taken_on=date(2026, 3, 2))
    give(a_regimen(patient, doctor, EVERY_THREE_MONTHS), doctor, date(2026, 1, 5))
    a_recheck(patient, "symptom_review", due_on=date(2026, 3, 2))
    return patient


def test_from_an_inadequate_response_to_a_changed_plan(page, live_server):
    page.set_default_timeout(10_000)
    with time_machine.travel(DAY, tick=True):
        doctor = a_user(a_clinic(), "prescriber")
        patient = lags_behind(doctor)
        sign_in(page, live_server.url, doctor.username)

        page.goto(f"{live_server.url}/chart/{patient.public_id}/symptoms/")
        for label, score in (("Fatigue", "7"), ("Numbness and tingling", "2"), ("Balance", "0")):
            page.get_by_label(label).select_option(score)
        page.get_by_label("Memory and thinking").select_option("3")
        look(page, "symptoms")
        page.get_by_role("button", name="Record the scores").click()

        sentence = "Haemoglobin 118 g/L on day 56, expected at or above 120: inadequate."
        expect(page.get_by_text(sentence)).to_be_visible()
        expect(page.get_by_text("On treatment: not a response marker")).to_be_visible()
        expect(page.get_by_text("Ferritin 12 µg/L, below 30 µg/L.")).to_be_visible()
        look(page, "response-panel")

        page.get_by_role("link", name="Conclude").click()
        page.get_by_label("Is iron deficient too?").check()
        page.get_by_label("What do you conclude?").fill(
            "Iron is deficient too; replaced. Dose closer meanwhile."
        )
        page.get_by_label("Change the interval").check()
        page.get_by_label("Reason for a change or a stop").fill("Haemoglobin lags behind.")
        page.get_by_label("Maintenance every").fill("2")
        page.get_by_label("Weeks or months").select_option("month")
        look(page, "conclude")
        page.get_by_role("button", name="Sign the conclusion").click()

        expect(page.get_by_role("heading", name="The dates before and after")).to_be_visible()
        expect(page.get_by_role("cell", name="Thu 5 Mar")).to_be_visible()
        look(page, "conclude-dates")
        page.get_by_role("button", name="Sign with these dates").click()

        expect(page.get_by_text("The conclusion on Carla Canary is signed.")).to_be_visible()
        expect(page.get_by_text("Iron is deficient too; replaced.")).to_be_visible()
        page.get_by_role("link", name="Open the chart").click()
        expect(page.get_by_text("Maintenance every 2 months, before every 3 months.")).to_be_visible()
        look(page, "chart-with-response")

        page.get_by_role("link", name="Add a recheck").click()
        page.get_by_label("Thyroid stimulating hormone").check()
        page.get_by_label("Why are they wanted?").fill("Still tired.")
        look(page, "add-recheck")
        page.get_by_role("button", name="Add the recheck").click()
        expect(page.get_by_role("heading", name="Request for tests")).to_be_visible()
        look(page, "request-form")
    assert ResponseConclusion.objects.get().decision == "interval"


def test_the_page_is_printed_unfolded_and_without_what_only_a_screen_can_do(page, live_server):
    page.set_default_timeout(10_000)
    with time_machine.travel(datetime(2026, 4, 6, 9, 0, tzinfo=UTC), tick=True):
        doctor = a_user(a_clinic(), "prescriber")
        patient = lags_behind(doctor)
        for day, fatigue in ((date(2026, 1, 4), 6), (date(2026, 4, 5), 6)):
            patient.symptom_scores.create(
                clinic=patient.clinic,
                by=doctor,
                at=DAY,
                on=day,
                fatigue=fatigue,
                numbness=2,
                balance=0,
                cognition=3,
            )
        sign_in(page, live_server.url, doctor.username)
        page.goto(f"{live_server.url}/chart/{patient.public_id}/response/")
        expect(page.get_by_role("button", name="Plan the tests that are missing")).to_be_visible()
        sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        printed = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    for unfolded in ("9.2 g/dL", "They support the answer", "Mean cell volume: normal after about 8 weeks"):
        assert unfolded in printed, unfolded
    for label in (
        "Plan the tests",
        "within a week",
        "Change the dose before",
        "Score symptoms",
        "Open the chart",
    ):
        assert label not in printed, label
