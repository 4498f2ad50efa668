from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from monitoring.models import Alert, Recheck
from monitoring.services.plan_rechecks import plan_rechecks
from regimens.models import Dose, NeuroReview, Phase, PlannedRecheck, Revision
from regimens.services.hold import ChangedMeanwhile
from regimens.services.review_loading import Examined, NotReviewed, review_loading
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import EVERY_THREE_MONTHS, SIX_DOSES, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 1, 26)
AT = datetime(2026, 1, 26, 12, 0, tzinfo=UTC)
OPEN = replace(
    SIX_DOSES,
    gaps=(),
    doses=None,
    horizon=4,
    review_after_days=21,
    ends_when="No further improvement at a review.",
)
AFTERWARDS = replace(EVERY_THREE_MONTHS, starts_by_decision=True)
FOUND = {
    "symptoms": "Tingling less",
    "signs": "Vibration felt at the ankles",
    "gait": "Steady",
    "what_changed": "Walks without a stick",
}


@pytest.fixture
def doctor():
    return a_user(a_clinic(open_weekdays=[0, 1, 2, 3, 4, 5, 6]), "prescriber")


@pytest.fixture
def regimen(doctor):
    """An open loading on alternate days, given on 5 and 24 January."""
    patient = a_patient(doctor.memberships.get().clinic)
    regimen = a_regimen(patient, doctor, OPEN, AFTERWARDS, neurological=True)
    give(regimen, doctor, date(2026, 1, 5))
    give(regimen, doctor, date(2026, 1, 24))
    return regimen


def review(regimen, doctor, change="improving", *, days=21, ordinal=0, reason="", today=TODAY, **changed):
    regimen.refresh_from_db()
    version = changed.pop("version", regimen.version)
    return review_loading(
        phase=regimen.phases.get(ordinal=ordinal),
        version=version,
        examined=Examined(change=change, **(FOUND | changed)),
        next_in_days=days,
        reason=reason,
        by=doctor,
        at=AT,
        today=today,
    )


def loading(regimen):
    return Phase.objects.get(regimen=regimen, ordinal=0)


def owed(regimen):
    rows = Dose.objects.filter(phase__regimen=regimen, state="owed").order_by("phase__ordinal", "number")
    return list(rows.values_list("phase__ordinal", "due_on"))


def test_the_first_review_is_due_three_weeks_after_the_first_dose(doctor):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, OPEN, neurological=True)
    assert loading(regimen).review_on is None
    give(regimen, doctor, date(2026, 1, 6))
    assert loading(regimen).review_on == date(2026, 1, 27)
    give(regimen, doctor, date(2026, 1, 8))
    assert loading(regimen).review_on == date(2026, 1, 27)


def test_a_loading_that_is_not_neurological_has_none(doctor):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, OPEN)
    give(regimen, doctor, date(2026, 1, 6))
    assert loading(regimen).review_on is None


def test_going_on_plans_doses_up_to_the_next_review(regimen, doctor):
    assert len(owed(regimen)) == 4  # 26, 28, 30 January and 1 February

    review(regimen, doctor, days=21)

    assert loading(regimen).review_on == date(2026, 2, 16)
    assert owed(regimen)[-1] == (0, date(2026, 2, 15))
    assert len(owed(regimen)) == 11
    signed = NeuroReview.objects.get()
    assert (signed.change, signed.on, signed.next_review_on) == ("improving", TODAY, date(2026, 2, 16))
    assert signed.revision.kind == "reviewed"


@pytest.mark.parametrize(("days", "taken"), [(13, False), (14, True), (21, True), (22, False)])
def test_the_next_review_lies_two_to_three_weeks_ahead(regimen, doctor, days, taken):
    if taken:
        review(regimen, doctor, days=days)
    else:
        with pytest.raises(NotReviewed, match="14 to 21 days ahead"):
            review(regimen, doctor, days=days)
    assert NeuroReview.objects.exists() is taken


def test_no_further_improvement_begins_maintenance_from_the_last_dose(regimen, doctor):
    review(regimen, doctor, "unchanged", days=None)

    assert (next_dose(regimen).phase.ordinal, next_dose(regimen).due_on) == (1, date(2026, 4, 24))
    assert (loading(regimen).finished_on, loading(regimen).review_on) == (TODAY, None)
    assert NeuroReview.objects.get().next_review_on is None


@pytest.mark.parametrize("change", ["improving", "worse"])
def test_maintenance_begins_in_spite_of_it_only_with_a_written_reason(regimen, doctor, change):
    with pytest.raises(NotReviewed, match="Write why it ends now"):
        review(regimen, doctor, change, days=None, reason="  ")
    assert next_dose(regimen).phase.ordinal == 0

    review(regimen, doctor, change, days=None, reason="She asks for it")

    assert next_dose(regimen).phase.ordinal == 1
    assert "She asks for it" in Revision.objects.get(kind="reviewed").reason


@pytest.mark.parametrize(("change", "alerts"), [("worse", 1), ("unchanged", 0), ("improving", 0)])
def test_a_turn_for_the_worse_is_urgent(regimen, doctor, change, alerts):
    review(regimen, doctor, change)
    found = Alert.objects.filter(rule="NEURO_WORSE", severity="urgent", ended_at=None)
    assert found.count() == alerts


def test_a_review_answers_the_recheck_that_asked_for_it(regimen, doctor):
    recheck, later = plan_rechecks(
        patient=regimen.patient,
        clinic=regimen.clinic,
        wanted=[
            (date(2026, 1, 26), ["neuro_exam"], "Compared with before"),
            (date(2026, 6, 1), ["neuro_exam"], "Half a year"),
        ],
        at=AT,
        begins_on=date(2026, 1, 5),
    )

    review(regimen, doctor)

    recheck.refresh_from_db()
    assert recheck.state == "done"
    assert "Vibration felt at the ankles" in recheck.answers.get().note
    assert Recheck.objects.get(pk=later.pk).state == "wanted"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"gait": " "}, "Write what the review found"),
        ({"what_changed": ""}, "Write what the review found"),
        ({"change": "cured"}, "Say whether it improves"),
        ({"ordinal": 1}, "Only an open-ended neurological loading"),
    ],
)
def test_a_review_is_not_signed_carelessly(regimen, doctor, changed, sentence):
    with pytest.raises(NotReviewed, match=sentence):
        review(regimen, doctor, **changed)
    assert not NeuroReview.objects.exists()


def test_a_stale_page_signs_nothing(regimen, doctor):
    shown = regimen.version
    review(regimen, doctor)
    with pytest.raises(ChangedMeanwhile):
        review(regimen, doctor, "unchanged", days=None, version=shown)
    assert next_dose(regimen).phase.ordinal == 0


def test_a_loading_over_is_not_reviewed_again(regimen, doctor):
    review(regimen, doctor, "unchanged", days=None)
    with pytest.raises(NotReviewed, match="over already"):
        review(regimen, doctor)


def test_where_nothing_follows_the_regimen_is_complete(doctor):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, OPEN, neurological=True)
    give(regimen, doctor, date(2026, 1, 5))

    assert review(regimen, doctor, "unchanged", days=None).state == "completed"
    assert not Dose.objects.filter(is_next=True).exists()


def test_who_signed_is_in_the_trail(regimen, doctor):
    review(regimen, doctor, days=14)
    event = AuditEvent.objects.get(action="loading.reviewed")
    assert (event.actor, event.after["change"], event.after["next_review_on"]) == (
        doctor,
        "improving",
        "2026-02-09",
    )


@pytest.mark.parametrize(("today", "is_early"), [(date(2026, 1, 25), True), (TODAY, False)])
def test_before_its_first_review_a_loading_ends_only_with_a_written_reason(regimen, doctor, today, is_early):
    if is_early:
        with pytest.raises(NotReviewed) as refusal:
            review(regimen, doctor, "unchanged", days=None, today=today)
        assert str(refusal.value) == (
            "Today is day 20 of this loading; its first review is due on day 21, 26 January 2026. It is meant to go on"
            " until there is no further improvement. Write why it ends before then."
        )
        assert loading(regimen).finished_on is None
    review(regimen, doctor, "unchanged", days=None, today=today, reason="Her wish" if is_early else "")

    assert loading(regimen).finished_on == today


def test_a_loading_that_goes_on_early_or_was_reviewed_before_asks_for_no_such_reason(regimen, doctor):
    review(regimen, doctor, today=date(2026, 1, 25))
    review(regimen, doctor, "unchanged", days=None, today=TODAY)

    assert loading(regimen).finished_on == TODAY


def planned(regimen, *wanted):
    rows = plan_rechecks(
        patient=regimen.patient, clinic=regimen.clinic, wanted=wanted, at=AT, begins_on=regimen.starts_on
    )
    signed = regimen.revisions.get(number=1)
    PlannedRecheck.objects.bulk_create(PlannedRecheck(revision=signed, recheck=row) for row in rows)
    return rows


def test_the_examination_that_the_plan_asks_for_and_the_review_have_one_day(doctor):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, OPEN, neurological=True)
    bloods, first, later = planned(
        regimen,
        (date(2026, 1, 12), ["fbc"], "Blood count"),
        (date(2026, 1, 26), ["neuro_exam"], "Compared with before"),
        (date(2026, 6, 1), ["neuro_exam"], "Half a year"),
    )

    give(regimen, doctor, date(2026, 1, 6))

    days = [Recheck.objects.get(pk=one.pk).due_on for one in (bloods, first, later)]
    assert days == [date(2026, 1, 12), date(2026, 1, 27), date(2026, 6, 1)]
    assert loading(regimen).review_on == date(2026, 1, 27)
    event = AuditEvent.objects.get(action="recheck.moved")
    assert (event.before, event.after) == ({"due_on": "2026-01-26"}, {"due_on": "2026-01-27"})


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_an_examination_answered_or_dropped_stays_on_its_day(doctor, state):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, OPEN, neurological=True)
    first, later = planned(
        regimen,
        (date(2026, 1, 26), ["neuro_exam"], "Compared with before"),
        (date(2026, 6, 1), ["neuro_exam"], "Half a year"),
    )
    Recheck.objects.filter(pk=first.pk).update(
        state=state, ended_on=TODAY, dropped_because="Moved" if state == "dropped" else ""
    )

    give(regimen, doctor, date(2026, 1, 6))

    assert [Recheck.objects.get(pk=one.pk).due_on for one in (first, later)] == [
        date(2026, 1, 26),
        date(2026, 6, 1),
    ]


def test_an_examination_on_the_day_of_the_review_already_is_not_moved(doctor):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, OPEN, neurological=True)
    planned(regimen, (date(2026, 1, 26), ["neuro_exam"], "Compared with before"))

    give(regimen, doctor, date(2026, 1, 5))

    assert not AuditEvent.objects.filter(action="recheck.moved").exists()
