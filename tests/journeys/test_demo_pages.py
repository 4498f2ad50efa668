"""The demo clinic's pages, full of people: the pictures in the README are taken here.

`B12_SCREENSHOTS=docs/screenshots` renews them.
"""

from datetime import UTC, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from regimens.demo.tell import PASSWORD, tell
from tests.journeys.looking import look, sign_in, sign_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_the_demo_clinic_is_worth_looking_at(page, live_server):
    page.set_default_timeout(10_000)
    with time_machine.travel(MONDAY, tick=True):
        tell(MONDAY.date())
        sign_in(page, live_server.url, "nurse", PASSWORD)
        expect(page.get_by_role("row", name="Carla Specimen")).to_contain_text("Long overdue")
        look(page, "due-list")
        page.get_by_role("link", name="Up to 7 days").click()
        page.get_by_role("link", name="Ada Sample", exact=True).click()
        look(page, "chart")
        sign_out(page)
        sign_in(page, live_server.url, "doctor", PASSWORD)
        look(page, "worklist")
        unsigned = page.get_by_role("region", name="Plans not signed")
        unsigned.get_by_role("link", name="Frank Testcase", exact=True).click()
        look(page, "compare")
        page.get_by_role("link", name="Use this protocol").first.click()
        page.get_by_role("button", name="Show every date").click()
        look(page, "adjust")
        page.get_by_role("link", name="Protocols").first.click()
        look(page, "protocols")
