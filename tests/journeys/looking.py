"""What every journey does on a page: sign in, look at it with axe, keep a picture of it."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

from tests.factories.people import PASSWORD

PICTURES = Path(os.environ.get("B12_SCREENSHOTS", "build/screenshots"))
WIDTHS = (1280, 390)


def sign_in(page: Page, address: str, name: str, password: str = PASSWORD) -> None:
    """Through the front door, with the password of the factories unless another is given."""
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Username or e-mail").or_(page.locator("input[name=login]")).first.fill(name)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()


def look(page: Page, name: str) -> None:
    """Keep the page at both widths; axe finds nothing, and nothing runs off the side."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.fonts.ready.then(() => null)")  # the icons are letters of a font
        suffix = "" if width == WIDTHS[0] else f"-{width}"
        keep_picture(page, PICTURES / f"{name}{suffix}.png", whole=width != WIDTHS[0])
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], f"{name} at {width}"
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0, f"{name} at {width} runs {beyond} px off the side"
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def keep_picture(page: Page, path: Path, *, whole: bool) -> None:
    """Take the picture; a browser on a busy machine sometimes has no frame to give just after a resize, and is asked again."""
    try:
        page.screenshot(path=str(path), full_page=whole)
    except Error:
        page.wait_for_timeout(1000)
        page.screenshot(path=str(path), full_page=whole)
