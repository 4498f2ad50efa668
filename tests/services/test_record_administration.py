from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from b12clinic.accounts.models import AuditEvent
from monitoring.models import Alert
from regimens.models import Administration, Direction, Dose, DoseMove, Revision
from regimens.services.correct_administration import enter_in_error
from regimens.services.record_administration import (
    AlreadyRecorded,
    NotRecorded,
    record_given,
    record_not_given,
)
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import WEEKLY, a_regimen, an_injection, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


def owed_days(regimen, ordinal=0):
    return list(
        Dose.objects.filter(phase__regimen=regimen, phase__ordinal=ordinal, state="owed")
        .order_by("number")
        .values_list("number", "due_on")
    )


def test_a_new_plan_waits_for_its_first_dose_only(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)

    assert [number for number, _ in owed_days(regimen)] == [1, 2, 3, 4, 5, 6]
    assert owed_days(regimen)[0] == (1, date(2026, 1, 5))
    assert Dose.objects.filter(is_next=True).count() == 1


def test_a_dose_given_on_its_day_leaves_the_other_days_alone(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)

    recorded = give(regimen, nurse, date(2026, 1, 5))

    assert recorded.redating.moved == ()
    assert owed_days(regimen) == [
        (2, date(2026, 1, 7)),
        (3, date(2026, 1, 9)),
        (4, date(2026, 1, 12)),
        (5, date(2026, 1, 14)),
        (6, date(2026, 1, 16)),
    ]
    assert next_dose(regimen).number == 2


def test_a_late_dose_moves_what_follows_and_keeps_the_count(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse, WEEKLY)
    give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin")

    give(regimen, nurse, date(2026, 1, 15), drug="cyanocobalamin")

    assert owed_days(regimen) == [(3, date(2026, 1, 22)), (4, date(2026, 1, 29))]
    assert list(DoseMove.objects.order_by("due_on").values_list("was_due_on", "due_on")) == [
        (date(2026, 1, 19), date(2026, 1, 22)),
        (date(2026, 1, 26), date(2026, 1, 29)),
    ]


def test_a_phase_ends_by_doses_given_and_maintenance_counts_from_the_last(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    for given_on in (
        date(2026, 1, 5),
        date(2026, 1, 7),
        date(2026, 1, 9),
        date(2026, 1, 12),
        date(2026, 1, 14),
        date(2026, 1, 16),
    ):
        give(regimen, nurse, given_on)

    waited = next_dose(regimen)

    assert (waited.phase.kind, waited.number, waited.due_on) == ("maintenance", 1, date(2026, 4, 16))


def test_the_same_form_sent_twice_records_once(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    dose, key = next_dose(regimen), uuid4()
    asked = {
        "dose": dose,
        "injection": an_injection(date(2026, 1, 5)),
        "form_key": key,
        "by": nurse,
        "at": datetime(2026, 1, 5, 12, 0, tzinfo=UTC),
        "today": date(2026, 1, 5),
    }

    first = record_given(**asked)
    second = record_given(**asked)

    assert second.repeat and second.administration == first.administration
    assert Administration.objects.count() == 1


def test_a_second_nurse_learns_who_was_first_and_nothing_is_doubled(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    dose = next_dose(regimen)
    first = give(regimen, nurse, date(2026, 1, 5))

    with pytest.raises(AlreadyRecorded) as race:
        record_given(
            dose=dose,
            injection=an_injection(date(2026, 1, 5), lot="B456"),
            form_key=uuid4(),
            by=a_user(clinic, "nurse"),
            at=datetime(2026, 1, 5, 12, 1, tzinfo=UTC),
            today=date(2026, 1, 5),
        )

    assert race.value.administration == first.administration
    assert list(Administration.objects.values_list("lot", flat=True)) == ["A123"]


@pytest.mark.parametrize(
    ("given_on", "given_at"),
    [
        (date(2026, 1, 6), datetime(2026, 1, 6, 10, 0, tzinfo=UTC)),
        (date(2026, 1, 5), datetime(2026, 1, 5, 12, 1, tzinfo=UTC)),
        (date(2026, 1, 4), datetime(2026, 1, 5, 10, 0, tzinfo=UTC)),
        (date(1948, 3, 1), None),
    ],
    ids=["tomorrow", "a minute ahead", "time on another day", "before birth"],
)
def test_an_injection_that_cannot_be_true_is_refused_and_changes_nothing(clinic, nurse, given_on, given_at):
    regimen = a_regimen(a_patient(clinic), nurse)

    with pytest.raises(NotRecorded):
        record_given(
            dose=next_dose(regimen),
            injection=an_injection(given_on, given_at=given_at),
            form_key=uuid4(),
            by=nurse,
            at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC),
            today=date(2026, 1, 5),
        )

    assert Administration.objects.count() == 0
    assert Revision.objects.count() == 1


def test_an_early_dose_is_recorded_and_somebody_is_told(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse, starts_on=date(2026, 1, 9))

    give(regimen, nurse, date(2026, 1, 6), reason="Travels tomorrow")

    assert list(Alert.objects.values_list("rule", "sentence")) == [
        ("EARLY_DOSE", "Given on 06 Jan 2026, before the window opened on 08 Jan 2026.")
    ]


@pytest.mark.parametrize(
    ("expires_on", "rules"),
    [(date(2026, 1, 4), ["EXPIRED_GIVEN"]), (date(2026, 1, 5), [])],
    ids=["before", "on the day"],
)
def test_an_expired_product_is_recorded_as_an_incident(clinic, nurse, expires_on, rules):
    regimen = a_regimen(a_patient(clinic), nurse)

    give(regimen, nurse, date(2026, 1, 5), expires_on=expires_on)

    assert list(Alert.objects.values_list("rule", flat=True)) == rules


def test_a_drug_other_than_ordered_is_recorded_as_an_incident(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)

    give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin")

    assert Alert.objects.get().sentence == (
        "Given Cyanocobalamin 1000 mcg intramuscular; ordered Hydroxocobalamin 1000 mcg intramuscular."
    )


@pytest.mark.parametrize(
    ("grade", "rules"), [("1", []), ("2", ["REACTION_REVIEW"]), ("3", ["REACTION_SEVERE"])]
)
def test_a_reaction_alerts_from_grade_2(clinic, nurse, grade, rules):
    regimen = a_regimen(a_patient(clinic), nurse)

    give(regimen, nurse, date(2026, 1, 5), reaction_grade=grade, reaction="Wheeze")

    assert list(Alert.objects.values_list("rule", flat=True)) == rules


def test_not_given_keeps_the_dose_on_the_list(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)

    record_not_given(
        dose=next_dose(regimen),
        on=date(2026, 1, 5),
        not_given_reason="did_not_attend",
        reason="",
        next_action_on=date(2026, 1, 6),
        form_key=uuid4(),
        by=nurse,
        at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC),
        today=date(2026, 1, 5),
    )

    assert (next_dose(regimen).number, next_dose(regimen).due_on) == (1, date(2026, 1, 5))
    assert Administration.objects.get().outcome == "not_given"


@pytest.mark.parametrize(("ahead", "taken"), [(92, True), (93, False)])
def test_the_next_try_lies_within_a_quarter(clinic, nurse, ahead, taken):
    regimen, today = a_regimen(a_patient(clinic), nurse), date(2026, 1, 5)

    try:
        record_not_given(
            dose=next_dose(regimen),
            on=today,
            not_given_reason="did_not_attend",
            reason="",
            next_action_on=today + timedelta(days=ahead),
            form_key=uuid4(),
            by=nurse,
            at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC),
            today=today,
        )
    except NotRecorded as refusal:
        assert str(refusal).startswith("The next day lies more than 92 days ahead")

    assert Administration.objects.exists() is taken


def test_recording_leaves_one_audit_event(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)

    give(regimen, nurse, date(2026, 1, 5))

    event = AuditEvent.objects.get(action="injection.recorded")
    assert (event.actor, event.clinic, event.patient_id) == (nurse, clinic, regimen.patient_id)


ANSWERED = {"identity": ["name", "born_on"], "allergy": "no", "unwell": "no", "consent": "yes"}


def test_everything_that_was_said_of_an_injection_is_kept(clinic, nurse):
    regimen, other = a_regimen(a_patient(clinic), nurse), a_user(clinic, "nurse")
    told = {
        "checked_by": other,
        "volume_ml": Decimal("1.00"),
        "needle": "23 G 25 mm",
        "observed_minutes": 15,
        "prechecks": ANSWERED,
        "reactions": ("local",),
    }

    give(regimen, nurse, date(2026, 1, 5), reaction_grade="1", reaction="Sore", **told)

    row = Administration.objects.get()
    assert (row.given_by, row.checked_by, row.volume_ml) == (nurse, other, Decimal("1.00"))
    assert (row.needle, row.observed_minutes) == ("23 G 25 mm", 15)
    assert (row.prechecks, row.reactions) == (ANSWERED, ["local"])


def test_somebody_else_may_have_given_it(clinic, nurse):
    regimen, other = a_regimen(a_patient(clinic), nurse), a_user(clinic, "nurse")

    give(regimen, nurse, date(2026, 1, 5), given_by=other)

    row = Administration.objects.get()
    assert (row.given_by, row.recorded_by) == (other, nurse)


@pytest.mark.parametrize("how", ["given_elsewhere", "self_administered"])
def test_what_was_not_given_here_counts_and_names_none_of_us(clinic, nurse, how):
    regimen = a_regimen(a_patient(clinic), nurse)

    give(regimen, nurse, date(2026, 1, 5), lot="", **{how: True})

    row = Administration.objects.get()
    assert row.given_by is None and getattr(row, how)
    assert next_dose(regimen).number == 2


def test_nobody_checks_what_they_gave(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)

    with pytest.raises(NotRecorded):
        give(regimen, nurse, date(2026, 1, 5), checked_by=nurse)


@pytest.mark.parametrize(
    ("question", "answer", "severity"),
    [("unwell", "yes", "warn"), ("allergy", "yes", "urgent"), ("consent", "no", "urgent")],
)
def test_an_injection_given_against_an_answer_is_an_incident(clinic, nurse, question, answer, severity):
    regimen = a_regimen(a_patient(clinic), nurse)

    give(regimen, nurse, date(2026, 1, 5), prechecks=ANSWERED | {question: answer}, reason="Asked the doctor")

    assert list(Alert.objects.values_list("rule", "severity")) == [("GIVEN_AGAINST_ANSWER", severity)]


def test_an_injection_that_a_rule_blocked_is_recorded_as_an_incident(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)

    record_given(
        dose=next_dose(regimen),
        injection=an_injection(date(2026, 1, 5), reason="Doctor decided"),
        form_key=uuid4(),
        by=nurse,
        at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC),
        today=date(2026, 1, 5),
        blocks=["INR 4.2 is above the target range."],
    )

    alert = Alert.objects.get()
    assert (alert.rule, alert.severity) == ("GIVEN_DESPITE_BLOCK", "urgent")
    assert "INR 4.2 is above the target range." in alert.sentence


@pytest.mark.parametrize(
    ("until_on", "rules"),
    [(None, ["PSD_NOT_IN_FORCE"]), (date(2026, 1, 4), ["PSD_NOT_IN_FORCE"]), (date(2026, 1, 5), [])],
    ids=["none", "over the day before", "on its last day"],
)
def test_a_direction_that_is_not_in_force_is_an_incident(clinic, nurse, until_on, rules):
    regimen = a_regimen(a_patient(clinic), nurse)
    if until_on:
        Direction.objects.create(
            regimen=regimen,
            from_on=date(2026, 1, 1),
            until_on=until_on,
            by=a_user(clinic),
            at=datetime(2026, 1, 1, 9, 0, tzinfo=UTC),
        )

    give(regimen, nurse, date(2026, 1, 5), authority="psd")

    assert list(Alert.objects.values_list("rule", flat=True)) == rules


def test_a_form_sent_again_after_its_entry_was_an_error_records_nothing(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    dose, asked = next_dose(regimen), {"form_key": uuid4(), "by": nurse, "today": date(2026, 1, 5)}
    asked["at"] = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    first = record_given(dose=dose, injection=an_injection(date(2026, 1, 5)), **asked)
    enter_in_error(
        administration=first.administration, reason="Wrong patient", **asked | {"form_key": uuid4()}
    )

    again = record_given(dose=dose, injection=an_injection(date(2026, 1, 5)), **asked)

    assert again.repeat and again.administration == first.administration
    assert Dose.objects.get(pk=dose.pk).state == "owed"


def test_the_key_of_another_patients_form_is_refused_and_never_taken_for_a_repeat(clinic, nurse):
    """A page restored by the browser may carry an old key: the injection would be lost behind a word of success."""
    first = give(a_regimen(a_patient(clinic), nurse), nurse, date(2026, 1, 5)).administration
    dose = next_dose(a_regimen(a_patient(clinic), nurse))
    asked = {"form_key": first.form_key, "by": nurse, "today": date(2026, 1, 5)}
    asked["at"] = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)

    with pytest.raises(NotRecorded, match="recorded something else already"):
        record_given(dose=dose, injection=an_injection(date(2026, 1, 5)), **asked)
    with pytest.raises(NotRecorded, match="recorded something else already"):
        record_not_given(
            dose=dose,
            on=date(2026, 1, 5),
            not_given_reason="declined",
            reason="",
            next_action_on=None,
            **asked,
        )

    assert list(Administration.objects.all()) == [first]
    assert Dose.objects.get(pk=dose.pk).state == "owed"
