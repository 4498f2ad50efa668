"""The ladder: which rung is owed on which day, to whom and how."""

from datetime import UTC, date, datetime, timedelta

import pytest

from b12clinic.messages.ladder import DEFAULT, Kind, PhaseGroup, Step, ladder_of
from b12clinic.messages.models import LadderStep, Message
from b12clinic.messages.services.lay_in_inbox import lay_in_inbox
from b12clinic.messages.services.owe_found import owe_found
from monitoring.models import InboxItem
from monitoring.services import find_owed as labs
from monitoring.services.acknowledge_results import acknowledge_results
from regimens.models import Phase
from regimens.services import find_owed as plans
from regimens.services.assess import set_aside
from tests.factories.labs import a_recheck, a_result
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import EVERY_THREE_MONTHS, WEEKLY, a_regimen, an_assessment, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

DUE = date(2026, 1, 5)


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


def reached(clinic, today, of=plans):
    """What is owed on a day by the ladder that comes with the product, oldest first."""
    owe_found(of.find_owed, clinic, ladder_of(clinic), today)
    return sorted(Message.objects.values_list("kind", "step", "audience"))


def told(clinic, today, **fields):
    rows = reached(clinic, today)
    return [(step, audience) for _, step, audience in rows]


def test_every_kind_has_a_rung_and_every_phase_its_own():
    assert {step.kind for step in DEFAULT} == set(Kind)
    for kind in (Kind.INJECTION_DUE, Kind.MISSED_INJECTION):
        assert {step.phase for step in DEFAULT if step.kind == kind} == set(PhaseGroup)


def test_a_rung_is_reached_on_its_own_day():
    step = Step("missed_injection", "maintenance", "overdue_again", 7, "patient")

    assert step.cut_off(date(2026, 3, 1)) == date(2026, 2, 22)
    assert Step("injection_due", "loading", "due_soon", -1, "patient").cut_off(date(2028, 2, 28)) == date(
        2028, 2, 29
    )


@pytest.mark.parametrize(
    ("days", "rungs"),
    [
        (-2, []),
        (-1, [("injection_due", "due_soon", "patient")]),
        (0, [("injection_due", "due_soon", "patient")]),
        (1, []),
        (2, []),
        (3, [("missed_injection", "overdue", "patient")]),
        (
            5,
            [("missed_injection", "overdue", "patient"), ("missed_injection", "to_call", "nurse")],
        ),
        (
            10,
            [
                ("missed_injection", "long_overdue", "prescriber"),
                ("missed_injection", "overdue", "patient"),
                ("missed_injection", "overdue_again", "patient"),
                ("missed_injection", "to_call", "nurse"),
            ],
        ),
    ],
)
def test_a_weekly_loading_dose_climbs_its_ladder(clinic, nurse, days, rungs):
    """Its window is two days either side: overdue from the third day."""
    a_regimen(
        a_patient(clinic, email="ada@example.org", consents_to_email=True), nurse, WEEKLY, starts_on=DUE
    )

    assert reached(clinic, DUE + timedelta(days=days)) == rungs


def test_nerves_are_told_of_to_nurses_at_once_and_urgently(clinic, nurse):
    a_regimen(a_patient(clinic), nurse, WEEKLY, starts_on=DUE)
    dose = next_dose(Phase.objects.get().regimen)
    dose.urgent = True
    dose.save()

    reached(clinic, dose.overdue_on)

    assert list(Message.objects.order_by("step").values_list("step", "audience", "channel", "urgent")) == [
        ("overdue", "clinic", "inbox", False),
        ("to_call", "nurse", "inbox", True),
    ]


def test_maintenance_is_announced_a_week_before(clinic, nurse):
    a_regimen(a_patient(clinic), nurse, EVERY_THREE_MONTHS, starts_on=DUE)

    assert reached(clinic, DUE - timedelta(days=8)) == []
    assert reached(clinic, DUE - timedelta(days=7)) == [("injection_due", "due_soon", "clinic")]


def test_a_plan_that_nobody_signed_is_told_of_the_next_day(clinic, nurse):
    an_assessment(a_patient(clinic), nurse)

    assert reached(clinic, DUE) == []
    assert reached(clinic, DUE + timedelta(days=1)) == [("unsigned_regimen", "unsigned", "prescriber")]


def test_a_review_is_told_of_on_its_day(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse, WEEKLY, starts_on=DUE)
    regimen.phases.update(review_on=date(2026, 1, 5))

    rows = reached(clinic, date(2026, 1, 5))

    assert ("review_due", "due", "prescriber") in rows
    assert Message.objects.get(kind="review_due").patient == regimen.patient


@pytest.mark.parametrize(("day", "steps"), [(13, []), (14, ["unread"]), (19, ["long_unread", "unread"])])
def test_a_result_that_nobody_looked_at_is_told_of(clinic, day, steps):
    result = a_result(a_patient(clinic))
    InboxItem.objects.create(
        result=result, clinic=clinic, abnormal=True, arrived_at="2026-01-12T23:30:00+00:00"
    )

    assert [step for _, step, _ in reached(clinic, date(2026, 1, day), labs)] == steps


def test_a_recheck_is_announced_and_then_told_of_to_nurses_and_prescribers(clinic):
    a_recheck(a_patient(clinic), due_on=date(2026, 1, 20))

    assert reached(clinic, date(2026, 1, 12), labs) == []
    assert [step for _, step, _ in reached(clinic, date(2026, 1, 13), labs)] == ["due_soon"]
    late = [
        (step, audience)
        for kind, step, audience in reached(clinic, date(2026, 2, 17), labs)
        if "over" in kind
    ]
    assert late == [("long_overdue", "prescriber"), ("overdue", "clinic"), ("to_call", "nurse")]


def test_a_clinics_own_ladder_replaces_the_one_that_comes_with_the_product(clinic, nurse):
    a_regimen(a_patient(clinic), nurse, WEEKLY, starts_on=DUE)
    LadderStep.objects.create(
        clinic=clinic,
        kind="missed_injection",
        phase="loading",
        code="letter",
        days=1,
        audience="patient",
        channel="letter",
    )

    assert ladder_of(clinic) == (
        Step("missed_injection", "loading", "letter", 1, "patient", "letter", urgent=False),
    )
    assert reached(clinic, DUE + timedelta(days=3)) == []
    assert reached(clinic, DUE + timedelta(days=4)) == [("missed_injection", "letter", "clinic")]


def test_a_rung_before_the_end_of_the_window_speaks_from_the_first_day_outside_it(clinic, nurse):
    a_regimen(a_patient(clinic), nurse, WEEKLY, starts_on=DUE)
    LadderStep.objects.create(
        clinic=clinic, kind="missed_injection", phase="loading", code="early", days=-3, audience="nurse"
    )

    assert reached(clinic, DUE + timedelta(days=2)) == []
    assert reached(clinic, DUE + timedelta(days=3)) == [("missed_injection", "early", "nurse")]


def test_a_dose_moved_is_owed_for_its_new_day_as_well(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse, WEEKLY, starts_on=DUE)
    reached(clinic, DUE + timedelta(days=3))
    dose = next_dose(regimen)
    dose.earliest_on, dose.due_on, dose.overdue_on = (DUE + timedelta(days=n) for n in (6, 7, 9))
    dose.save()

    reached(clinic, DUE + timedelta(days=9))

    said = Message.objects.filter(step="overdue").order_by("about_on").values_list("about_on", flat=True)
    assert list(said) == [DUE, DUE + timedelta(days=7)]


def in_inbox():
    return list(Message.objects.order_by("pk").values_list("kind", "state"))


def test_what_a_person_deals_with_leaves_the_clinics_inbox(clinic):
    doctor = a_user(clinic, "prescriber")
    item = InboxItem.objects.create(
        result=a_result(a_patient(clinic)),
        clinic=clinic,
        abnormal=True,
        arrived_at="2026-01-05T10:00:00+00:00",
    )
    assessment = an_assessment(a_patient(clinic), doctor)
    reached(clinic, date(2026, 1, 7), labs)
    reached(clinic, date(2026, 1, 7))
    at = datetime(2026, 1, 7, 12, 0, tzinfo=UTC)
    lay_in_inbox(at=at)
    assert in_inbox() == [("result_waiting", "sent"), ("unsigned_regimen", "sent")]

    acknowledge_results(clinic=clinic, items=[item], by=doctor, at=at)
    set_aside(assessment=assessment, reason="Planned elsewhere", by=doctor, at=at)

    assert in_inbox() == [("result_waiting", "withdrawn"), ("unsigned_regimen", "withdrawn")]
