from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.jobs.models import Pending
from b12clinic.messages.models import Message
from monitoring.models import Alert
from regimens.models import Administration, Dose, DoseMove, Phase, Revision
from regimens.protocols.intervals import Interval
from regimens.services.correct_administration import enter_in_error
from regimens.services.decide_late_dose import NotDecided, decide_late_dose
from regimens.services.hold import ChangedMeanwhile
from regimens.services.late_alerts import ask_for_decisions
from tests.factories.messages import owe_missed_injections
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import (
    EVERY_THREE_MONTHS,
    SIX_DOSES,
    WEEKLY,
    a_regimen,
    give,
    next_dose,
)

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 2, 9)  # four weeks after the first of four weekly doses, which was due on 12 January
MONTHLY = replace(
    EVERY_THREE_MONTHS, interval=Interval(1, EVERY_THREE_MONTHS.interval.unit), drug=WEEKLY.drug
)


def at(day):
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


@pytest.fixture
def doctor():
    return a_user(a_clinic(open_weekdays=[0, 1, 2, 3, 4, 5, 6]), "prescriber")


@pytest.fixture
def regimen(doctor):
    """Weekly loading, given once on 5 January; the second dose was due on the 12th."""
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, WEEKLY, MONTHLY)
    give(regimen, doctor, date(2026, 1, 5), drug="cyanocobalamin")
    return regimen


def decide(regimen, doctor, choice, *, dose=None, on=TODAY, **changed):
    regimen.refresh_from_db()
    asked = {"version": regimen.version, "reason": "She was abroad"} | changed
    return decide_late_dose(
        dose=dose or next_dose(regimen), choice=choice, by=doctor, at=at(on), today=on, **asked
    )


def owed(regimen):
    rows = Dose.objects.filter(phase__regimen=regimen, state="owed").order_by("phase__ordinal", "number")
    return list(rows.values_list("phase__ordinal", "number", "due_on"))


def give_late(regimen, doctor, on=TODAY):
    late = next_dose(regimen)
    give(regimen, doctor, on, drug="cyanocobalamin")
    late.refresh_from_db()
    return late


class TestTheWorklistIsAskedBeforeTheNeedle:
    def ask(self, regimen, on=TODAY):
        return ask_for_decisions(clinic=regimen.clinic, at=at(on), today=on)

    @pytest.mark.parametrize(("on", "asked"), [(date(2026, 1, 26), 0), (date(2026, 1, 27), 1)])
    def test_from_the_day_on_which_the_gap_is_too_long(self, regimen, on, asked):
        """Three weeks after 5 January the rules still bear it; a day later a clinician decides."""
        assert self.ask(regimen, on) == asked

    def test_once_and_never_twice(self, regimen):
        assert (self.ask(regimen), self.ask(regimen)) == (1, 0)
        alert = Alert.objects.get()
        assert (alert.rule, alert.subject) == (
            "LATE_DOSE_DECISION",
            f"dose:{next_dose(regimen).public_id}",
        )
        assert "35 days since the last loading dose" in alert.sentence

    def test_a_decision_to_go_on_holds_for_the_window_of_the_dose(self, regimen, doctor):
        self.ask(regimen)
        decide(regimen, doctor, "continue")
        assert self.ask(regimen, date(2026, 2, 11)) == 0
        assert self.ask(regimen, date(2026, 2, 12)) == 1

    def test_the_nurse_who_gives_it_then_raises_none(self, regimen, doctor):
        decide(regimen, doctor, "continue")
        give_late(regimen, doctor, date(2026, 2, 11))
        assert not Alert.objects.filter(rule="LATE_DOSE_DECISION").exists()

    def test_an_injection_that_nobody_decided_on_raises_one(self, regimen, doctor):
        give_late(regimen, doctor)
        assert Alert.objects.filter(rule="LATE_DOSE_DECISION", ended_at=None).count() == 1

    def test_many_patients_cost_a_fixed_number_of_queries(self, regimen, doctor, django_assert_num_queries):
        for _ in range(5):
            other = a_regimen(a_patient(regimen.clinic), doctor, WEEKLY, MONTHLY)
            give(other, doctor, date(2026, 1, 5), drug="cyanocobalamin")
        self.ask(regimen)
        with django_assert_num_queries(6):  # open alerts, two pages (one empty), given, answers, policies
            assert self.ask(regimen) == 0


def test_continuing_leaves_the_dose_owed_where_it_is(regimen, doctor):
    ask_for_decisions(clinic=regimen.clinic, at=at(TODAY), today=TODAY)
    before = owed(regimen)

    decide(regimen, doctor, "continue")

    assert owed(regimen) == before
    revision = Revision.objects.get(regimen=regimen, kind="decided")
    assert (revision.choice, revision.reason, revision.by) == ("continue", "She was abroad", doctor)
    ended = Alert.objects.get(rule="LATE_DOSE_DECISION")
    assert (ended.ended_by, ended.how) == (doctor, "Continue as planned: She was abroad")


def test_counting_anew_moves_every_owed_dose_and_says_from_when(regimen, doctor):
    owe_missed_injections(clinic=regimen.clinic, today=TODAY)
    assert Message.objects.get().state == "owed"

    decide(regimen, doctor, "reanchor")

    assert owed(regimen)[:3] == [
        (0, 2, date(2026, 2, 9)),
        (0, 3, date(2026, 2, 16)),
        (0, 4, date(2026, 2, 23)),
    ]
    moves = DoseMove.objects.filter(revision__kind="decided").order_by("due_on")
    assert list(moves.values_list("was_due_on", "due_on"))[:2] == [
        (date(2026, 1, 12), date(2026, 2, 9)),
        (date(2026, 1, 19), date(2026, 2, 16)),
    ]
    assert Message.objects.get().state == "withdrawn"


def test_a_loading_begun_again_is_whole_and_maintenance_follows(regimen, doctor):
    decide(regimen, doctor, "restart")

    assert [(ordinal, due) for ordinal, _, due in owed(regimen)] == [
        (2, date(2026, 2, 9)),
        (2, date(2026, 2, 16)),
        (2, date(2026, 2, 23)),
        (2, date(2026, 3, 2)),
        (3, date(2026, 4, 2)),
        (3, date(2026, 5, 2)),
    ]
    phases = list(regimen.phases.values_list("ordinal", "kind", "doses_wanted", "starts_on", "finished_on"))
    assert phases == [
        (0, "loading", 4, None, TODAY),
        (1, "maintenance", None, None, TODAY),
        (2, "loading", 4, TODAY, None),
        (3, "maintenance", None, None, None),
    ]
    assert set(Dose.objects.filter(phase__ordinal__lt=2).values_list("state", flat=True)) == {
        "given",
        "withdrawn",
    }
    moves = DoseMove.objects.filter(revision__kind="decided").order_by("due_on")
    assert moves.values_list("was_due_on", "due_on").first() == (date(2026, 1, 12), date(2026, 2, 9))


def test_a_dose_given_late_counts_as_the_first_of_the_new_loading(regimen, doctor):
    late = give_late(regimen, doctor)

    decide(regimen, doctor, "restart", dose=late)

    assert [(ordinal, due) for ordinal, _, due in owed(regimen)][:4] == [
        (2, date(2026, 2, 16)),
        (2, date(2026, 2, 23)),
        (2, date(2026, 3, 2)),
        (3, date(2026, 4, 2)),
    ]
    assert Phase.objects.get(regimen=regimen, ordinal=2).doses_wanted == 3


def test_a_loading_begun_a_third_time_is_as_whole_as_the_first(regimen, doctor):
    decide(regimen, doctor, "restart", dose=give_late(regimen, doctor))
    later = date(2026, 3, 30)

    decide(regimen, doctor, "restart", on=later)

    assert [due for ordinal, _, due in owed(regimen) if ordinal == 4] == [
        date(2026, 3, 30),
        date(2026, 4, 6),
        date(2026, 4, 13),
        date(2026, 4, 20),
    ]


def test_doses_given_before_the_signature_are_not_left_out_of_a_new_loading(doctor):
    patient = a_patient(doctor.memberships.get().clinic)
    regimen = a_regimen(patient, doctor, replace(SIX_DOSES, doses=4), EVERY_THREE_MONTHS)
    Revision.objects.update(protocol_snapshot={"phases": [SIX_DOSES.to_dict(), EVERY_THREE_MONTHS.to_dict()]})
    give(regimen, doctor, date(2026, 1, 5))

    decide(regimen, doctor, "restart", on=date(2026, 1, 26))

    assert len([1 for ordinal, _, _ in owed(regimen) if ordinal == 2]) == 6


def test_stopping_withdraws_what_is_owed(regimen, doctor):
    ask_for_decisions(clinic=regimen.clinic, at=at(TODAY), today=TODAY)

    stopped = decide(regimen, doctor, "stop")

    assert (stopped.state, owed(regimen)) == ("stopped", [])
    assert not Alert.objects.filter(rule="LATE_DOSE_DECISION", ended_at=None).exists()


def test_who_decided_what_is_in_the_trail_and_the_rules_run_again(regimen, doctor):
    Pending.objects.all().delete()
    decide(regimen, doctor, "reanchor")

    event = AuditEvent.objects.get(action="late_dose.decided")
    assert (event.actor, event.reason, event.after["choice"]) == (doctor, "She was abroad", "reanchor")
    assert (event.before["due"][0], event.after["due"][0]) == ("2026-01-12", "2026-02-09")
    assert Pending.objects.filter(kind="regimens.recheck_safety", subject_id=regimen.pk).exists()


@pytest.mark.parametrize(
    ("choice", "changed", "sentence"),
    [
        ("continue", {"reason": "  "}, "Say why"),
        ("wait", {}, "Choose one of the ways"),
        ("continue", {"on": date(2026, 1, 20)}, "ask for no decision"),
        ("stop", {"reason": ""}, "Say why"),
    ],
)
def test_nothing_is_decided_carelessly(regimen, doctor, choice, changed, sentence):
    before = owed(regimen)
    with pytest.raises(NotDecided, match=sentence):
        decide(regimen, doctor, choice, **changed)
    assert owed(regimen) == before
    assert not Revision.objects.filter(regimen=regimen, kind__in=["decided", "stopped"]).exists()


def test_a_stale_page_decides_nothing_and_says_who_was_first(regimen, doctor):
    shown = regimen.version
    decide(regimen, doctor, "continue")
    with pytest.raises(ChangedMeanwhile) as race:
        decide(regimen, doctor, "stop", version=shown)
    assert (race.value.revision.kind, race.value.revision.by) == ("decided", doctor)


def test_a_dose_that_is_not_the_last_is_not_decided_on(regimen, doctor):
    first = Administration.objects.get().fulfils
    give_late(regimen, doctor)
    with pytest.raises(NotDecided, match="Another dose has been given since"):
        decide(regimen, doctor, "continue", dose=first)


def test_a_dose_counted_for_the_new_loading_that_never_happened_is_not_passed_over(regimen, doctor):
    late = give_late(regimen, doctor)
    decide(regimen, doctor, "restart", dose=late)

    enter_in_error(
        administration=late.given_as,
        reason="Another patient",
        form_key=uuid4(),
        by=doctor,
        at=at(TODAY),
        today=TODAY,
    )

    late.refresh_from_db()
    assert late.state == "withdrawn"
    assert Alert.objects.get(rule="LOADING_MAY_BE_SHORT").subject == f"dose:{late.public_id}"


def test_a_correction_in_a_course_that_goes_on_says_nothing_of_the_kind(regimen, doctor):
    enter_in_error(
        administration=Administration.objects.get(),
        reason="Another patient",
        form_key=uuid4(),
        by=doctor,
        at=at(TODAY),
        today=TODAY,
    )
    assert not Alert.objects.exists()
