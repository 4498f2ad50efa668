"""A prescriber's decisions in a real browser: a late weekly loading, a neurological review, a pause."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from b12clinic.vocabulary import IntervalUnit
from regimens.models import Dose
from regimens.protocols.intervals import Interval
from regimens.tasks import sweep_late_doses, sweep_paused_regimens
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import EVERY_THREE_MONTHS, SIX_DOSES, WEEKLY, a_regimen, give, next_dose
from tests.journeys.looking import look, sign_in, sign_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONTHLY = replace(EVERY_THREE_MONTHS, interval=Interval(1, IntervalUnit.MONTH), drug=WEEKLY.drug)
OPEN = replace(SIX_DOSES, gaps=(), doses=None, horizon=11, ends_when="No further improvement at a review.")
AFTERWARDS = replace(EVERY_THREE_MONTHS, starts_by_decision=True)


@pytest.fixture
def doctor():
    clinic = a_clinic(name="Journey Clinic", open_weekdays=[0, 1, 2, 3, 4, 5, 6])
    return a_user(clinic, "prescriber", username="doctor", first_name="Robin", last_name="Example")


@pytest.fixture
def clinic(doctor):
    return doctor.memberships.get().clinic


def test_a_late_weekly_loading_dose_is_decided(page, live_server, doctor, clinic):
    page.set_default_timeout(10_000)
    regimen = a_regimen(a_patient(clinic, name="Nora Late"), doctor, WEEKLY, MONTHLY)
    give(regimen, doctor, date(2026, 1, 5), drug="cyanocobalamin")
    with time_machine.travel(datetime(2026, 2, 9, 9, 0, tzinfo=UTC), tick=True):
        assert sweep_late_doses() == 1
        sign_in(page, live_server.url, "doctor")
        look(page, "decisions-worklist")
        page.get_by_role("link", name="Decide for Nora Late").click()
        expect(page.get_by_text("35 days since the last loading dose").first).to_be_visible()
        expect(page.locator("aside").get_by_text("Local policy", exact=True)).to_be_visible()
        look(page, "late-dose")
        page.get_by_role("button", name="Sign the decision").click()
        expect(page.locator("[data-error-summary]")).to_contain_text("new neurological symptoms")
        look(page, "late-dose-errors")
        page.get_by_label("No", exact=True).check()
        page.get_by_label("Restart the loading").check()
        page.get_by_label("Why?").fill("Four weeks abroad without injections")
        page.get_by_role("button", name="Sign the decision").click()
        expect(page.get_by_text("The decision on the late dose of Nora Late is signed.")).to_be_visible()
        expect(page.get_by_text("Late-dose decision: restart the loading by Robin Example")).to_be_visible()
        expect(page.get_by_text("Mon 12 Jan → Mon 9 Feb").first).to_be_visible()
        look(page, "late-dose-chart")
    assert list(
        Dose.objects.filter(phase__ordinal=2).order_by("number").values_list("due_on", flat=True)
    ) == [date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 2)]


def test_a_neurological_review_leads_to_maintenance(page, live_server, doctor, clinic):
    page.set_default_timeout(10_000)
    regimen = a_regimen(a_patient(clinic, name="Boris Nerves"), doctor, OPEN, AFTERWARDS, neurological=True)
    for day in (5, 24):
        give(regimen, doctor, date(2026, 1, day))
    with time_machine.travel(datetime(2026, 1, 26, 9, 0, tzinfo=UTC), tick=True):
        sign_in(page, live_server.url, "doctor")
        page.get_by_role("link", name="Review for Boris Nerves").click()
        look(page, "neuro-review")
        review(page, change="Still improving", decision="Go on with the loading")
        expect(page.get_by_text("Neurological review due Mon 16 Feb, in 21 days")).to_be_visible()
        look(page, "neuro-review-chart")
        sign_out(page)
    with time_machine.travel(datetime(2026, 2, 16, 9, 0, tzinfo=UTC), tick=True):
        sign_in(page, live_server.url, "doctor")
        page.get_by_role("link", name="Review for Boris Nerves").click()
        review(page, change="Still improving", decision="End the loading")
        expect(page.locator("[data-error-summary]")).to_contain_text("Write why it ends now")
        look(page, "neuro-review-refused")
        page.get_by_label("No further improvement").check()
        page.get_by_role("button", name="Sign the review").click()
        expect(page.get_by_text("The review of Boris Nerves is signed.")).to_be_visible()
        look(page, "neuro-review-maintenance")
    assert (next_dose(regimen).phase.kind, next_dose(regimen).due_on) == ("maintenance", date(2026, 4, 24))


def review(page, *, change, decision):
    for name, found in (
        ("symptoms", "Tingling less"),
        ("signs", "Vibration felt at the ankles"),
        ("gait", "Steady"),
        ("what_changed", "Walks without a stick"),
    ):
        page.locator(f"[name={name}]").fill(found)
    page.get_by_label(change).check()
    page.get_by_label(decision).check()
    page.get_by_role("button", name="Sign the review").click()


def test_a_regimen_is_paused_and_goes_on_by_itself(page, live_server, doctor, clinic):
    page.set_default_timeout(10_000)
    regimen = a_regimen(a_patient(clinic, name="Pia Pause"), doctor)
    give(regimen, doctor, date(2026, 1, 5))
    with time_machine.travel(datetime(2026, 1, 6, 9, 0, tzinfo=UTC), tick=True):
        sign_in(page, live_server.url, "doctor")
        page.goto(f"{live_server.url}/chart/{regimen.patient.public_id}/")
        page.get_by_role("link", name="Pause", exact=True).click()
        expect(page.get_by_text("The loading is under way")).to_be_visible()
        look(page, "pause")
        page.get_by_label("Goes on again on").fill("2026-01-12")
        page.get_by_label("Why is it paused?").fill("In hospital")
        page.get_by_role("button", name="Pause the regimen").click()
        expect(page.get_by_text("Paused until Mon 12 Jan").first).to_be_visible()
        look(page, "paused-chart")
        page.get_by_role("link", name="Due list").first.click()
        expect(page.get_by_text("Pia Pause")).to_have_count(0)
        page.get_by_role("link", name="Worklist").first.click()
        page.get_by_role("link", name="Resume for Pia Pause").click()
        look(page, "resume")
        sign_out(page)
    with time_machine.travel(datetime(2026, 1, 12, 9, 0, tzinfo=UTC), tick=True):
        assert sweep_paused_regimens() == 1
        sign_in(page, live_server.url, "doctor")
        page.get_by_role("link", name="Due list").first.click()
        expect(page.get_by_role("row", name="Pia Pause")).to_contain_text("Overdue 5 days")
        page.goto(f"{live_server.url}/regimen/{regimen.public_id}/direction/")
        look(page, "direction")
