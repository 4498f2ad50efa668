"""Yesterday's list as it stood: what was recorded since still waits, at the date it had then."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from b12clinic.patients.services.note_death import note_death
from b12clinic.patients.services.note_move import note_move
from b12clinic.patients.services.note_return import note_return
from regimens.models import Administration, DoseState
from regimens.services.correct_administration import enter_in_error
from regimens.services.pause_regimen import pause_regimen
from regimens.services.record_administration import record_given
from regimens.services.stop_regimen import stop_regimen
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen, an_injection, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

WEDNESDAY = datetime(2026, 1, 14, 9, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
BACK = "?as_of=2026-01-13"


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


def rows(client, nurse, query=BACK):
    query = f"{query}&band=up_to_a_week" if query else "?band=up_to_a_week"
    context = signed_in(client, nurse).get(f"{reverse('regimens:due_list')}{query}").context
    return [*context["pinned"], *context["rows"]]


def told(client, nurse, query=BACK):
    return [(row["name"], row["count"], row["due"]) for row in rows(client, nurse, query)]


def waiting(clinic, nurse, name="Ada Then", starts_on=date(2026, 1, 12), *specs, **fields):
    return a_regimen(a_patient(clinic, name=name), nurse, *specs, starts_on=starts_on, **fields)


def test_a_dose_given_that_day_still_waits_on_its_list_and_one_given_before_does_not(client, nurse, clinic):
    given_then = waiting(clinic, nurse, "Ada Then")
    given_before = waiting(clinic, nurse, "Ben Before")
    give(given_then, nurse, date(2026, 1, 13))
    give(given_before, nurse, date(2026, 1, 12))

    assert told(client, nurse) == [
        ("Ada Then", "Loading 1 of 6", "due Mon 12 Jan"),
        ("Ben Before", "Loading 2 of 6", "due Wed 14 Jan"),
    ]
    assert [row["since"] for row in rows(client, nurse)] == ["Given since, Tue 13 Jan", ""]
    assert [name for name, _, _ in told(client, nurse, "?as_of=2026-01-12")] == ["Ada Then", "Ben Before"]


def test_the_list_of_today_is_not_told_as_looking_back(client, nurse, clinic):
    give(waiting(clinic, nurse), nurse, date(2026, 1, 13))

    assert told(client, nurse, "") == [("Ada Then", "Loading 2 of 6", "due Thu 15 Jan")]
    assert [row["since"] for row in rows(client, nurse, "")] == [""]


def moved(regimen, nurse, at, was, now):
    """The dose waited for is moved by a revision of that moment; its window keeps its margins of a day either side."""
    dose = next_dose(regimen)
    revision = regimen.revisions.create(
        number=regimen.revisions.count() + 1, kind="adjusted", reason="Asked for", by=nurse, at=at
    )
    revision.moves.create(dose=dose, was_due_on=was, due_on=now)
    dose.due_on, dose.earliest_on, dose.overdue_on = now, now - timedelta(days=1), now + timedelta(days=2)
    dose.save()


@pytest.mark.parametrize(
    ("query", "due", "standing", "window"),
    [
        ("?as_of=2026-01-12", "due Mon 12 Jan", "Due today", "window Sun 11 Jan to Tue 13 Jan"),
        ("?as_of=2026-01-13", "due Fri 16 Jan", "In 3 days", "window Thu 15 Jan to Sat 17 Jan"),
        ("", "due Mon 19 Jan", "In 5 days", "window Sun 18 Jan to Tue 20 Jan"),
    ],
)
def test_a_dose_moved_since_stands_at_the_date_and_window_of_then(
    client, nurse, clinic, query, due, standing, window
):
    regimen = waiting(clinic, nurse)
    moved(regimen, nurse, datetime(2026, 1, 12, 10, 0, tzinfo=UTC), date(2026, 1, 12), date(2026, 1, 16))
    moved(regimen, nurse, datetime(2026, 1, 13, 10, 0, tzinfo=UTC), date(2026, 1, 16), date(2026, 1, 18))
    moved(regimen, nurse, WEDNESDAY, date(2026, 1, 18), date(2026, 1, 19))

    [row] = rows(client, nurse, query)

    assert (row["due"], row["standing"], row["window"]) == (due, standing, window)


def recorded(regimen, nurse, given_on, at):
    """The dose waited for, recorded at a moment as given on a day before it."""
    return record_given(
        dose=next_dose(regimen),
        injection=an_injection(given_on),
        form_key=uuid4(),
        by=nurse,
        at=at,
        today=at.date(),
    ).administration


def test_what_was_recorded_late_still_waits_on_the_list_of_the_morning_before(client, nurse, clinic):
    recorded(waiting(clinic, nurse), nurse, date(2026, 1, 12), WEDNESDAY)

    assert told(client, nurse) == [("Ada Then", "Loading 1 of 6", "due Mon 12 Jan")]
    assert [row["since"] for row in rows(client, nurse)] == ["Recorded since: given Mon 12 Jan"]
    assert [row["last"] for row in rows(client, nurse)] == ["None yet"]


@pytest.mark.parametrize(
    ("at", "count"),
    [
        (datetime(2026, 1, 12, 23, 59, tzinfo=UTC), "Loading 2 of 6"),
        (datetime(2026, 1, 13, 0, 0, tzinfo=UTC), "Loading 1 of 6"),
    ],
)
def test_the_moment_of_recording_decides_to_the_minute(client, nurse, clinic, at, count):
    recorded(waiting(clinic, nurse), nurse, date(2026, 1, 12), at)

    assert [row["count"] for row in rows(client, nurse)] == [count]


def found_wrong(administration, nurse, at):
    """The entry is called an error at a moment; the row itself bears the database's clock, so it is set here."""
    enter_in_error(
        administration=administration,
        reason="Another patient",
        form_key=uuid4(),
        by=nurse,
        at=at,
        today=at.date(),
    )
    Administration.objects.filter(corrects=administration).update(recorded_at=at)


@pytest.mark.parametrize(
    ("at", "count", "last"),
    [
        (datetime(2026, 1, 12, 23, 59, tzinfo=UTC), "Loading 1 of 6", "None yet"),
        (datetime(2026, 1, 13, 0, 0, tzinfo=UTC), "Loading 2 of 6", "Fri 9 Jan, left deltoid"),
        (WEDNESDAY, "Loading 2 of 6", "Fri 9 Jan, left deltoid"),
    ],
)
def test_an_injection_called_an_error_later_still_counted_that_morning(
    client, nurse, clinic, at, count, last
):
    first = give(waiting(clinic, nurse, "Ada Then", date(2026, 1, 9)), nurse, date(2026, 1, 9))
    found_wrong(first.administration, nurse, at)

    assert [(row["count"], row["last"]) for row in rows(client, nurse)] == [(count, last)]
    assert [row["count"] for row in rows(client, nurse, "")] == ["Loading 1 of 6"]


@pytest.mark.parametrize(
    ("noted_at", "names"),
    [
        (datetime(2026, 1, 12, 23, 59, tzinfo=UTC), []),
        (datetime(2026, 1, 13, 0, 0, tzinfo=UTC), ["Ada Then"]),
        (WEDNESDAY, ["Ada Then"]),
    ],
)
def test_somebody_whose_death_was_not_known_yet_is_still_on_it(client, nurse, clinic, noted_at, names):
    patient = waiting(clinic, nurse).patient
    note_death(
        patient=patient,
        version=patient.version,
        died_on=date(2026, 1, 10),
        reason="Told by the practice",
        by=nurse,
        at=noted_at,
        today=noted_at.date(),
    )

    assert [row["name"] for row in rows(client, nurse)] == names


def test_somebody_who_came_back_since_is_not_on_it(client, nurse, clinic):
    patient = waiting(clinic, nurse).patient
    note_move(
        patient=patient,
        version=patient.version,
        moved_on=date(2026, 1, 10),
        reason="Told by the practice",
        by=nurse,
        at=datetime(2026, 1, 10, 9, 0, tzinfo=UTC),
        today=date(2026, 1, 10),
    )
    patient.refresh_from_db()
    note_return(patient=patient, version=patient.version, reason="Is back", by=nurse, at=WEDNESDAY)

    assert rows(client, nurse) == []
    assert [row["name"] for row in rows(client, nurse, "")] == ["Ada Then"]


@pytest.mark.parametrize("field", ["died_on", "moved_on"])
@pytest.mark.parametrize(
    ("day", "names"), [(date(2026, 1, 12), []), (date(2026, 1, 13), ["Ada Then"]), (TODAY, ["Ada Then"])]
)
def test_somebody_who_died_or_moved_later_is_still_on_it(client, nurse, clinic, field, day, names):
    patient = waiting(clinic, nurse).patient
    setattr(patient, field, day)
    patient.save()

    assert [row["name"] for row in rows(client, nurse)] == names
    assert rows(client, nurse, "") == []


@pytest.mark.parametrize(
    ("at", "names"),
    [
        (datetime(2026, 1, 12, 15, 0, tzinfo=UTC), []),
        (datetime(2026, 1, 13, 15, 0, tzinfo=UTC), ["Ada Then"]),
        (WEDNESDAY, ["Ada Then"]),
    ],
)
def test_a_regimen_stopped_later_is_still_on_it(client, nurse, clinic, at, names):
    regimen = waiting(clinic, nurse)
    stop_regimen(
        regimen=regimen, version=regimen.version, reason="Declined", by=nurse, at=at, today=at.date()
    )

    assert [row["name"] for row in rows(client, nurse)] == names
    assert [row["since"] for row in rows(client, nurse)] == ["No longer planned"] * len(names)
    assert rows(client, nurse, "") == []


@pytest.mark.parametrize(
    ("at", "names"),
    [
        (datetime(2026, 1, 12, 23, 59, tzinfo=UTC), []),
        (datetime(2026, 1, 13, 0, 0, tzinfo=UTC), ["Ada Then"]),
        (WEDNESDAY, ["Ada Then"]),
    ],
)
def test_a_regimen_paused_later_is_still_on_it(client, nurse, clinic, at, names):
    regimen = waiting(clinic, nurse)
    pause_regimen(
        regimen=regimen,
        version=regimen.version,
        until_on=date(2026, 2, 1),
        reason="Travel",
        by=nurse,
        at=at,
        today=at.date(),
    )

    assert [row["name"] for row in rows(client, nurse)] == names
    assert rows(client, nurse, "") == []


def test_a_plan_signed_later_is_not_on_it(client, nurse, clinic):
    regimen = waiting(clinic, nurse)
    regimen.revisions.update(at=datetime(2026, 1, 13, 17, 0, tzinfo=UTC))
    assert [row["name"] for row in rows(client, nurse)] == ["Ada Then"]

    regimen.revisions.update(at=datetime(2026, 1, 14, 0, 0, tzinfo=UTC))

    assert rows(client, nurse) == []


def test_bands_and_pins_are_those_of_then(client, nurse, clinic):
    waiting(clinic, nurse, "Nell Nerve", date(2026, 1, 12), neurological=True)
    waiting(clinic, nurse, "Mia Month", date(2025, 12, 15), EVERY_THREE_MONTHS)

    def pinned(query):
        asked = f"{query}&band=up_to_a_week" if query else "?band=up_to_a_week"
        context = signed_in(client, nurse).get(f"/due/{asked}").context
        return [row["name"] for row in context["pinned"]], {
            tab["label"]: tab["count"] for tab in context["tabs"] if tab["count"]
        }

    assert pinned("") == (["Nell Nerve"], {"To give": 2, "Up to 7 days": 2, "Overdue": 1, "Long overdue": 1})
    assert pinned("?as_of=2026-01-13") == (
        [],
        {"To give": 2, "Up to 7 days": 2, "Due today": 1, "Long overdue": 1},
    )
    assert pinned("?as_of=2026-01-11") == (
        [],
        {"To give": 1, "Up to 7 days": 2, "Next 7 days": 1, "Overdue": 1},
    )


def test_a_long_list_of_then_goes_on_by_key(client, nurse, clinic):
    for number in range(52):
        waiting(clinic, nurse, f"Person {number:02d}")

    first = signed_in(client, nurse).get(f"/due/{BACK}").context
    second = client.get(first["next_url"]).context

    names = [row["name"] for context in (first, second) for row in context["rows"]]
    assert len(names) == len(set(names)) == 52
    assert second["next_url"] == ""
    assert "as_of=2026-01-13" in first["next_url"]


def test_one_can_record_from_a_list_that_looks_back(client, nurse, clinic):
    dose = next_dose(waiting(clinic, nurse))
    [row] = rows(client, nurse)

    place = f"2026-01-12.{dose.pk}"
    assert row["given_url"] == f"/due/{dose.public_id}/given/?as_of=2026-01-13&band=up_to_a_week&at={place}"
    assert client.get(row["given_url"]).status_code == 200
    assert dose.state == DoseState.OWED
