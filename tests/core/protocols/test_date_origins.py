"""Why each planned dose stands on its day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from b12clinic.vocabulary import IntervalUnit
from regimens.packs import load_packs
from regimens.protocols.date_origins import Grounds, explain, origins_of, rules_of
from regimens.protocols.date_rules import DateRule
from regimens.protocols.intervals import Interval
from regimens.protocols.origin import Origin, OriginKind
from regimens.protocols.pack import Protocol
from regimens.protocols.policy import DEFAULT
from regimens.protocols.schedule import ClinicCalendar, forecast
from regimens.protocols.windows import late_advice
from tests.core.protocols.phases import (
    EVERY_THREE_MONTHS,
    MONDAY,
    UK_NEUROLOGICAL,
    UK_STANDARD,
    US_LABEL,
    WEEKLY,
    on,
)

UK = load_packs()["uk"].by_code["uk/standard"]
LABEL = load_packs()["us-label"].by_code["us-label/standard"]
GROUNDS = Grounds(UK, DEFAULT)


def rules(phase, grounds=GROUNDS):
    return [[str(rule) for rule in rules_of(phase.spec, dose, grounds)] for dose in phase.doses]


def test_a_new_plan_stands_on_its_first_day_then_the_interval_then_the_step_into_maintenance():
    load, upkeep = forecast(UK_STANDARD, start_on=MONDAY)
    assert rules(load) == [["first_day"], *[["interval"]] * 5]
    assert rules(upkeep) == [
        ["phase_step", "calendar_months", "rolling_horizon"],
        ["interval", "calendar_months", "rolling_horizon"],
    ]


def test_a_first_day_that_the_clinician_chose_is_the_clinicians():
    load, _ = forecast(UK_STANDARD, start_on=MONDAY)
    chosen = replace(GROUNDS, first_day_chosen=True)
    reason = explain(load.spec, load.doses[0], chosen)[0]
    assert (reason.rule, reason.origins[0].kind) == (DateRule.CLINICIANS_DAY, OriginKind.CLINICIAN)


def test_a_dose_moved_to_an_open_day_names_the_day_it_would_have_been():
    closed = ClinicCalendar(frozenset(range(7)), frozenset(on(2)))
    load, _ = forecast(UK_STANDARD, start_on=MONDAY, calendar=closed)
    moved = load.doses[1]
    assert moved.would_be_on == date(2025, 1, 8)
    reason = explain(load.spec, moved, GROUNDS)[1]
    assert reason.sentence == "Moved from 8 January 2025, when the clinic gives no injections."
    assert [origin.kind for origin in reason.origins] == [OriginKind.CALENDAR]
    assert [dose.would_be_on for dose in load.doses if dose is not moved] == [None] * 5


def test_a_first_dose_moved_to_an_open_day_says_so_too():
    closed = ClinicCalendar(frozenset(range(5)))
    (load, _) = forecast(UK_STANDARD, start_on=date(2025, 1, 4), calendar=closed)
    assert (load.doses[0].due_on, load.doses[0].would_be_on) == (MONDAY, date(2025, 1, 4))
    assert rules(load)[0] == ["first_day", "open_day"]


def test_a_dose_held_back_says_how_many_days_must_lie_between_two():
    closed = ClinicCalendar(frozenset(range(7)), frozenset(on(7, 6, 5, 8, 9)))
    (weekly,) = forecast([replace(WEEKLY, gaps=(7, 7))], start_on=MONDAY, calendar=closed)
    assert [dose.due_on for dose in weekly.doses[:3]] == list(on(0, 10, 15))
    reasons = explain(weekly.spec, weekly.doses[2], GROUNDS)
    assert [reason.sentence for reason in reasons if reason.rule is DateRule.MINIMUM_GAP] == [
        "Held back from 20 January 2025: at least 5 days lie between two injections of this phase."
    ]


@pytest.mark.parametrize(
    ("late_by", "first"),
    [(0, "course_goes_on"), (1, "from_today"), (2, "pattern_again")],
)
def test_a_running_course_goes_on_from_the_last_dose_or_today_or_begins_its_pattern_again(late_by, first):
    due = MONDAY + timedelta(days=2)
    load, *_ = forecast(
        UK_STANDARD, start_on=MONDAY, given={0: [MONDAY]}, not_before=due + timedelta(days=late_by)
    )
    assert rules(load)[0] == [first]


def test_a_late_dose_names_the_cell_of_the_table_that_spoke():
    today = MONDAY + timedelta(days=4)
    load, *_ = forecast(UK_STANDARD, start_on=MONDAY, given={0: [MONDAY]}, not_before=today)
    advice = late_advice(load.spec, due_on=on(2)[0], given_on=today, last_given_on=MONDAY, neurological=False)
    reasons = explain(load.spec, load.doses[0], replace(GROUNDS, late=advice))
    late = next(reason for reason in reasons if reason.rule is DateRule.LATE_DOSE)
    assert late.sentence == advice.sentence
    assert [(one.rule, one.kind, one.section) for one in late.origins] == [
        ("late_dose/every_other_day_late", OriginKind.LOCAL_POLICY, "evidence section 8")
    ]


def test_doses_behind_a_check_gate_are_marked_with_the_check():
    phases = forecast(US_LABEL, start_on=MONDAY)
    grounds = Grounds(LABEL, DEFAULT)
    assert rules(phases[0], grounds)[0] == ["first_day"]
    assert rules(phases[1], grounds)[0] == ["phase_step", "check_gate"]
    kinds = {one.kind for one in origins_of(DateRule.CHECK_GATE, phases[1].spec, grounds)}
    assert kinds == {OriginKind.LABEL, OriginKind.LOCAL_POLICY}


def test_an_open_phase_lists_a_rolling_horizon():
    (open_phase, after) = forecast(UK_NEUROLOGICAL, start_on=MONDAY)
    assert all("rolling_horizon" in one for one in rules(open_phase))
    assert after.doses == ()


def test_the_published_interval_has_the_packs_citations_and_a_choice_within_a_range_the_clinics_figure():
    load, upkeep = UK.phases
    assert [one.source for one in GROUNDS.interval_of(load)] == [
        "British National Formulary (BNF)",
        "Generic hydroxocobalamin 1 mg/mL summary of product characteristics (SmPC hydroxocobalamin)",
        "Vitamin B12 deficiency in over 16s: diagnosis and management (NG239)",
    ]
    assert {one.rule for one in GROUNDS.interval_of(load)} == {"uk/standard/loading"}
    assert GROUNDS.interval_of(upkeep)[-1].rule == "policy/uk_maintenance_months"
    assert GROUNDS.interval_of(replace(upkeep, interval=Interval(2, IntervalUnit.MONTH)))[-1].rule == (
        "policy/uk_maintenance_months"
    )


def test_an_interval_booked_in_weeks_is_the_clinics_and_one_that_nobody_printed_the_prescribers():
    in_weeks = replace(EVERY_THREE_MONTHS, interval=Interval(12, IntervalUnit.WEEK))
    booked = replace(GROUNDS, policy=replace(DEFAULT, weeks_booked_per_month=4))
    assert booked.interval_of(in_weeks)[-1].rule == "policy/weeks_booked_per_month"
    assert [one.rule for one in GROUNDS.interval_of(in_weeks)] == ["prescriber/interval"]


@pytest.mark.parametrize("rule", DateRule)
def test_every_rule_of_a_date_has_an_origin_and_a_sentence(rule):
    load, _ = forecast(UK_STANDARD, start_on=MONDAY)
    dose = replace(load.doses[1], rules=(rule,))
    assert origins_of(rule, load.spec, GROUNDS)
    assert explain(load.spec, dose, GROUNDS)[0].sentence.endswith(".")


CELLS = {
    "in_window": (WEEKLY, 0, 7, False),
    "before_window": (WEEKLY, -3, 7, False),
    "weekly_late": (WEEKLY, 3, 7, False),
    "weekly_gap_over_21_days": (WEEKLY, 20, 7, False),
    "every_other_day_late": (UK_STANDARD[0], 3, 2, False),
    "every_other_day_gap_over_14_days": (UK_STANDARD[0], 20, 2, False),
    "daily_late": (US_LABEL[0], 2, 1, False),
    "daily_gap_over_14_days": (US_LABEL[0], 20, 1, False),
    "maintenance_late": (EVERY_THREE_MONTHS, 20, 90, False),
    "maintenance_gap_over_two_intervals": (EVERY_THREE_MONTHS, 100, 90, False),
    "maintenance_gap_suggests_loading": (EVERY_THREE_MONTHS, 300, 90, False),
    "new_neurological_symptoms": (WEEKLY, 0, 7, True),
}


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_of_the_late_dose_table_is_local_policy_and_says_so(cell):
    spec, days, gap, symptoms = CELLS[cell]
    advice = late_advice(
        spec,
        due_on=MONDAY,
        given_on=MONDAY + timedelta(days=days),
        last_given_on=MONDAY - timedelta(days=gap),
        neurological=False,
        new_neuro_symptoms=symptoms,
    )
    assert advice.local_policy
    assert [(one.rule, one.kind, one.source, one.section, one.year) for one in advice.origins] == [
        (
            f"late_dose/{cell}",
            OriginKind.LOCAL_POLICY,
            "Local policy of the clinic",
            "evidence section 8",
            None,
        )
    ]


PROTOCOLS = [one for pack in load_packs().values() for one in pack.protocols]


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda one: one.code)
def test_every_published_protocol_and_each_of_its_phases_has_an_origin(protocol):
    grounds = Grounds(protocol, DEFAULT)
    assert {one.rule for one in protocol.origins} == {protocol.code}
    for spec in protocol.phases:
        origins = grounds.interval_of(spec)
        assert origins[0].rule == f"{protocol.code}/{spec.kind}"
        assert all(one.kind is not OriginKind.PUBLISHED for one in origins)
        own = any(one.kind is OriginKind.LOCAL_POLICY for one in protocol.origins)
        assert own is any("local policy" in citation.spoken for citation in protocol.citations)


@pytest.mark.parametrize(
    ("section", "year", "kind", "place"),
    [
        ("1.5", 2024, OriginKind.GUIDELINE, "1.5, 2024"),
        (None, 2024, OriginKind.GUIDELINE, "no section given, 2024"),
        ("warnings", None, OriginKind.LABEL, "warnings, no year given"),
        (None, None, OriginKind.LITERATURE, "no section given, no year given"),
        ("evidence section 8", None, OriginKind.LOCAL_POLICY, "evidence section 8"),
        (None, None, OriginKind.CALENDAR, ""),
        (None, None, OriginKind.CLINICIAN, ""),
    ],
)
def test_a_publication_says_what_the_evidence_does_not_give(section, year, kind, place):
    assert Origin("RULE", kind, "A source", section, year).place == place


def test_a_protocol_signed_before_sources_had_a_kind_reads_as_published():
    kept = UK.to_dict()
    for citation in kept["citations"]:
        del citation["kind"]
    assert {one.kind for one in Protocol.from_dict(kept).origins} == {OriginKind.PUBLISHED}
