"""The components in a real browser: nobody is shut out, nothing runs off the side, the keys work."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.factories.people import a_clinic, a_user, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = [1280, 390]


def violations(page):
    """What axe finds wrong, as rule and first offender."""
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def beyond_the_side(page):
    """Pixels that the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture
def gallery(page, live_server, client):
    """The gallery, open for someone with every role."""
    signed_in(client, a_user(a_clinic(), "prescriber", "nurse", "administrator"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/clinic/components/")
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_the_sign_in_page_is_accessible(page, live_server, width):
    page.set_viewport_size({"width": width, "height": 850})
    page.goto(f"{live_server.url}/accounts/login/")
    assert violations(page) == []
    assert beyond_the_side(page) == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_every_component_is_accessible(gallery, width):
    gallery.set_viewport_size({"width": width, "height": 850})
    assert violations(gallery) == []
    assert beyond_the_side(gallery) == 0


def test_on_a_phone_a_menu_button_opens_the_navigation(gallery):
    gallery.set_viewport_size({"width": 390, "height": 850})
    assert not gallery.get_by_role("link", name="Settings").is_visible()
    gallery.get_by_role("button", name="Menu").click()
    assert gallery.get_by_role("link", name="Settings").is_visible()
    gallery.keyboard.press("Escape")
    assert not gallery.get_by_role("link", name="Settings").is_visible()


def test_keys_walk_the_rows_and_find_the_search(gallery):
    gallery.keyboard.press("j")
    assert "Testperson, Ada" in gallery.locator(":focus").inner_text()
    gallery.keyboard.press("j")
    assert "Muster, Milan" in gallery.locator(":focus").inner_text()
    gallery.keyboard.press("k")
    assert "Testperson, Ada" in gallery.locator(":focus").inner_text()
    gallery.keyboard.press("/")
    assert gallery.locator(":focus").get_attribute("name") == "q"


def test_keys_are_letters_while_one_types(gallery):
    gallery.keyboard.press("/")
    gallery.keyboard.type("jgn?")
    assert gallery.locator(":focus").input_value() == "jgn?"


def test_a_question_mark_opens_the_help(gallery):
    gallery.keyboard.press("?")
    assert gallery.get_by_role("dialog", name="Keys on this list").is_visible()
    assert violations(gallery) == []


def test_a_form_is_sent_once_however_often_it_is_pressed(gallery):
    gallery.get_by_label("Why is it stopped?").fill("Moved away")
    gallery.locator("form.reason").evaluate(
        "form => form.addEventListener('submit', (e) => { e.preventDefault(); window.sent = (window.sent || 0) + 1; })"
    )
    button = gallery.get_by_role("button", name="Stop the regimen")
    button.click()
    assert button.get_attribute("aria-disabled") == "true"
    button.click(force=True)
    assert gallery.evaluate("window.sent") == 1
