"""What stands around every page: the clinic worked in, its own day, and the places the user's roles may go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from b12clinic.accounts.models import Clinic, Role

EVERYONE = frozenset({Role.PRESCRIBER, Role.NURSE, Role.ADMINISTRATOR})
CLINICAL = frozenset({Role.PRESCRIBER, Role.NURSE})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Place:
    """An entry of the navigation: its address by name, its icon, the roles that see it, and what else lies under it."""

    label: str
    url_name: str
    icon: str
    roles: frozenset[Role]
    also: tuple[str, ...] = ()


PLACES = (
    Place("Worklist", "regimens:worklist", "list-check", CLINICAL),
    Place("Inbox", "monitoring:inbox", "inbox", CLINICAL),
    Place("Due list", "regimens:due_list", "calendar2-check", EVERYONE),
    Place("Calls", "regimens:calls", "telephone", CLINICAL),
    Place(
        "Patients",
        "patients:search",
        "people",
        EVERYONE,
        also=("/chart/", "/plan/", "/regimen/", "/injections/"),
    ),
    Place("Labs", "monitoring:labs", "droplet", CLINICAL),
    Place("Rechecks", "monitoring:rechecks", "arrow-repeat", CLINICAL),
    Place("Messages", "messages:outbox", "envelope", EVERYONE),
    Place("Reports", "regimens:reports", "bar-chart", ADMINISTRATORS),
    Place("Protocols", "regimens:protocols", "journal-medical", EVERYONE),
    Place(
        "Clinic",
        "clinic:set_up",
        "gear",
        ADMINISTRATORS,
        also=("/messages/set-up/", "/messages/wording/"),
    ),
)


@dataclass(frozen=True)
class Entry:
    """A place as the page shows it; `current` while the page lies under its address."""

    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Navigation:
    """`today` and `now` are written out in the clinic's zone, ready to be shown and printed.

    `switch_url` is empty for someone who works in one clinic only.
    """

    clinic: Clinic | None
    today: str
    now: str
    roles: str
    entries: tuple[Entry, ...]
    settings_url: str
    sign_out_url: str
    switch_url: str


def navigation(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """Context processor; built only when a template asks, so that a fragment does not pay for it."""
    return {"navigation": SimpleLazyObject(lambda: build(request, at=timezone.now()))}


def build(request: HttpRequest, *, at: datetime) -> Navigation:
    """The navigation of one request at a moment."""
    clinic: Clinic | None = getattr(request, "clinic", None)
    roles: frozenset[str] = getattr(request, "membership_roles", frozenset())
    local = at.astimezone(ZoneInfo(clinic.time_zone)) if clinic else at
    several = len(getattr(request, "clinics", [])) > 1
    return Navigation(
        clinic=clinic,
        today=f"{local:%A} {local.day} {local:%B %Y}",
        now=f"{local.day} {local:%b %Y, %H:%M}",
        roles=", ".join(str(role.label) for role in Role if role in roles),
        entries=tuple(entries(roles, request.path)),
        settings_url=address_of("account_change_password", get_urlconf()),
        sign_out_url=address_of("account_logout", get_urlconf()),
        switch_url=address_of("clinic:switch", get_urlconf()) if several else "",
    )


def entries(roles: frozenset[str], path: str) -> Iterator[Entry]:
    """The places these roles see, the one that `path` lies under marked current; a place without an address is left out."""
    known = ((place, address_of(place.url_name, get_urlconf())) for place in PLACES if place.roles & roles)
    seen = [(place, url, length_under(path, url, *place.also)) for place, url in known if url]
    closest = max((length for _, _, length in seen), default=0)
    for place, url, length in seen:
        yield Entry(place.label, url, place.icon, 0 < length == closest)


def length_under(path: str, *urls: str) -> int:
    """How much of a page's address a place accounts for; nothing when the page does not lie under it."""
    return max((len(url) for url in urls if path_lies_under(path, url)), default=0)


def path_lies_under(path: str, url: str) -> bool:
    """Whether a page belongs to a place: the same address or one below it; the root owns only itself."""
    return path == url or (url != "/" and path.startswith(url))


@lru_cache(maxsize=256)
def address_of(url_name: str, urlconf: str | None) -> str:
    """The address of a named page, empty while there is none; remembered, since each page asks for all of them."""
    try:
        return reverse(url_name, urlconf=urlconf)
    except NoReverseMatch:
        return ""
