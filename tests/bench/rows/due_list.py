"""The due list page: fifty rows against none, and none against a bare page."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from b12clinic.accounts.models import Clinic, Membership, Role, User
from regimens.queries.due_list import waited_for
from tests.bench.report import Figure
from tests.bench.web import Visitor, interleaved, ratio

PAGE_BOUND, EMPTY_BOUND, SEARCH_BOUND, QUERIES_BOUND = 2.5, 5.0, 2.0, 8
ROWS = 50
PAGE, BARE = "/due/", "/bare"


def due_list_page_ratio() -> list[Figure]:
    """CPU a request of the page with fifty rows, against the same page for a clinic with no doses."""
    with visitors() as (full, empty):
        rows, none = full.get(PAGE).count(" data-row>"), empty.get(PAGE).count(" data-row>")
        if (rows, none) != (ROWS, 0):
            raise RuntimeError(f"the pages to compare have {rows} and {none} rows")
        fifty, nothing = interleaved(lambda: full.get(PAGE), lambda: empty.get(PAGE))
    value, spread = ratio(fifty, nothing)
    beside = f"{spread} 50 rows: {fifty.told()}; none: {nothing.told()}"
    return [Figure("due_list_page_ratio", value, "ratio", PAGE_BOUND, beside)]


def empty_page_ratio() -> list[Figure]:
    """CPU a request of the page of a clinic with no doses, against a bare page behind the same sign-in."""
    with visitors() as (_, empty):
        page, bare = interleaved(lambda: empty.get(PAGE), lambda: empty.get(BARE))
    value, spread = ratio(page, bare)
    return [
        Figure(
            "empty_page_ratio",
            value,
            "ratio",
            EMPTY_BOUND,
            f"{spread} none: {page.told()}; bare: {bare.told()}",
        )
    ]


def due_list_queries() -> list[Figure]:
    """How many queries the page with fifty rows takes; tests see to it that the number does not grow."""
    with visitors() as (full, _):
        full.get(PAGE)
        with CaptureQueriesContext(connection) as caught:
            full.get(PAGE)
    return [Figure("due_list_queries", len(caught), "queries", QUERIES_BOUND)]


def due_list_search_ratio() -> list[Figure]:
    """Wall time of the page searched by the first letters of a name, against the page: the database does the work."""
    with visitors() as (full, _):
        searched = f"{PAGE}?{urlencode({'q': _beginning()})}"
        if "data-row>" not in full.get(searched):
            raise RuntimeError("the search finds nobody")
        found, page = interleaved(lambda: full.get(searched), lambda: full.get(PAGE))
    value = statistics.median(found.wall) / statistics.median(page.wall)
    beside = f"searched: {found.told()}; page: {page.told()}"
    return [Figure("due_list_search_ratio", value, "ratio", SEARCH_BOUND, beside)]


def _beginning() -> str:
    """Three letters, as somebody has typed them so far, of a patient who waits in the seeded clinic."""
    clinic = seeded_user().memberships.order_by("pk").first().clinic
    waiting = waited_for(clinic).filter(due_on__lte=timezone.localdate()).order_by("due_on")
    return str(waiting.values_list("patient__name_key", flat=True)[0][:3])


def seeded_user() -> User:
    """Somebody who works in the first of the seeded clinics."""
    return User.objects.filter(memberships__isnull=False).order_by("pk")[0]


@contextmanager
def visitors() -> Iterator[tuple[Visitor, Visitor]]:
    """Somebody of a seeded clinic, and somebody with the same roles in a clinic without a dose."""
    call_command("collectstatic", interactive=False, verbosity=0)
    from b12clinic.wsgi import application

    clinic, _ = Clinic.objects.get_or_create(name="Clinic without doses")
    other, _ = User.objects.get_or_create(username="nobody-waits", email="nobody-waits@example.org")
    for role in Role.values:
        Membership.objects.get_or_create(user=other, clinic=clinic, role=role)
    yield Visitor(application, _session(seeded_user())), Visitor(application, _session(other))


def _session(user: User | None) -> str:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    assert isinstance(session, SessionStore)
    return session.session_key
