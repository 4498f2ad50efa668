"""What the database refuses of pauses, directions, reviews, calls and a day at the chair; each beside what it allows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from b12clinic.accounts.models import Clinic
from regimens.models import (
    Administration,
    ContactAttempt,
    Direction,
    Dose,
    NeuroReview,
    Pause,
    Product,
    Revision,
    SavedView,
)
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

DAY = date(2026, 1, 5)
AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def doctor():
    return a_user(a_clinic())


@pytest.fixture
def regimen(doctor):
    return a_regimen(a_patient(doctor.memberships.get().clinic), doctor, neurological=True)


def accepts(model, **fields):
    """Whether the database takes a new row."""
    try:
        with transaction.atomic():
            model.objects.create(**fields)
    except IntegrityError:
        return False
    return True


def injection(regimen, **changed):
    return {
        "patient": regimen.patient,
        "clinic": regimen.clinic,
        "regimen": regimen,
        "outcome": "given",
        "given_on": DAY,
        "drug": "hydroxocobalamin",
        "dose_mcg": 1000,
        "route": "im",
        "recorded_by": regimen.assessment.by,
        "form_key": uuid4(),
    } | changed


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({}, True),
        ({"until_on": DAY}, False),
        ({"until_on": DAY + timedelta(days=1)}, True),
        ({"until_on": None}, True),
        ({"reason": ""}, False),
        ({"ended_on": DAY}, True),
        ({"ended_on": DAY - timedelta(days=1)}, False),
    ],
)
def test_a_pause(regimen, doctor, fields, taken):
    pause = {"from_on": DAY, "until_on": date(2026, 2, 1), "reason": "In hospital", "by": doctor, "at": AT}
    assert accepts(Pause, regimen=regimen, **(pause | fields)) is taken


def test_a_regimen_has_one_open_pause(regimen, doctor):
    pause = {"regimen": regimen, "from_on": DAY, "until_on": date(2026, 2, 1), "reason": "Travel"}
    pause |= {"by": doctor, "at": AT}
    assert accepts(Pause, **pause)
    assert not accepts(Pause, **pause)
    Pause.objects.update(ended_on=DAY)
    assert accepts(Pause, **pause)


def test_a_regimen_has_one_open_direction_that_ends_when_it_begins_or_later(regimen, doctor):
    direction = {"regimen": regimen, "from_on": DAY, "by": doctor, "at": AT}
    assert not accepts(Direction, **direction, until_on=DAY - timedelta(days=1))
    assert accepts(Direction, **direction, until_on=DAY)
    assert not accepts(Direction, **direction, until_on=DAY)
    Direction.objects.update(ended_on=DAY)
    assert accepts(Direction, **direction, until_on=DAY)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({}, True),
        ({"change": "cured"}, False),
        ({"gait": ""}, False),
        ({"signs": ""}, False),
        ({"symptoms": ""}, False),
        ({"next_review_on": DAY}, False),
        ({"next_review_on": DAY + timedelta(days=1)}, True),
        ({"next_review_on": None}, False),
    ],
)
def test_a_neurological_review(regimen, doctor, fields, taken):
    review = {
        "on": DAY,
        "symptoms": "Tingling less",
        "signs": "Vibration back at the ankle",
        "gait": "Steady",
        "change": "improving",
        "next_review_on": date(2026, 1, 19),
        "by": doctor,
        "at": AT,
    } | fields
    assert accepts(NeuroReview, phase=regimen.phases.first(), **review) is taken


def test_a_review_that_ends_a_loading_names_its_revision(regimen, doctor):
    review = {"on": DAY, "symptoms": "None", "signs": "None", "gait": "Normal", "change": "unchanged"}
    revision = Revision.objects.get(regimen=regimen)
    assert accepts(NeuroReview, phase=regimen.phases.first(), revision=revision, by=doctor, at=AT, **review)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({}, True),
        ({"channel": "owl"}, False),
        ({"outcome": "busy"}, False),
        ({"outcome": "removed"}, False),
        ({"outcome": "removed", "note": "Asked not to be called"}, True),
        ({"outcome": "remind_to_call_later"}, False),
        ({"outcome": "remind_to_call_later", "next_action_on": DAY}, True),
        ({"next_action_on": DAY - timedelta(days=1)}, False),
    ],
)
def test_an_attempt_to_reach_a_patient(regimen, doctor, fields, taken):
    attempt = {"channel": "phone", "outcome": "no_answer", "on": DAY, "by": doctor, "at": AT} | fields
    owed = next_dose(regimen)
    assert accepts(ContactAttempt, patient=owed.patient, clinic=owed.clinic, dose=owed, **attempt) is taken


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"volume_ml": Decimal("0.10")}, True),
        ({"volume_ml": Decimal("0")}, False),
        ({"self_administered": True}, True),
    ],
)
def test_an_injection(regimen, fields, taken):
    assert accepts(Administration, **injection(regimen, **fields)) is taken


def test_what_was_given_elsewhere_or_by_the_patient_was_given_by_none_of_ours(regimen, doctor):
    assert accepts(Administration, **injection(regimen, given_by=doctor))
    assert not accepts(Administration, **injection(regimen, given_by=doctor, given_elsewhere=True))
    assert not accepts(Administration, **injection(regimen, given_by=doctor, self_administered=True))


def test_nobody_checks_the_injection_they_give(regimen, doctor):
    other = a_user(regimen.clinic)
    assert accepts(Administration, **injection(regimen, given_by=doctor, checked_by=other))
    assert not accepts(Administration, **injection(regimen, given_by=doctor, checked_by=doctor))


def test_a_code_on_a_box_names_one_product_of_a_clinic(regimen):
    product = {"clinic": regimen.clinic, "drug": "hydroxocobalamin", "mcg_per_ml": 1000}
    assert accepts(Product, name="One", gtin="09501101530003", **product)
    assert not accepts(Product, name="Two", gtin="09501101530003", **product)
    assert accepts(Product, name="Three", gtin="", **product)
    assert accepts(Product, name="Four", gtin="", **product)


@pytest.mark.parametrize(("number", "taken"), [(None, True), (1, True), (0, False)])
def test_a_clinic_gives_at_least_one_injection_a_day(number, taken):
    assert accepts(Clinic, name="Riverside", injections_a_day=number) is taken


def test_a_saved_view_has_a_name_that_its_owner_uses_once(regimen, doctor):
    view = {"user": doctor, "clinic": regimen.clinic, "query": "band=overdue"}
    assert not accepts(SavedView, name="", **view)
    assert accepts(SavedView, name="Mine", **view)
    assert not accepts(SavedView, name="Mine", **view)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"kind": "decided", "reason": "Ten days late", "choice": "restart"}, True),
        ({"kind": "decided", "reason": "Ten days late", "choice": ""}, False),
        ({"kind": "decided", "reason": "Ten days late", "choice": "wait"}, False),
        ({"kind": "given", "choice": "continue"}, False),
        ({"kind": "paused", "reason": "Travel"}, True),
        ({"kind": "paused", "reason": ""}, False),
        ({"kind": "resumed"}, True),
    ],
)
def test_a_revision(regimen, doctor, fields, taken):
    assert accepts(Revision, regimen=regimen, number=2, by=doctor, at=AT, **fields) is taken


def test_only_a_neurological_loading_is_urgent(doctor, regimen):
    plain = a_regimen(a_patient(regimen.clinic), doctor)
    assert set(Dose.objects.filter(phase__regimen=plain).values_list("urgent", flat=True)) == {False}
    marked = Dose.objects.filter(phase__regimen=regimen).values_list("phase__kind", "urgent")
    assert set(marked) == {("loading", True), ("maintenance", False)}
