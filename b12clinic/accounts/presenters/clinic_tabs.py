"""The pages of the clinic's set-up, as tabs."""

from django.urls import get_urlconf

from b12clinic.accounts.navigation import address_of

PAGES = (
    ("Clinic", "clinic:set_up"),
    ("Closed days", "clinic:closed_days"),
    ("People", "clinic:people"),
    ("Reminders", "messages:set_up"),
    ("Wording", "messages:wordings"),
    ("Formulary", "regimens:formulary"),
    ("Audit trail", "regimens:audit"),
)


def clinic_tabs(current: str) -> list[dict[str, object]]:
    """The tabs with the page named `current` marked; a page without an address is left out."""
    named = [(label, name, address_of(name, get_urlconf())) for label, name in PAGES]
    return [{"label": label, "url": url, "current": name == current} for label, name, url in named if url]
