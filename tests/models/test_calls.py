"""Whom to call on a day: every rule on both sides of its day, and nobody overdue who stands nowhere."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from b12clinic.accounts.models import ClosedDay
from regimens.calendars import calendar_of
from regimens.models import RegimenState
from regimens.protocols.calling import CallState, call_again_on, rests_from
from regimens.protocols.policy import DEFAULT, Policy
from regimens.queries.calls import HOLDS, Asked, Filter, calls_counts, calls_page
from regimens.queries.due_list import waited_for
from regimens.services.correct_administration import enter_in_error
from regimens.services.record_administration import record_not_given
from tests.factories.contacts import a_contact
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import WEEKLY, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

MONDAY = date(2026, 1, 12)
FRIDAY = date(2026, 1, 16)
SATURDAY = date(2026, 1, 17)
SUNDAY = date(2026, 1, 18)
NEXT_MONDAY = date(2026, 1, 19)
NEXT_TUESDAY = date(2026, 1, 20)


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


def overdue(clinic, nurse, name="Ada Overdue", starts_on=MONDAY, **fields):
    """Alternate days from Monday the 12th: the first dose is on time up to the 13th and overdue on the 14th."""
    return next_dose(a_regimen(a_patient(clinic, name=name), nurse, starts_on=starts_on, **fields))


def asked(clinic, as_of, part=Filter.TO_CALL, policy=DEFAULT, **fields):
    rests = rests_from(as_of, calendar_of(clinic), policy)
    return Asked(as_of=as_of, rests_from=rests, part=part, **fields)


def names(clinic, as_of, part=Filter.TO_CALL, **fields):
    rows, _ = calls_page(clinic, asked(clinic, as_of, part, **fields))
    return [row.patient_name for row in rows]


def where(clinic, as_of, policy=DEFAULT):
    """The state of the one patient who is overdue."""
    found = [
        row.state
        for part in (Filter.TO_CALL, Filter.AGREED, Filter.LATER, Filter.REMOVED)
        for row in calls_page(clinic, asked(clinic, as_of, part, policy))[0]
    ]
    [state] = found
    return state


def test_a_dose_is_called_about_from_the_day_it_is_overdue(clinic, nurse):
    overdue(clinic, nurse)

    assert names(clinic, date(2026, 1, 13)) == []
    assert names(clinic, date(2026, 1, 14)) == ["Ada Overdue"]


@pytest.mark.parametrize(
    ("outcome", "next_action_on", "as_of", "state"),
    [
        ("agreed_to_visit", NEXT_MONDAY, FRIDAY, CallState.AGREED),
        ("agreed_to_visit", NEXT_MONDAY, NEXT_MONDAY, CallState.AGREED),
        ("agreed_to_visit", NEXT_MONDAY, NEXT_TUESDAY, CallState.AGAIN),
        ("agreed_to_visit", FRIDAY, FRIDAY, CallState.AGREED),
        ("agreed_to_visit", FRIDAY, SATURDAY, CallState.AGAIN),
        ("agreed_to_visit", None, FRIDAY, CallState.LATER),
        ("agreed_to_visit", None, NEXT_MONDAY, CallState.AGAIN),
        ("remind_to_call_later", NEXT_MONDAY, SUNDAY, CallState.LATER),
        ("remind_to_call_later", NEXT_MONDAY, NEXT_MONDAY, CallState.AGAIN),
        ("no_answer", None, FRIDAY, CallState.LATER),
        ("no_answer", None, SATURDAY, CallState.LATER),
        ("no_answer", None, SUNDAY, CallState.LATER),
        ("no_answer", None, NEXT_MONDAY, CallState.AGAIN),
        ("left_message", None, SUNDAY, CallState.LATER),
        ("left_message", None, NEXT_MONDAY, CallState.AGAIN),
        ("left_message", NEXT_TUESDAY, NEXT_MONDAY, CallState.LATER),
        ("left_message", NEXT_TUESDAY, NEXT_TUESDAY, CallState.AGAIN),
        ("no_answer", FRIDAY, FRIDAY, CallState.AGAIN),
        ("declined", None, SUNDAY, CallState.LATER),
        ("declined", None, NEXT_MONDAY, CallState.AGAIN),
        ("wrong_number", None, FRIDAY, CallState.ANOTHER_WAY),
        ("wrong_number", NEXT_TUESDAY, NEXT_MONDAY, CallState.ANOTHER_WAY),
        ("removed", None, FRIDAY, CallState.REMOVED),
        ("removed", NEXT_MONDAY, NEXT_TUESDAY, CallState.REMOVED),
    ],
)
def test_after_an_attempt_on_friday_the_16th(clinic, nurse, outcome, next_action_on, as_of, state):
    a_contact(overdue(clinic, nurse), nurse, FRIDAY, outcome, next_action_on=next_action_on)

    assert where(clinic, as_of) is state
    again_on = call_again_on(outcome, FRIDAY, next_action_on, calendar_of(clinic), DEFAULT)
    wanted = again_on is not None and again_on <= as_of
    assert wanted is (state in HOLDS[Filter.TO_CALL])


def test_a_day_on_which_the_clinic_is_closed_is_passed_over(clinic, nurse):
    ClosedDay.objects.create(clinic=clinic, on=NEXT_MONDAY, why="Holiday")
    a_contact(overdue(clinic, nurse), nurse, FRIDAY)

    assert where(clinic, NEXT_MONDAY) is CallState.LATER
    assert where(clinic, NEXT_TUESDAY) is CallState.AGAIN


@pytest.mark.parametrize(("open_days", "state"), [(0, CallState.AGAIN), (1, CallState.LATER)])
def test_how_soon_somebody_not_reached_is_tried_again_is_the_clinics_policy(clinic, nurse, open_days, state):
    a_contact(overdue(clinic, nurse), nurse, FRIDAY)

    assert where(clinic, FRIDAY, Policy(call_again_open_days=open_days)) is state


def test_the_last_attempt_counts_and_one_after_the_day_does_not(clinic, nurse):
    dose = overdue(clinic, nurse)
    a_contact(dose, nurse, FRIDAY, "removed")
    a_contact(dose, nurse, NEXT_MONDAY, "remind_to_call_later", next_action_on=NEXT_TUESDAY)

    assert where(clinic, SUNDAY) is CallState.REMOVED
    assert where(clinic, NEXT_MONDAY) is CallState.LATER


def test_attempts_never_end_the_calls_while_the_dose_is_owed(clinic, nurse):
    dose = overdue(clinic, nurse)
    for number in range(30):
        a_contact(dose, nurse, FRIDAY + timedelta(days=number))

    assert where(clinic, date(2036, 1, 16)) is CallState.AGAIN


def test_an_injection_takes_the_patient_off_and_an_entry_in_error_brings_them_back(clinic, nurse):
    dose = overdue(clinic, nurse)
    a_contact(dose, nurse, FRIDAY, "agreed_to_visit", next_action_on=NEXT_MONDAY)
    recorded = give(dose.phase.regimen, nurse, NEXT_TUESDAY)

    everywhere = [names(clinic, NEXT_TUESDAY, part) for part in Filter]
    assert everywhere == [[], [], [], [], [], []]

    enter_in_error(
        administration=recorded.administration,
        reason="Wrong patient",
        form_key=uuid4(),
        by=nurse,
        at=datetime(2026, 1, 20, 13, 0, tzinfo=UTC),
        today=NEXT_TUESDAY,
    )
    assert where(clinic, NEXT_TUESDAY) is CallState.AGAIN


def test_who_was_removed_stays_on_the_due_list_and_returns_with_the_next_dose(clinic, nurse):
    dose = overdue(clinic, nurse)
    a_contact(dose, nurse, FRIDAY, "removed", note="In hospital")

    assert names(clinic, FRIDAY) == []
    assert names(clinic, FRIDAY, Filter.REMOVED) == ["Ada Overdue"]
    assert list(waited_for(clinic)) == [dose]

    give(dose.phase.regimen, nurse, FRIDAY)  # the next is due on Monday the 19th and on time up to the 20th
    assert names(clinic, NEXT_TUESDAY) == []
    assert names(clinic, date(2026, 1, 21), Filter.NOT_CALLED) == ["Ada Overdue"]


def test_neurological_loading_comes_first_then_who_needs_another_way_then_the_longest_overdue(clinic, nurse):
    overdue(clinic, nurse, "Ada Late", date(2026, 1, 5))
    overdue(clinic, nurse, "Ben Later", date(2026, 1, 2))
    wrong = overdue(clinic, nurse, "Cleo Wrong", date(2026, 1, 9))
    overdue(clinic, nurse, "Dora Neurological", date(2026, 1, 12), neurological=True)
    urgent_wrong = overdue(clinic, nurse, "Emil Both", date(2026, 1, 13), neurological=True)
    for dose in (wrong, urgent_wrong):
        a_contact(dose, nurse, FRIDAY, "wrong_number")

    assert names(clinic, FRIDAY) == ["Emil Both", "Dora Neurological", "Cleo Wrong", "Ben Later", "Ada Late"]


def test_pages_follow_each_other_in_that_order_with_nobody_twice_or_left_out(clinic, nurse):
    test_neurological_loading_comes_first_then_who_needs_another_way_then_the_longest_overdue(clinic, nurse)
    overdue(clinic, nurse, "Finn Same Day", date(2026, 1, 5))
    seen, after = [], None
    for _ in range(6):
        rows, more = calls_page(clinic, asked(clinic, FRIDAY, after=after), size=1)
        seen += [row.patient_name for row in rows]
        after = (rows[-1].rank, rows[-1].due_on, rows[-1].id)

    assert not more
    assert seen == [
        "Emil Both",
        "Dora Neurological",
        "Cleo Wrong",
        "Ben Later",
        "Ada Late",
        "Finn Same Day",
    ]


def one_of_each(clinic, nurse):
    overdue(clinic, nurse, "Ada New")
    for name, outcome, day in (
        ("Ben Again", "no_answer", date(2026, 1, 15)),
        ("Cleo Wrong", "wrong_number", FRIDAY),
        ("Dora Agreed", "agreed_to_visit", FRIDAY),
        ("Emil Later", "left_message", FRIDAY),
        ("Finn Removed", "removed", FRIDAY),
    ):
        agreed = NEXT_MONDAY if outcome == "agreed_to_visit" else None
        a_contact(overdue(clinic, nurse, name), nurse, day, outcome, next_action_on=agreed)


def test_everybody_overdue_stands_in_one_part_and_counts_agree_with_rows(clinic, nurse):
    one_of_each(clinic, nurse)
    counts = calls_counts(clinic, asked(clinic, FRIDAY))

    assert counts == {
        Filter.TO_CALL: 3,
        Filter.NOT_CALLED: 1,
        Filter.AGAIN: 2,
        Filter.AGREED: 1,
        Filter.LATER: 1,
        Filter.REMOVED: 1,
    }
    assert {part: len(names(clinic, FRIDAY, part)) for part in Filter} == counts
    assert names(clinic, FRIDAY, Filter.AGAIN) == ["Cleo Wrong", "Ben Again"]


def test_every_state_is_held_by_a_part():
    assert {state for states in HOLDS.values() for state in states} == set(CallState)


def test_a_search_narrows_rows_and_counts_alike(clinic, nurse):
    one_of_each(clinic, nurse)

    assert names(clinic, FRIDAY, text="ada") == ["Ada New"]
    assert calls_counts(clinic, asked(clinic, FRIDAY, text="ada"))[Filter.TO_CALL] == 1


@pytest.mark.parametrize("gone", ["died_on", "moved_on"])
def test_nobody_is_called_who_died_or_moved_away(clinic, nurse, gone):
    patient = overdue(clinic, nurse).patient
    setattr(patient, gone, MONDAY)
    patient.save()

    assert names(clinic, FRIDAY) == []


def test_nobody_is_called_about_a_paused_plan_or_another_clinics_patient(clinic, nurse):
    regimen = overdue(clinic, nurse).phase.regimen
    regimen.state = RegimenState.PAUSED
    regimen.save()
    other = a_user(a_clinic(), "nurse")
    overdue(other.memberships.get().clinic, other, "Zoe Elsewhere")

    assert names(clinic, FRIDAY) == []


@pytest.mark.parametrize("patients", [1, 4])
def test_a_page_takes_three_queries_and_the_counts_one(clinic, nurse, patients):
    for _ in range(patients):
        dose = overdue(clinic, nurse)
        a_contact(dose, nurse, MONDAY)
        a_contact(dose, nurse, date(2026, 1, 13))
    given = asked(clinic, FRIDAY)

    with CaptureQueriesContext(connection) as caught:
        rows, _ = calls_page(clinic, given)
        told = [(len(row.attempts), row.attempts[-1].on, row.attempts[-1].by.pk) for row in rows]
    assert told == [(2, date(2026, 1, 13), nurse.pk)] * patients
    assert len(caught) == 3

    with CaptureQueriesContext(connection) as caught:
        calls_counts(clinic, given)
    assert len(caught) == 1


def test_a_dose_of_another_rhythm_is_called_about_outside_its_own_window(clinic, nurse):
    a_regimen(a_patient(clinic, name="Ada Weekly"), nurse, WEEKLY, starts_on=MONDAY)

    assert names(clinic, date(2026, 1, 14)) == []
    assert names(clinic, date(2026, 1, 15)) == ["Ada Weekly"]


def redated(dose, nurse, due_on, at):
    """The dose is put on a later day by a signed decision, as re-anchoring does."""
    regimen = dose.phase.regimen
    regimen.version = 2
    regimen.save()
    revision = regimen.revisions.create(
        number=2, kind="decided", choice="reanchor", reason="Seven months late", by=nurse, at=at
    )
    revision.moves.create(dose=dose, was_due_on=dose.due_on, due_on=due_on)
    dose.earliest_on, dose.due_on, dose.overdue_on = due_on, due_on, due_on + timedelta(days=2)
    dose.save()


NOON = datetime(2026, 1, 16, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "next_action_on", "part"),
    [
        ("wrong_number", None, Filter.AGAIN),
        ("no_answer", None, Filter.LATER),
        ("agreed_to_visit", NEXT_MONDAY, Filter.AGREED),
        ("declined", None, Filter.LATER),
        ("removed", None, None),
    ],
)
def test_a_later_day_takes_nobody_off_who_was_tried_and_not_reached(
    clinic, nurse, outcome, next_action_on, part
):
    dose = overdue(clinic, nurse)
    a_contact(dose, nurse, FRIDAY, outcome, next_action_on=next_action_on, at=NOON)
    redated(dose, nurse, date(2026, 2, 2), NOON)

    held = [one for one in Filter if one is not Filter.TO_CALL and names(clinic, FRIDAY, one)]
    assert held == ([part] if part else [])
    rows, _ = calls_page(clinic, asked(clinic, FRIDAY, part or Filter.REMOVED))
    assert [row.redated for row in rows] == ([True] if part else [])
    assert calls_counts(clinic, asked(clinic, FRIDAY))[part or Filter.REMOVED] == (1 if part else 0)
    give(dose.phase.regimen, nurse, NEXT_MONDAY)
    assert [names(clinic, NEXT_MONDAY, one) for one in Filter] == [[]] * 6


def test_nobody_is_called_about_a_dose_ahead_that_nobody_was_tried_about(clinic, nurse):
    redated(overdue(clinic, nurse), nurse, date(2026, 2, 2), NOON)

    assert [names(clinic, FRIDAY, one) for one in Filter] == [[]] * 6


def test_a_loading_that_begins_again_keeps_who_was_tried_until_its_first_dose(clinic, nurse):
    old = overdue(clinic, nurse, starts_on=date(2026, 1, 5))
    a_contact(old, nurse, FRIDAY, "wrong_number", at=NOON)
    regimen = old.phase.regimen
    regimen.phases.first().doses.update(state="withdrawn", is_next=False)
    new = regimen.phases.last().doses.get(number=1)
    new.is_next = True
    new.save()

    [row], _ = calls_page(clinic, asked(clinic, FRIDAY))

    assert (row.id, row.state, row.redated) == (new.pk, CallState.ANOTHER_WAY, True)
    assert [one.outcome for one in row.attempts] == ["wrong_number"]
    new.number = 2
    regimen.phases.last().doses.filter(number=2).update(number=3)
    new.save()
    assert names(clinic, FRIDAY) == []


def not_given(dose, nurse, on, next_action_on, at):
    record_not_given(
        dose=dose,
        on=on,
        not_given_reason="did_not_attend",
        reason="",
        next_action_on=next_action_on,
        form_key=uuid4(),
        by=nurse,
        at=at,
        today=on,
    )


@pytest.mark.parametrize(("as_of", "found"), [(SUNDAY, []), (NEXT_MONDAY, ["Ada Overdue"])])
def test_the_day_to_try_again_puts_somebody_on_the_calls_who_is_not_overdue(clinic, nurse, as_of, found):
    dose = overdue(clinic, nurse, starts_on=SATURDAY + timedelta(days=2))
    not_given(dose, nurse, FRIDAY, NEXT_MONDAY, NOON)

    assert names(clinic, as_of) == found
    assert names(clinic, as_of, Filter.AGAIN) == found
    assert calls_counts(clinic, asked(clinic, as_of))[Filter.AGAIN] == len(found)


@pytest.mark.parametrize(
    ("called_at", "state"),
    [(NOON - timedelta(minutes=1), CallState.AGAIN), (NOON + timedelta(minutes=1), CallState.LATER)],
)
def test_of_a_call_and_a_try_the_later_one_counts(clinic, nurse, called_at, state):
    dose = overdue(clinic, nurse)
    not_given(dose, nurse, FRIDAY, FRIDAY, NOON)
    a_contact(dose, nurse, FRIDAY, "no_answer", at=called_at)

    assert where(clinic, SATURDAY) is state
