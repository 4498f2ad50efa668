"""What the evidence says of a patient, on the pages where it is asked: guidelines apart, stores, response, next test."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, an_assessment, give
from tests.journeys.looking import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = datetime(2026, 1, 26, 9, 0, tzinfo=UTC)


def test_the_pages_that_show_the_evidence(page, live_server):
    page.set_default_timeout(10_000)
    with time_machine.travel(DAY, tick=True):
        doctor = a_user(a_clinic(), "prescriber")
        clinic = doctor.memberships.get().clinic
        patient = a_patient(clinic, name="Carla Canary", sex="female")
        a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 4))
        a_result(patient, "total_b12", "110", "ng/L", taken_on=date(2026, 1, 4))
        give(a_regimen(patient, doctor), doctor, date(2026, 1, 5))
        a_result(patient, "haemoglobin", "94", "g/L", taken_on=date(2026, 1, 25))
        unsure = a_patient(clinic, name="Uma Unsure")
        an_assessment(unsure, doctor, cause="unknown", certainty="suspected")

        sign_in(page, live_server.url, doctor.username)
        page.goto(f"{live_server.url}/protocols/")
        page.get_by_role("link", name="Differences between guidelines").click()
        page.get_by_label("Situation").select_option("neurological")
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_role("heading", name="Where the sources disagree")).to_be_visible()
        assert "for=neurological" in page.url
        look(page, "differences")

        page.goto(f"{live_server.url}/chart/{patient.public_id}/")
        expect(page.get_by_text("Response on day 21: inadequate.")).to_be_visible()
        look(page, "response")

        page.goto(f"{live_server.url}/chart/{unsure.public_id}/")
        expect(page.get_by_role("heading", name="Finding the cause")).to_be_visible()
        page.get_by_role("link", name="Plan a regimen").click()
        expect(page.get_by_role("heading", name="Finding the cause")).to_be_visible()
        look(page, "finding-the-cause")

        assessment = an_assessment(patient, doctor)
        page.goto(f"{live_server.url}/plan/{assessment.public_id}/compare/")
        expect(page.get_by_role("heading", name="At a glance")).to_be_visible()
        page.get_by_text("The same in figures").click()
        look(page, "stores-outlook")
