"""A nurse works through the calls of a morning: everybody overdue is somewhere, and nobody is called twice by mistake."""

from datetime import UTC, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from regimens.demo.tell import PASSWORD, tell
from tests.journeys.looking import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_nurse_calls_whoever_is_overdue(page, live_server):
    page.set_default_timeout(20_000)
    with time_machine.travel(MONDAY, tick=True):
        tell(MONDAY.date())
        sign_in(page, live_server.url, "nurse", PASSWORD)
        page.get_by_role("link", name="Calls", exact=True).first.click()
        rows = page.locator("[data-row]")
        expect(rows).to_have_count(2)
        expect(rows.nth(0)).to_contain_text("Boris Example")
        expect(rows.nth(0)).to_contain_text("Neurological loading")
        expect(rows.nth(1)).to_contain_text("Needs another way to reach")
        look(page, "calls")

        page.get_by_role("link", name="Record attempt for Boris Example").click()
        page.get_by_role("button", name="Record attempt").click()
        expect(page.get_by_role("alert").first).to_contain_text("What came of it")
        look(page, "record-attempt")

        page.get_by_label("What came of it").select_option("agreed_to_visit")
        page.get_by_label("Next day").fill("2026-11-25")
        page.get_by_role("button", name="Record attempt").click()
        expect(page.get_by_text("agreed to come on Wed 25 Nov")).to_be_visible()
        expect(rows).to_have_count(1)

        page.get_by_role("link", name="Agreed to come").click()
        expect(page.get_by_role("row", name="Boris Example")).to_contain_text("Comes Wed 25 Nov")
        expect(page.get_by_role("row", name="Liam Pseudonym")).to_contain_text("2 attempts")
        look(page, "calls-agreed")

        page.get_by_role("link", name="Liam Pseudonym", exact=True).click()
        expect(page.get_by_role("region", name="Attempts to reach")).to_contain_text("Was away with work")
        page.get_by_role("link", name="Add attempt").click()
        page.get_by_label("What came of it").select_option("declined")
        page.get_by_label("Note").fill("Wants tablets instead")
        page.get_by_role("button", name="Record attempt").click()
        page.get_by_role("link", name="Record not given").click()
        expect(page.get_by_label("Why it was not given")).to_have_value("declined")
        expect(page.get_by_label("In your words")).to_have_value("Wants tablets instead")
