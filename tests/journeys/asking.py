"""The questions before an injection, answered in a browser as of somebody whom nothing speaks against."""

from playwright.sync_api import Page


def ask_before_giving(page: Page) -> None:
    """Two items of identity, then every answer."""
    for name in ("Name", "Date of birth"):
        page.get_by_role("group", name="Who is it?").get_by_label(name, exact=True).check()
    for question, answer in (
        ("Ever reacted", "No"),
        ("Unwell today?", "No"),
        ("Pregnant, or may be?", "Does not apply"),
        ("Takes a blood thinner?", "No"),
        ("Agrees to the injection", "Yes"),
    ):
        group = page.get_by_role("group", name=question)
        if group.count():
            group.get_by_label(answer, exact=True).check()
