"""What the database itself refuses of a regimen, its doses and its injections; each refusal beside what it allows."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from regimens.models import (
    Administration,
    Assessment,
    AssessmentSetAside,
    Dose,
    DoseMove,
    FindingOverride,
    Phase,
    Product,
    Regimen,
    Revision,
)
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, an_assessment, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

DAY = date(2026, 1, 5)
AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def doctor():
    return a_user(a_clinic())


@pytest.fixture
def regimen(doctor):
    return a_regimen(a_patient(doctor.memberships.get().clinic), doctor)


def accepts(act):
    """Whether the database takes it."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError:
        return False
    return True


def update(model, pk, **fields):
    return lambda: model.objects.filter(pk=pk).update(**fields)


def injection(regimen, /, **changed):
    fields = {
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
    return lambda: Administration.objects.create(**fields)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"cause": "diet"}, True),
        ({"cause": "magic"}, False),
        ({"certainty": "suspected"}, True),
        ({"certainty": "maybe"}, False),
        ({"neuro": "unknown"}, True),
        ({"neuro": ""}, False),
        ({"pregnancy": "breastfeeding"}, True),
        ({"pregnancy": "twins"}, False),
        ({"pregnancy": "pregnant", "gestation_weeks": 45}, True),
        ({"pregnancy": "pregnant", "gestation_weeks": 46}, False),
        ({"pregnancy": "none", "gestation_weeks": 12}, False),
    ],
)
def test_an_assessment(regimen, fields, taken):
    assert accepts(update(Assessment, regimen.assessment_id, **fields)) is taken


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"state": "paused"}, True),
        ({"state": "running"}, False),
        ({"state": "stopped"}, False),
        ({"state": "stopped", "ended_on": DAY}, True),
        ({"state": "active", "ended_on": DAY}, False),
        ({"version": 1}, True),
        ({"version": 0}, False),
    ],
)
def test_a_regimen(regimen, fields, taken):
    assert accepts(update(Regimen, regimen.pk, **fields)) is taken


@pytest.mark.parametrize(("state", "ended_on", "taken"), [("stopped", DAY, True), ("paused", None, False)])
def test_a_patient_has_one_running_regimen(regimen, doctor, state, ended_on, taken):
    Regimen.objects.filter(pk=regimen.pk).update(state=state, ended_on=ended_on)
    assessment = an_assessment(regimen.patient, doctor)

    assert (
        accepts(
            lambda: Regimen.objects.create(
                patient=regimen.patient, clinic=regimen.clinic, assessment=assessment, starts_on=DAY
            )
        )
        is taken
    )


def test_an_assessment_is_signed_once(regimen):
    Regimen.objects.filter(pk=regimen.pk).update(state="stopped", ended_on=DAY)

    assert not accepts(
        lambda: Regimen.objects.create(
            patient=regimen.patient, clinic=regimen.clinic, assessment=regimen.assessment, starts_on=DAY
        )
    )


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"kind": "given"}, True),
        ({"kind": "whim"}, False),
        ({"kind": "stopped"}, False),
        ({"kind": "stopped", "reason": "Recovered"}, True),
        ({"kind": "decided"}, False),
        ({"kind": "adjusted", "reason": "Asked for"}, True),
        ({"kind": "corrected"}, False),
        ({"kind": "signed"}, False),
        (
            {"kind": "signed", "pack_version": "2026.1", "protocol_snapshot": {}, "policy_snapshot": {}},
            True,
        ),
        ({"kind": "signed", "pack_version": "", "protocol_snapshot": {}, "policy_snapshot": {}}, False),
        ({"kind": "signed", "pack_version": "2026.1", "policy_snapshot": {}}, False),
        ({"kind": "given", "number": 1}, False),
    ],
)
def test_a_revision(regimen, doctor, fields, taken):
    given = {"regimen": regimen, "number": 2, "by": doctor, "at": AT} | fields

    assert accepts(lambda: Revision.objects.create(**given)) is taken


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"kind": "taper"}, True),
        ({"kind": "holiday"}, False),
        ({"drug": "cyanocobalamin"}, True),
        ({"drug": "aspirin"}, False),
        ({"route": "sc"}, True),
        ({"route": "iv"}, False),
        ({"dose_mcg": 1}, True),
        ({"dose_mcg": 0}, False),
        ({"interval_count": 1}, True),
        ({"interval_count": 0}, False),
        ({"interval_unit": "week"}, True),
        ({"interval_unit": "year"}, False),
        ({"doses_wanted": None}, True),
        ({"doses_wanted": 1}, True),
        ({"doses_wanted": 0}, False),
        ({"ordinal": 1}, False),
    ],
)
def test_a_phase(regimen, fields, taken):
    assert accepts(update(Phase, regimen.phases.get(ordinal=0).pk, **fields)) is taken


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"earliest_on": DAY, "due_on": DAY, "overdue_on": date(2026, 1, 6)}, True),
        ({"earliest_on": date(2026, 1, 6), "due_on": DAY, "overdue_on": date(2026, 1, 7)}, False),
        ({"earliest_on": DAY, "due_on": DAY, "overdue_on": DAY}, False),
        ({"state": "withdrawn", "is_next": False}, True),
        ({"state": "withdrawn"}, False),
        ({"state": "lost", "is_next": False}, False),
        ({"state": "given", "is_next": False}, False),
        ({"number": 7}, True),
        ({"number": 2}, False),
        ({"number": 0}, False),
    ],
)
def test_a_dose(regimen, fields, taken):
    assert accepts(update(Dose, next_dose(regimen).pk, **fields)) is taken


def test_a_patient_waits_for_one_dose(regimen):
    second = Dose.objects.get(phase__regimen=regimen, phase__ordinal=0, number=2)

    assert not accepts(update(Dose, second.pk, is_next=True))
    Dose.objects.filter(is_next=True).update(is_next=False)
    assert accepts(update(Dose, second.pk, is_next=True))


def test_an_injection_fulfils_one_dose(regimen, doctor):
    given = give(regimen, doctor, DAY).administration

    assert not accepts(update(Dose, next_dose(regimen).pk, state="given", is_next=False, given_as=given))


@pytest.mark.parametrize(("due_on", "taken"), [(date(2026, 1, 6), True), (DAY, False)])
def test_a_move_moves(regimen, due_on, taken):
    revision, dose = regimen.revisions.get(), next_dose(regimen)

    assert (
        accepts(lambda: DoseMove.objects.create(revision=revision, dose=dose, was_due_on=DAY, due_on=due_on))
        is taken
    )


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({}, True),
        ({"outcome": "perhaps"}, False),
        ({"drug": ""}, False),
        ({"route": ""}, False),
        ({"dose_mcg": 0}, False),
        ({"dose_mcg": None}, False),
        ({"not_given_reason": "unwell"}, False),
        ({"outcome": "not_given", "not_given_reason": "unwell"}, True),
        ({"outcome": "not_given", "not_given_reason": ""}, False),
        ({"outcome": "not_given", "not_given_reason": "unwell", "lot": "A1"}, False),
        ({"outcome": "not_given", "not_given_reason": "unwell", "given_at": AT}, False),
        ({"entered_in_error": True, "reason": "Wrong row"}, False),
        ({"regimen": None}, True),
    ],
)
def test_an_injection_or_attempt(regimen, changed, taken):
    assert accepts(injection(regimen, **changed)) is taken


def test_an_injection_of_a_dose_names_its_regimen(regimen):
    dose = next_dose(regimen)

    assert accepts(injection(regimen, dose=dose))
    assert not accepts(injection(regimen, dose=dose, regimen=None))


@pytest.mark.parametrize(("reason", "taken"), [("Typed twice", True), ("", False)])
def test_a_correction_says_why(regimen, reason, taken):
    first = injection(regimen)()

    assert accepts(injection(regimen, corrects=first, entered_in_error=True, reason=reason)) is taken


def test_a_row_has_one_correction(regimen):
    first = injection(regimen)()
    injection(regimen, corrects=first, reason="Lot")()

    assert not accepts(injection(regimen, corrects=first, reason="Lot again"))


def test_a_form_is_recorded_once(regimen):
    key = uuid4()
    injection(regimen, form_key=key)()

    assert not accepts(injection(regimen, form_key=key))


@pytest.mark.parametrize(
    ("fields", "taken"),
    [({"reason": "Agreed"}, True), ({"reason": ""}, False), ({"code": "", "reason": "x"}, False)],
)
def test_an_override(regimen, fields, taken):
    given = {"revision": regimen.revisions.get(), "code": "INR_HIGH", "sentence": "s", "source": "s"} | fields

    assert accepts(lambda: FindingOverride.objects.create(**given)) is taken


@pytest.mark.parametrize(("reason", "taken"), [("Declines", True), ("", False)])
def test_setting_aside_says_why(regimen, doctor, reason, taken):
    assert (
        accepts(
            lambda: AssessmentSetAside.objects.create(
                assessment=regimen.assessment, reason=reason, by=doctor, at=AT
            )
        )
        is taken
    )


@pytest.mark.parametrize(
    ("fields", "taken"),
    [({}, True), ({"drug": "saline"}, False), ({"mcg_per_ml": 0}, False), ({"name": "Taken"}, False)],
)
def test_a_product(regimen, fields, taken):
    Product.objects.create(clinic=regimen.clinic, name="Taken", drug="hydroxocobalamin", mcg_per_ml=1000)
    given = {"clinic": regimen.clinic, "name": "New", "drug": "hydroxocobalamin", "mcg_per_ml": 1000} | fields

    assert accepts(lambda: Product.objects.create(**given)) is taken


def test_a_dose_moves_once_in_a_revision(regimen):
    move = {"revision": regimen.revisions.get(), "dose": next_dose(regimen), "was_due_on": DAY}
    DoseMove.objects.create(due_on=date(2026, 1, 6), **move)

    assert not accepts(lambda: DoseMove.objects.create(due_on=date(2026, 1, 7), **move))


def test_a_finding_is_overridden_once_in_a_revision(regimen):
    override = {"revision": regimen.revisions.get(), "sentence": "s", "source": "s", "reason": "Agreed"}
    FindingOverride.objects.create(code="INR_HIGH", **override)

    assert accepts(lambda: FindingOverride.objects.create(code="LHON_CYANO", **override))
    assert not accepts(lambda: FindingOverride.objects.create(code="INR_HIGH", **override))
