"""What the follow-up report reads, row by row, on both sides of each day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from regimens.models import Administration, Regimen, Revision
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from regimens.queries.follow_up import (
    FollowUpAsked,
    follow_up_batches,
    follow_up_count,
    follow_up_page,
)
from regimens.services.record_administration import record_not_given
from regimens.services.stop_regimen import stop_regimen
from tests.factories.labs import a_recheck, a_result
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import SIX_DOSES, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TODAY = date(2026, 1, 12)
TABLETS = PhaseSpec(
    kind=PhaseKind.ORAL,
    drug=Drug.CYANOCOBALAMIN,
    dose_mcg=1000,
    route=Route.ORAL,
    interval=Interval(1, IntervalUnit.DAY),
    ends_when="The cause has passed.",
)


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nurse(clinic):
    return a_user(clinic, "nurse", "prescriber")


def asked(as_of=TODAY, today=TODAY, **fields):
    return FollowUpAsked(as_of=as_of, today=today, **fields)


def rows(clinic, wanted=None):
    return follow_up_page(clinic, wanted or asked())[0]


def the_row(clinic, wanted=None):
    [row] = rows(clinic, wanted)
    return row


def names(clinic, wanted=None):
    return [row.name for row in rows(clinic, wanted)]


def test_a_new_plan_waits_for_its_first_dose(clinic, nurse):
    patient = a_patient(clinic, name="Ada Example", record_number="R-1")
    a_regimen(patient, nurse, lifelong=True)
    row = the_row(clinic, asked(as_of=date(2026, 1, 5), today=date(2026, 1, 5)))
    assert (row.name, row.born_on, row.cause) == ("Ada Example", date(1948, 3, 2), "autoimmune_gastritis")
    assert row.identifier == ("medical_record", "R-1")
    assert row.protocol == ("uk", "2026.1", "uk/standard", "uk/standard")
    assert row.phase[1:] == ("loading", "hydroxocobalamin", 1000, "im", 6)
    assert (row.given, row.given_in_all, row.not_given, row.lifelong) == (0, 0, 0, True)
    assert (row.due_on, row.days_overdue, row.last) == (date(2026, 1, 5), 0, None)


def test_doses_given_and_the_last_injection_are_counted(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    give(regimen, nurse, date(2026, 1, 5))
    give(regimen, nurse, date(2026, 1, 8))
    row = the_row(clinic)
    assert (row.given, row.given_in_all) == (2, 2)
    assert row.last.given_on == date(2026, 1, 8)
    assert row.last.days_late == 1


def test_an_early_injection_counts_below_nothing(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    give(regimen, nurse, date(2026, 1, 5))
    give(regimen, nurse, date(2026, 1, 6))
    assert the_row(clinic).last.days_late == -1


def test_the_phase_follows_from_what_was_given(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    for day in (5, 7, 9, 12, 14, 16):
        give(regimen, nurse, date(2026, 1, day))
    row = the_row(clinic, asked(as_of=date(2026, 1, 16), today=date(2026, 1, 16)))
    assert (row.phase.kind, row.phase.wanted) == ("maintenance", None)
    assert (row.given, row.given_in_all) == (0, 6)
    assert row.due_on == date(2026, 4, 16)


@pytest.mark.parametrize(
    ("as_of", "days_overdue"),
    [
        (date(2026, 1, 5), 0),  # due
        (date(2026, 1, 6), 0),  # the last day of the on-time window
        (date(2026, 1, 7), 2),  # the first day outside it
        (date(2026, 1, 15), 10),
    ],
)
def test_overdue_begins_outside_the_window_and_counts_from_the_due_day(clinic, nurse, as_of, days_overdue):
    a_regimen(a_patient(clinic), nurse)
    wanted = asked(as_of=as_of, today=as_of)
    assert the_row(clinic, wanted).days_overdue == days_overdue
    assert follow_up_count(clinic, replace(wanted, only_overdue=True)) == (1 if days_overdue else 0)


def test_a_day_ahead_shows_who_would_be_overdue_by_then(clinic, nurse):
    a_regimen(a_patient(clinic), nurse)
    wanted = asked(as_of=date(2026, 1, 20), today=date(2026, 1, 5), only_overdue=True)
    assert the_row(clinic, wanted).days_overdue == 15


def test_a_day_in_the_past_leaves_out_what_happened_since(clinic, nurse):
    patient = a_patient(clinic)
    regimen = a_regimen(patient, nurse)
    give(regimen, nurse, date(2026, 1, 5))
    give(regimen, nurse, date(2026, 1, 10))
    a_result(patient, "haemoglobin", "92", taken_on=date(2026, 1, 5))
    a_result(patient, "haemoglobin", "101", taken_on=date(2026, 1, 10))
    row = the_row(clinic, asked(as_of=date(2026, 1, 9), today=date(2026, 1, 12)))
    assert (row.given, row.last.given_on) == (1, date(2026, 1, 5))
    assert (row.due_on, row.days_overdue) == (date(2026, 1, 7), 2)
    assert row.results["haemoglobin"].number == 92
    now = the_row(clinic)
    assert (now.given, now.results["haemoglobin"].number) == (2, 101)


def test_a_regimen_is_in_the_report_from_the_day_it_was_signed(clinic, nurse):
    a_regimen(a_patient(clinic), nurse)
    assert follow_up_count(clinic, asked(as_of=date(2026, 1, 4))) == 0
    assert follow_up_count(clinic, asked(as_of=date(2026, 1, 5))) == 1


def test_a_stopped_regimen_was_in_the_report_until_it_stopped(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    stop_regimen(
        regimen=regimen,
        version=regimen.version,
        reason="Moved to tablets.",
        by=nurse,
        at=datetime(2026, 1, 10, 12, tzinfo=UTC),
        today=date(2026, 1, 10),
    )
    assert rows(clinic) == []
    assert follow_up_count(clinic, asked(as_of=date(2026, 1, 9))) == 1
    assert follow_up_count(clinic, asked(as_of=date(2026, 1, 10))) == 0


@pytest.mark.parametrize("event", ["died_on", "moved_on"])
def test_nobody_who_died_or_moved_away_is_followed(clinic, nurse, event):
    patient = a_patient(clinic)
    a_regimen(patient, nurse)
    type(patient).objects.filter(pk=patient.pk).update(**{event: date(2026, 1, 10)})
    assert rows(clinic) == []
    assert follow_up_count(clinic, asked(as_of=date(2026, 1, 9))) == 1
    assert follow_up_count(clinic, asked(as_of=date(2026, 1, 10))) == 0


def test_a_paused_regimen_is_shown_and_waits_for_nothing(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    Regimen.objects.filter(pk=regimen.pk).update(state="paused")
    row = the_row(clinic)
    assert (row.state, row.due_on, row.days_overdue) == ("paused", None, 0)
    assert row.phase.kind == "loading"
    assert follow_up_count(clinic, asked(only_overdue=True)) == 0


def test_tablets_have_no_doses_and_are_a_phase_of_their_own(clinic, nurse):
    a_regimen(a_patient(clinic, name="Ada Example"), nurse, TABLETS)
    a_regimen(a_patient(clinic, name="Bo Example"), nurse)
    assert names(clinic, asked(phase="oral")) == ["Ada Example"]
    assert names(clinic, asked(phase="loading")) == ["Bo Example"]
    assert names(clinic, asked(phase="maintenance")) == []
    assert the_row(clinic, asked(phase="oral")).due_on is None


def test_attempts_not_given_are_counted_until_they_are_corrected(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    for day in (5, 6):
        record_not_given(
            dose=next_dose(regimen),
            on=date(2026, 1, day),
            not_given_reason="did_not_attend",
            reason="",
            next_action_on=None,
            form_key=uuid4(),
            by=nurse,
            at=datetime(2026, 1, day, 12, tzinfo=UTC),
            today=date(2026, 1, day),
        )
    assert the_row(clinic).not_given == 2
    assert the_row(clinic, asked(as_of=date(2026, 1, 5))).not_given == 1
    first = Administration.objects.order_by("pk").first()
    Administration.objects.create(
        patient=first.patient,
        clinic=clinic,
        regimen=regimen,
        dose=first.dose,
        outcome="not_given",
        given_on=first.given_on,
        not_given_reason="did_not_attend",
        entered_in_error=True,
        reason="Another patient's entry.",
        corrects=first,
        recorded_by=nurse,
        form_key=uuid4(),
    )
    assert the_row(clinic).not_given == 1


def test_an_injection_outside_the_plan_is_the_last_one_without_lateness(clinic, nurse):
    patient = a_patient(clinic)
    a_regimen(patient, nurse)
    Administration.objects.create(
        patient=patient,
        clinic=clinic,
        outcome="given",
        given_on=date(2026, 1, 3),
        drug="hydroxocobalamin",
        dose_mcg=1000,
        route="im",
        given_elsewhere=True,
        recorded_by=nurse,
        form_key=uuid4(),
    )
    last = the_row(clinic).last
    assert (last.given_on, last.days_late) == (date(2026, 1, 3), None)


def test_the_last_live_result_of_each_analyte_is_shown_as_reported(clinic, nurse):
    patient = a_patient(clinic)
    a_regimen(patient, nurse)
    a_result(patient, "haemoglobin", "9.2", "g/dL", taken_on=date(2026, 1, 2))
    wrong = a_result(patient, "methylmalonic_acid", "<90", "nmol/L", taken_on=date(2026, 1, 4))
    a_result(
        patient,
        "methylmalonic_acid",
        "900",
        "nmol/L",
        taken_on=date(2026, 1, 4),
        supersedes=wrong,
        why="Typed wrongly.",
    )
    a_result(patient, "mcv", "<60", "fL", taken_on=date(2026, 1, 2))
    a_result(patient, "ferritin", "20", "ug/L", taken_on=date(2026, 1, 2))
    results = the_row(clinic).results
    assert {code: (one.comparator, one.number, one.unit) for code, one in results.items()} == {
        "haemoglobin": ("", results["haemoglobin"].number, "g/dL"),
        "mcv": ("<", 60, "fL"),
        "methylmalonic_acid": ("", 900, "nmol/L"),
    }
    assert str(results["haemoglobin"].number.normalize()) == "9.2"


def test_the_earliest_recheck_still_wanted_is_shown(clinic, nurse):
    patient = a_patient(clinic)
    a_regimen(patient, nurse)
    a_recheck(patient, "fbc", due_on=date(2026, 2, 1))
    a_recheck(patient, "potassium", due_on=date(2026, 1, 11))
    a_recheck(patient, "fbc", due_on=date(2026, 1, 6), state="done", ended_on=date(2026, 1, 8))
    assert the_row(clinic).recheck == (date(2026, 1, 11), ["potassium"])
    assert the_row(clinic, asked(as_of=date(2026, 1, 7))).recheck == (date(2026, 1, 6), ["fbc"])


def test_the_protocol_is_that_of_the_last_signature(clinic, nurse):
    regimen = a_regimen(a_patient(clinic), nurse)
    Revision.objects.create(
        regimen=regimen,
        number=2,
        kind="signed",
        by=nurse,
        at=datetime(2026, 1, 6, 9, tzinfo=UTC),
        pack="nl",
        pack_version="2026.2",
        protocol="nl/standard",
        protocol_snapshot={"title": "Ten doses, then every two months"},
        policy_snapshot={},
    )
    assert the_row(clinic).protocol == ("nl", "2026.2", "nl/standard", "Ten doses, then every two months")


def test_another_clinics_patients_never_appear(clinic, nurse):
    stranger = a_patient(a_clinic(), name="Canary Stranger")
    a_regimen(stranger, a_user(stranger.clinic, "prescriber"))
    a_regimen(a_patient(clinic, name="Ada Example"), nurse)
    assert names(clinic) == ["Ada Example"]
    assert names(clinic, asked(after=stranger.public_id)) == ["Ada Example"]


def test_pages_and_batches_go_through_everybody_once_by_name(clinic, nurse):
    wanted = [f"Example {letter}" for letter in "HCAFBGDE"]
    for name in [*wanted, "Example A"]:
        a_regimen(a_patient(clinic, name=name), nurse, SIX_DOSES)
    everybody = sorted([*wanted, "Example A"])
    read, after = [], None
    while True:
        page, after = follow_up_page(clinic, asked(after=after), size=4)
        read.append([row.name for row in page])
        if after is None:
            break
    assert [len(page) for page in read] == [4, 4, 1]
    assert [name for page in read for name in page] == everybody
    for size in (1, 3, 9, 10):
        batches = list(follow_up_batches(clinic, asked(), size=size))
        assert [row.name for batch in batches for row in batch] == everybody


def test_the_number_of_queries_is_the_same_for_one_row_and_for_many(clinic, nurse):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as made:
            follow_up_page(clinic, asked())
        return len(made)

    def followed():
        patient = a_patient(clinic)
        regimen = a_regimen(patient, nurse)
        give(regimen, nurse, date(2026, 1, 5))
        a_result(patient, taken_on=date(2026, 1, 5))
        a_recheck(patient, due_on=date(2026, 1, 5) + timedelta(days=90))

    followed()
    one = queries()
    for _ in range(6):
        followed()
    assert queries() == one == 10
