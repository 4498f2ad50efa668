"""Counts and rows agree under every combination of filters; what narrows the list is named and can be dropped."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
import time_machine
from django.urls import reverse

from regimens.forms.due_list import read_asked
from regimens.models import ContactAttempt
from regimens.presenters.due_filters import tabs_of
from regimens.views.due_list import read_page
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, SIX_DOSES, WEEKLY, a_regimen, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

WEDNESDAY = datetime(2026, 1, 14, 9, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
LABELS = {
    "": "To give",
    "long_overdue": "Long overdue",
    "overdue": "Overdue",
    "today": "Due today",
    "week": "Next 7 days",
    "later": "Later",
    "up_to_a_week": "Up to 7 days",
}


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


def page(client, nurse, query=""):
    return signed_in(client, nurse).get(f"{reverse('regimens:due_list')}{query}")


def everybody(clinic, nurse):
    """Three kinds of phase in every band; of each the second was called and agreed, a third is neurological."""
    starts = (date(2025, 11, 3), date(2026, 1, 9), TODAY, date(2026, 1, 19), date(2026, 2, 2))
    for number, (starts_on, spec) in enumerate(product(starts, (SIX_DOSES, EVERY_THREE_MONTHS, WEEKLY))):
        patient = a_patient(clinic, name=f"{'Ada' if number % 2 else 'Ben'} Person{number}")
        dose = next_dose(a_regimen(patient, nurse, spec, starts_on=starts_on, neurological=number % 3 == 0))
        if number % 2:
            ContactAttempt.objects.create(
                patient=patient,
                clinic=clinic,
                dose=dose,
                channel="phone",
                outcome="agreed_to_visit",
                on=TODAY,
                by=nurse,
                at=WEDNESDAY,
            )


def text_adds(text, counts):
    """A search looks beyond what is to give."""
    return counts["Next 7 days"] + counts["Later"] if text else 0


@pytest.mark.parametrize("as_of", ["2026-01-13", "2026-01-14"])
def test_counts_agree_with_the_rows_whatever_the_filter(nurse, clinic, as_of):
    everybody(clinic, nurse)
    seen = set()
    for kind, drug, called, text in product(
        ("", "loading", "taper"), ("", "cyanocobalamin"), ("", "not_called", "agreed"), ("", "ada", "person")
    ):
        for band in LABELS:
            given = {"as_of": as_of, "kind": kind, "drug": drug, "called": called, "q": text, "band": band}
            asked, _ = read_asked(given, TODAY)
            found = read_page(clinic, asked)
            tabs = tabs_of(asked, found.counts)
            counts = {tab["label"]: tab["count"] for tab in tabs}
            labels = {**LABELS, "": "All bands"} if text else LABELS
            assert [tab["label"] for tab in tabs if tab["current"]] == [labels[band]]
            assert counts[labels[band]] == len(found.rows), given
            assert list(counts) == list(labels.values())
            to_give = counts["Long overdue"] + counts["Overdue"] + counts["Due today"]
            assert counts["Up to 7 days"] == to_give + counts["Next 7 days"]
            assert counts[labels[""]] == to_give + text_adds(text, counts)
            seen.add((band, len(found.rows) > 0))
    assert {band for band, some in seen if some} == set(LABELS), "a band that is never filled proves nothing"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=maintenance", {"Mia Maintenance"}),
        ("?drug=cyanocobalamin", {"Cy Weekly"}),
        ("?route=im", {"Mia Maintenance", "Cy Weekly"}),
        ("?route=sc", set()),
        ("?kind=nonsense&drug=x&route=y&called=z", {"Mia Maintenance", "Cy Weekly"}),
    ],
)
def test_the_list_is_narrowed_by_phase_drug_and_route(client, nurse, clinic, query, found):
    a_regimen(a_patient(clinic, name="Mia Maintenance"), nurse, EVERY_THREE_MONTHS, starts_on=TODAY)
    a_regimen(a_patient(clinic, name="Cy Weekly"), nurse, WEEKLY, starts_on=TODAY)

    assert {row["name"] for row in page(client, nurse, query).context["rows"]} == found


def test_an_empty_list_names_its_filters_with_a_link_to_drop_each(client, nurse, clinic):
    whose = f"&clinic={clinic.public_id}"
    answer = page(client, nurse, "?as_of=2026-01-15&band=overdue&kind=taper&called=agreed&q=zed")

    assert answer.context["drops"] == [
        {
            "label": "Overdue",
            "url": f"/due/?as_of=2026-01-15&kind=taper&called=agreed&q=zed{whose}",
        },
        {"label": "Taper", "url": f"/due/?as_of=2026-01-15&band=overdue&called=agreed&q=zed{whose}"},
        {"label": "Agreed to come", "url": f"/due/?as_of=2026-01-15&band=overdue&kind=taper&q=zed{whose}"},
        {
            "label": "Search “zed”",
            "url": f"/due/?as_of=2026-01-15&band=overdue&kind=taper&called=agreed{whose}",
        },
        {"label": "As of Thu 15 Jan", "url": f"/due/?band=overdue&kind=taper&called=agreed&q=zed{whose}"},
    ]
    body = answer.content.decode()
    assert "Nobody here" in body and body.count("Drop </span>") == 5
    assert '<option value="taper" selected>' in body and '<option value="agreed" selected>' in body


def test_counts_of_zero_are_shown(client, nurse):
    body = page(client, nurse).content.decode()

    assert body.count('<span class="count">0</span>') == 7


@pytest.mark.parametrize(
    ("query", "mark"),
    [
        ("", "today"),
        ("?as_of=2026-01-15", "1 day ahead"),
        ("?as_of=2026-01-12", "looking back 2 days"),
    ],
)
def test_the_page_says_which_way_it_looks(client, nurse, query, mark):
    assert page(client, nurse, query).context["looking"]["mark"] == mark


def test_somebody_of_two_clinics_switches_in_the_filter_bar_and_keeps_the_filters(client, nurse, clinic):
    other = a_clinic(name="Another Clinic")
    nurse.memberships.create(clinic=other, role="nurse")
    a_regimen(a_patient(other, name="Olive Other"), nurse, starts_on=TODAY)
    asked = "/due/?band=today"

    assert 'id="due-clinic"' in page(client, nurse, "?band=today").content.decode()
    answer = client.post(
        reverse("clinic:switch"), {"clinic": str(other.public_id), "next": asked}, follow=True
    )

    assert answer.redirect_chain == [(asked, 302)]
    assert [row["name"] for row in answer.context["rows"]] == ["Olive Other"]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "due/"])
def test_the_switch_leads_nowhere_else(client, nurse, clinic, elsewhere):
    signed_in(client, nurse)

    answer = client.post(reverse("clinic:switch"), {"clinic": str(clinic.public_id), "next": elsewhere})

    assert answer["Location"] == "/"


def days_offered(client, nurse, at):
    with time_machine.travel(at, tick=False):
        context = page(client, nurse).context
    return [(one["label"], one["url"], one["closed"]) for one in context["days"]]


def test_where_tomorrow_is_closed_the_next_clinic_day_is_offered(client, nurse, clinic):
    clinic.closed_days.create(on=date(2026, 1, 19), why="Training")
    whose = f"clinic={clinic.public_id}"

    assert days_offered(client, nurse, datetime(2026, 1, 16, 9, 0, tzinfo=UTC)) == [
        ("Yesterday", f"/due/?as_of=2026-01-15&{whose}", False),
        ("Today", f"/due/?{whose}", False),
        ("Tomorrow", f"/due/?as_of=2026-01-17&{whose}", True),
        ("Next clinic day, Tue 20 Jan", f"/due/?as_of=2026-01-20&{whose}", False),
    ]
    assert [label for label, _, _ in days_offered(client, nurse, WEDNESDAY)] == [
        "Yesterday",
        "Today",
        "Tomorrow",
    ]


@pytest.mark.parametrize(
    ("as_of", "closed"), [("2026-01-16", False), ("2026-01-17", True), ("2026-01-19", True)]
)
def test_a_day_on_which_the_clinic_is_closed_says_so(client, nurse, clinic, as_of, closed):
    clinic.closed_days.create(on=date(2026, 1, 19), why="Training")

    answer = page(client, nurse, f"?as_of={as_of}")

    assert answer.context["closed"] is closed
    assert ('<span class="mark">Closed</span></p>' in answer.content.decode()) is closed


def test_a_clinic_closed_for_a_year_offers_no_next_day(client, nurse, clinic):
    clinic.open_weekdays = [0]
    clinic.save()
    for week in range(53):
        clinic.closed_days.create(on=date(2026, 1, 19) + timedelta(weeks=week), why="Rebuilding")

    assert len(days_offered(client, nurse, WEDNESDAY)) == 3
