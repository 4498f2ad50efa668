from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from regimens.models import RegimenState
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]

WEDNESDAY = datetime(2026, 1, 14, 9, 0, tzinfo=UTC)


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


def waiting(clinic, nurse, name, starts_on, **fields):
    return a_regimen(a_patient(clinic, name=name, **fields), nurse, starts_on=starts_on)


def page(client, nurse, query=""):
    return signed_in(client, nurse).get(f"{reverse('regimens:due_list')}{query}")


def rows(answer):
    return [*answer.context["pinned"], *answer.context["rows"]]


def names(answer):
    return [row["name"] for row in rows(answer)]


def counts(answer):
    return {tab["label"]: tab["count"] for tab in answer.context["tabs"]}


TO_GIVE, NEAR = "To give", "Up to 7 days"


@pytest.mark.parametrize(
    ("starts_on", "label"),
    [
        (date(2025, 12, 31), "Long overdue"),
        (date(2026, 1, 1), "Overdue"),
        (date(2026, 1, 12), "Overdue"),  # alternate days: on time from the 11th to the 13th
        (date(2026, 1, 13), "Due today"),
        (date(2026, 1, 14), "Due today"),
        (date(2026, 1, 15), "Next 7 days"),
        (date(2026, 1, 21), "Next 7 days"),
    ],
)
def test_a_dose_stands_in_the_band_of_its_day(client, clinic, nurse, starts_on, label):
    waiting(clinic, nurse, "Ada Band", starts_on)

    answer = page(client, nurse, "?band=up_to_a_week")

    to_give = {} if label == "Next 7 days" else {TO_GIVE: 1}
    assert {name: count for name, count in counts(answer).items() if count} == {NEAR: 1, label: 1} | to_give
    assert names(answer) == ["Ada Band"]


@pytest.mark.parametrize(
    ("starts_on", "found"),
    [
        (date(2025, 12, 31), ["Ada Band"]),
        (date(2026, 1, 12), ["Ada Band"]),
        (date(2026, 1, 14), ["Ada Band"]),
        (date(2026, 1, 15), []),
    ],
)
@pytest.mark.parametrize("address", ["/due/", "/due/sheet/"])
def test_what_is_to_give_is_shown_first_and_printed(client, clinic, nurse, starts_on, found, address):
    waiting(clinic, nurse, "Ada Band", starts_on)

    answer = signed_in(client, nurse).get(address)

    assert [row["name"] for row in [*answer.context.get("pinned", []), *answer.context["rows"]]] == found


def test_the_first_tab_is_that_of_what_is_to_give(client, clinic, nurse):
    assert next(iter(counts(page(client, nurse)))) == TO_GIVE
    assert [tab["label"] for tab in page(client, nurse).context["tabs"] if tab["current"]] == [TO_GIVE]
    near = page(client, nurse, "?band=up_to_a_week").context
    assert [tab["label"] for tab in near["tabs"] if tab["current"]] == [NEAR]
    assert [drop["label"] for drop in near["drops"]] == [NEAR]


def test_a_dose_eight_days_ahead_stands_in_later_and_not_yet_among_the_others(client, clinic, nurse):
    waiting(clinic, nurse, "Ada Later", date(2026, 1, 22))

    assert names(page(client, nurse)) == []
    assert counts(page(client, nurse))["Later"] == 1
    assert names(page(client, nurse, "?band=later")) == ["Ada Later"]
    assert names(page(client, nurse, "?as_of=2026-01-15")) == []
    assert names(page(client, nurse, "?as_of=2026-01-15&band=up_to_a_week")) == ["Ada Later"]


def test_somebody_who_missed_many_doses_stands_on_the_list_once(client, clinic, nurse):
    regimen = waiting(clinic, nurse, "Ada Missed", date(2025, 12, 1))
    give(regimen, nurse, date(2025, 12, 1))

    answer = page(client, nurse)

    assert names(answer) == ["Ada Missed"]
    assert rows(answer)[0]["standing"] == "Long overdue, 42 days"
    assert rows(answer)[0]["count"] == "Loading 2 of 6"


@pytest.mark.parametrize("field", ["died_on", "moved_on"])
def test_somebody_who_died_or_moved_is_never_on_the_list(client, clinic, nurse, field):
    regimen = waiting(clinic, nurse, "Ada Gone", date(2026, 1, 14))
    setattr(regimen.patient, field, date(2026, 1, 13))
    regimen.patient.save()

    assert names(page(client, nurse)) == []


def test_a_paused_regimen_is_not_on_the_list(client, clinic, nurse):
    regimen = waiting(clinic, nurse, "Ada Paused", date(2026, 1, 14))
    regimen.state = RegimenState.PAUSED
    regimen.save()

    assert names(page(client, nurse)) == []


def test_another_clinic_is_not_seen(client, nurse):
    stranger = a_user(a_clinic(), "nurse")
    waiting(stranger.memberships.get().clinic, stranger, "Carla Canary", date(2026, 1, 14))

    assert b"Canary" not in page(client, nurse).content
    assert b"Canary" not in page(client, nurse, "?q=carla").content


@pytest.mark.parametrize("text", ["ada", "ÁDA", "search", "adé"])
def test_a_search_finds_first_and_last_name_without_accents(client, clinic, nurse, text):
    waiting(clinic, nurse, "Ada Search", date(2026, 1, 14))

    assert names(page(client, nurse, f"?q={text}")) == ([] if text == "adé" else ["Ada Search"])


def test_a_search_finds_an_identifier(client, clinic, nurse):
    waiting(clinic, nurse, "Ada Number", date(2026, 1, 14), record_number="C1234")
    waiting(clinic, nurse, "Ben Other", date(2026, 1, 14), record_number="C9999")

    assert names(page(client, nurse, "?q=C1234")) == ["Ada Number"]


def test_counts_follow_the_search(client, clinic, nurse):
    waiting(clinic, nurse, "Ada Count", date(2026, 1, 14))
    waiting(clinic, nurse, "Ben Count", date(2026, 1, 14))

    assert counts(page(client, nurse, "?q=ada"))["Due today"] == 1
    assert counts(page(client, nurse))["Due today"] == 2


def test_filters_are_kept_when_nobody_is_found(client, clinic, nurse):
    answer = page(client, nurse, "?q=nobody&band=overdue&as_of=2026-01-15")

    body = answer.content.decode()
    assert 'value="nobody"' in body and 'value="2026-01-15"' in body and 'value="overdue"' in body


@pytest.mark.parametrize(
    "query", ["?as_of=yesterday", "?after=x", "?band=nonsense", "?q=%00", "?after=2026-01-01.x"]
)
def test_an_address_that_cannot_be_read_still_shows_the_list(client, clinic, nurse, query):
    waiting(clinic, nurse, "Ada Still", date(2026, 1, 14))

    assert page(client, nurse, query).status_code == 200


def test_a_long_list_goes_on_by_key(client, clinic, nurse):
    for number in range(52):
        waiting(clinic, nurse, f"Person {number:02d}", date(2026, 1, 14))

    first = page(client, nurse)
    second = client.get(first.context["next_url"])

    assert (len(names(first)), len(names(second))) == (50, 2)
    assert not set(names(first)) & set(names(second))
    assert second.context["next_url"] == ""


def test_a_name_is_shown_as_text(client, clinic, nurse):
    waiting(clinic, nurse, "<script>alert(1)</script>", date(2026, 1, 14))

    assert b"<script>alert(1)" not in page(client, nurse).content


def test_looking_leaves_an_audit_event(client, clinic, nurse):
    page(client, nurse)

    assert AuditEvent.objects.filter(action="due_list.viewed", actor=nurse, clinic=clinic).count() == 1
