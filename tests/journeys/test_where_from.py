"""Where a plan comes from, opened in a real browser: readable, and nothing runs off the side."""

import pytest
from django.urls import reverse
from django.utils import timezone

from monitoring.interpretation.entry import Entry
from monitoring.services.record_results import record_results
from regimens.services.assess import assess
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import JUDGED
from tests.journeys.looking import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def preview(page, live_server, client):
    """The dates of a plan before they are signed, with every question about their origin opened."""
    doctor = a_user(a_clinic(), "prescriber")
    clinic = doctor.memberships.get().clinic
    patient, at = a_patient(clinic), timezone.now()
    today = clinic.local_date(at)
    record_results(
        patient=patient, taken_on=today, entries=[Entry(analyte="total_b12", value="85", unit="ng/L")],
        by=doctor, at=at, today=today,
    )  # fmt: skip
    assessment = assess(
        patient=patient, judgement=JUDGED, guideline="uk", note="", by=doctor, at=at, today=today
    )
    signed_in(client, doctor)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    address = reverse("regimens:adjust", args=[assessment.public_id])
    page.goto(f"{live_server.url}{address}?protocol=uk/standard")
    return page


def open_all(page):
    questions = page.locator("details.origins > summary")
    assert questions.count() > 1
    for place in range(questions.count()):
        questions.nth(place).press("Enter")


def test_every_date_and_finding_of_a_plan_opens_its_origin_by_keyboard(preview):
    open_all(preview)
    assert preview.get_by_text("The interval of the phase: three times a week.").first.is_visible()
    assert preview.get_by_text("British National Formulary (BNF), hydroxocobalamin, 2018").first.is_visible()
    look(preview, "where-from-preview")

    preview.get_by_role("button", name="Show every date").click()
    preview.get_by_role("button", name="Sign the plan").click()
    open_all(preview)
    assert preview.get_by_text("Where do these dates come from?").first.is_visible()
    look(preview, "where-from-chart")
