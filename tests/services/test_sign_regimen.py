from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent, ClosedDay
from b12clinic.vocabulary import IntervalUnit
from monitoring.interpretation.entry import Entry
from monitoring.models import Alert, Recheck
from monitoring.services.record_results import record_results
from regimens.facts import Judgement, facts_from_json, facts_of, facts_to_json
from regimens.models import AssessmentSetAside, Dose, FindingOverride, Phase, Regimen, Revision
from regimens.planning import Adjustment
from regimens.protocols.intervals import Interval
from regimens.queries.plans import unsigned_assessments
from regimens.services.assess import NotAssessed, assess, set_aside
from regimens.services.sign_regimen import NotSigned, sign_regimen
from regimens.services.stop_regimen import NotStopped, stop_regimen
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import give

pytestmark = [pytest.mark.django_db, pytest.mark.data]

MONDAY = date(2026, 1, 5)
AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
PERNICIOUS = Judgement(
    cause="autoimmune_gastritis",
    certainty="confirmed",
    cause_detail="",
    neuro=False,
    pregnancy="none",
    gestation_weeks=None,
    findings=frozenset({"fatigue"}),
    continues_course=False,
)


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def clinic(doctor):
    return doctor.memberships.get().clinic


@pytest.fixture
def patient(clinic, doctor):
    patient = a_patient(clinic)
    entries = [
        Entry(analyte="total_b12", value="85", unit="ng/L"),
        Entry(analyte="haemoglobin", value="92", unit="g/L"),
    ]
    record_results(patient=patient, taken_on=MONDAY, entries=entries, by=doctor, at=AT, today=MONDAY)
    return patient


def judged(patient, doctor, judgement=PERNICIOUS, today=MONDAY):
    return assess(
        patient=patient, judgement=judgement, guideline="uk", note="", by=doctor, at=AT, today=today
    )


def sign(assessment, doctor, **changed):
    asked = {
        "assessment": assessment,
        "protocol_code": "uk/standard",
        "adjustment": Adjustment(starts_on=MONDAY),
        "overrides": {},
        "replaces_because": "",
        "by": doctor,
        "at": AT,
        "today": MONDAY,
    } | changed
    return sign_regimen(**asked)


def due_days(regimen, ordinal):
    doses = Dose.objects.filter(phase__regimen=regimen, phase__ordinal=ordinal, state="owed")
    return list(doses.order_by("number").values_list("due_on", flat=True))


def test_a_signed_plan_has_its_phases_doses_and_rechecks(patient, doctor):
    regimen = sign(judged(patient, doctor), doctor)

    assert list(regimen.phases.values_list("kind", "dose_mcg", "doses_wanted")) == [
        ("loading", 1000, 6),
        ("maintenance", 1000, None),
    ]
    assert due_days(regimen, 0) == [
        date(2026, 1, 5),
        date(2026, 1, 7),
        date(2026, 1, 9),
        date(2026, 1, 12),
        date(2026, 1, 14),
        date(2026, 1, 16),
    ]
    assert due_days(regimen, 1) == [date(2026, 4, 16), date(2026, 7, 16)]
    assert list(Recheck.objects.values_list("due_on", "tests")) == [
        (date(2026, 1, 13), ["fbc", "reticulocytes"]),
        (date(2026, 3, 2), ["fbc", "reticulocytes", "ferritin", "folate"]),
        (date(2026, 4, 5), ["symptom_review"]),
    ]
    assert regimen.lifelong


def test_a_signed_plan_keeps_the_protocol_and_the_policy_as_they_stood(patient, doctor):
    regimen = sign(judged(patient, doctor), doctor)

    revision = Revision.objects.get(regimen=regimen)
    assert (revision.pack, revision.pack_version, revision.protocol) == ("uk", "2026.1", "uk/standard")
    assert revision.protocol_snapshot["code"] == "uk/standard"
    assert revision.policy_snapshot["weekly_window_days"] == 2


def test_rechecks_move_with_a_later_first_dose(patient, doctor):
    sign(judged(patient, doctor), doctor, adjustment=Adjustment(starts_on=date(2026, 1, 12)))

    first = Recheck.objects.order_by("due_on").first()
    assert (first.due_on, first.first_dose_on) == (date(2026, 1, 20), date(2026, 1, 12))


def test_doses_land_on_open_days(patient, doctor, clinic):
    ClosedDay.objects.create(clinic=clinic, on=date(2026, 1, 7), why="Staff training")

    regimen = sign(judged(patient, doctor), doctor)

    assert due_days(regimen, 0)[:3] == [date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 9)]


def test_another_maintenance_interval_is_kept_in_the_unit_ordered(patient, doctor):
    twelve_weeks = Adjustment(
        starts_on=MONDAY, maintenance=Interval(12, IntervalUnit.WEEK), reason="Booked by the week"
    )

    regimen = sign(judged(patient, doctor), doctor, adjustment=twelve_weeks)

    maintenance = Phase.objects.get(regimen=regimen, ordinal=1)
    assert (maintenance.interval_count, maintenance.interval_unit) == (12, "week")
    assert due_days(regimen, 1)[0] == date(2026, 4, 10)


@pytest.mark.parametrize(
    "adjustment",
    [
        Adjustment(starts_on=date(2026, 1, 4)),
        Adjustment(starts_on=MONDAY, maintenance=Interval(2, IntervalUnit.MONTH), reason=" "),
    ],
    ids=["in the past", "interval without a reason"],
)
def test_an_unready_plan_is_refused_and_leaves_nothing(patient, doctor, adjustment):
    assessment = judged(patient, doctor)

    with pytest.raises(NotSigned):
        sign(assessment, doctor, adjustment=adjustment)

    assert (Regimen.objects.count(), Dose.objects.count(), Recheck.objects.count()) == (0, 0, 0)


def test_nobody_signs_while_the_nerves_are_unknown(patient, doctor):
    assessment = judged(patient, doctor, replace(PERNICIOUS, neuro=None))

    with pytest.raises(NotSigned, match="nervous system"):
        sign(assessment, doctor)


def test_an_assessment_is_signed_once(patient, doctor):
    assessment = judged(patient, doctor)
    sign(assessment, doctor)

    with pytest.raises(NotSigned, match="already"):
        sign(assessment, doctor, replaces_because="Twice")


def test_a_running_regimen_gives_way_only_with_a_reason(patient, doctor):
    first = sign(judged(patient, doctor), doctor)
    second = judged(patient, doctor)

    with pytest.raises(NotSigned, match="replaces"):
        sign(second, doctor)
    sign(second, doctor, replaces_because="New signs")

    first.refresh_from_db()
    assert (first.state, first.ended_on) == ("stopped", MONDAY)
    assert Dose.objects.filter(phase__regimen=first, state="owed").count() == 0
    assert Dose.objects.filter(patient=patient, is_next=True).count() == 1


def test_a_block_is_passed_only_with_a_written_reason_that_is_kept(patient, doctor):
    patient.medicines.create(
        code="folic_acid", dose="5 mg/day", since=date(2026, 1, 4), noted_on=date(2026, 1, 4)
    )
    assessment = judged(patient, doctor)

    with pytest.raises(NotSigned, match="Write why"):
        sign(assessment, doctor)
    sign(
        assessment,
        doctor,
        overrides={"FOLATE_BEFORE_B12": "B12 is given this morning, folate stopped until then"},
    )

    override = FindingOverride.objects.get()
    assert (override.code, override.reason) == (
        "FOLATE_BEFORE_B12",
        "B12 is given this morning, folate stopped until then",
    )


def test_an_urgent_finding_becomes_an_alert(patient, doctor):
    nerves = replace(PERNICIOUS, neuro=True, findings=frozenset({"ataxic_gait"}))

    sign(judged(patient, doctor, nerves), doctor, protocol_code="uk/neurological")

    assert sorted(Alert.objects.values_list("rule", flat=True)) == ["NEURO_URGENT", "SCD_EMERGENCY"]


def test_signing_leaves_one_audit_event(patient, doctor, clinic):
    regimen = sign(judged(patient, doctor), doctor)

    event = AuditEvent.objects.get(action="regimen.signed")
    assert (event.actor, event.clinic, event.subject) == (doctor, clinic, f"regimen:{regimen.public_id}")


def test_the_facts_come_back_exactly_as_they_were_judged(patient, doctor):
    patient.medicines.create(
        code="warfarin",
        dose="3 mg/day",
        since=date(2025, 1, 1),
        inr_low="2.0",
        inr_high="3.0",
        noted_on=MONDAY,
    )
    patient.allergies.create(substance="cobalt", reactions=["contact_dermatitis"], noted_on=MONDAY)
    patient.refresh_from_db()
    facts = facts_of(patient, PERNICIOUS, guideline="uk", as_of=MONDAY)

    assert facts_from_json(facts_to_json(facts)) == facts


def test_nobody_is_assessed_after_death(patient, doctor):
    patient.died_on = MONDAY
    patient.save()

    with pytest.raises(NotAssessed):
        judged(patient, doctor)


def test_an_assessment_set_aside_leaves_the_worklist(patient, doctor, clinic):
    assessment = judged(patient, doctor)
    assert list(unsigned_assessments(clinic)) == [assessment]

    set_aside(assessment=assessment, reason="Declines treatment", by=doctor, at=AT)

    assert list(unsigned_assessments(clinic)) == []
    assert AssessmentSetAside.objects.get().reason == "Declines treatment"


@pytest.mark.parametrize(
    ("version", "reason"), [(1, "  "), (2, "Recovered")], ids=["no reason", "stale version"]
)
def test_a_regimen_is_not_stopped_carelessly(patient, doctor, version, reason):
    regimen = sign(judged(patient, doctor), doctor)

    with pytest.raises(NotStopped):
        stop_regimen(regimen=regimen, version=version, reason=reason, by=doctor, at=AT, today=MONDAY)

    assert Dose.objects.filter(is_next=True).count() == 1


def test_stopping_withdraws_what_is_owed_and_keeps_what_was_given(patient, doctor):
    regimen = sign(judged(patient, doctor), doctor)
    give(regimen, doctor, MONDAY)
    regimen.refresh_from_db()

    stop_regimen(regimen=regimen, version=2, reason="Moved to tablets", by=doctor, at=AT, today=MONDAY)

    states = list(
        Dose.objects.filter(patient=patient)
        .order_by("phase__ordinal", "number")
        .values_list("state", flat=True)
    )
    assert states == ["given"] + ["withdrawn"] * 7
    assert set(Recheck.objects.values_list("state", flat=True)) == {"dropped"}
