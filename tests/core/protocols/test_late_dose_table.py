"""Every cell of the table of late doses, and both its edges."""

from datetime import date, timedelta

import pytest

from regimens.protocols.policy import Policy
from regimens.protocols.windows import Cadence, LateAction, Restart, cadence_of, late_advice
from tests import late_doses

ON_TIME, EARLY = LateAction.ON_TIME, LateAction.EARLY
CONTINUE, REANCHOR = LateAction.GIVE_AND_CONTINUE, LateAction.GIVE_AND_REANCHOR
REVIEW = LateAction.CLINICIAN_REVIEW

# Rhythm, neurological, first and last day after the due date (None: no limit), action, rule, what is suggested again.
TABLE = (
    ("daily", False, None, -1, EARLY, "before_window", None),
    ("daily", False, 0, 0, ON_TIME, "in_window", None),
    ("daily", False, 1, 13, CONTINUE, "daily_late", None),
    ("daily", False, 14, None, REVIEW, "daily_gap_over_14_days", None),
    ("daily", True, None, -1, EARLY, "before_window", None),
    ("daily", True, 0, 0, ON_TIME, "in_window", None),
    ("daily", True, 1, 6, CONTINUE, "daily_late", None),
    ("daily", True, 7, None, REVIEW, "daily_gap_over_7_days", None),
    ("on alternate days", False, None, -2, EARLY, "before_window", None),
    ("on alternate days", False, -1, 1, ON_TIME, "in_window", None),
    ("on alternate days", False, 2, 12, CONTINUE, "every_other_day_late", None),
    ("on alternate days", False, 13, None, REVIEW, "every_other_day_gap_over_14_days", Restart.LOADING),
    ("on alternate days", True, None, -2, EARLY, "before_window", None),
    ("on alternate days", True, -1, 1, ON_TIME, "in_window", None),
    ("on alternate days", True, 2, 5, CONTINUE, "every_other_day_late", None),
    ("on alternate days", True, 6, None, REVIEW, "every_other_day_gap_over_7_days", Restart.LOADING),
    ("every 3 days", False, None, -2, EARLY, "before_window", None),
    ("every 3 days", False, -1, 1, ON_TIME, "in_window", None),
    ("every 3 days", False, 2, 11, CONTINUE, "every_other_day_late", None),
    ("every 3 days", False, 12, None, REVIEW, "every_other_day_gap_over_14_days", Restart.LOADING),
    ("every 3 days", True, None, -2, EARLY, "before_window", None),
    ("every 3 days", True, -1, 1, ON_TIME, "in_window", None),
    ("every 3 days", True, 2, 4, CONTINUE, "every_other_day_late", None),
    ("every 3 days", True, 5, None, REVIEW, "every_other_day_gap_over_7_days", Restart.LOADING),
    ("weekly", False, None, -3, EARLY, "before_window", None),
    ("weekly", False, -2, 2, ON_TIME, "in_window", None),
    ("weekly", False, 3, 14, REANCHOR, "weekly_late", None),
    ("weekly", False, 15, None, REVIEW, "weekly_gap_over_21_days", None),
    ("every 2 weeks", False, None, -3, EARLY, "before_window", None),
    ("every 2 weeks", False, -2, 2, ON_TIME, "in_window", None),
    ("every 2 weeks", False, 3, 28, REANCHOR, "weekly_late", None),
    ("every 2 weeks", False, 29, None, REVIEW, "weekly_gap_over_42_days", None),
    ("monthly", False, None, -8, EARLY, "before_window", None),
    ("monthly", False, -7, 7, ON_TIME, "in_window", None),
    ("monthly", False, 8, 30, REANCHOR, "maintenance_late", None),
    ("monthly", False, 31, 61, REVIEW, "maintenance_gap_over_two_intervals", None),
    ("monthly", False, 62, None, REVIEW, "maintenance_gap_suggests_loading", Restart.LOADING),
    ("every 2 months", False, None, -8, EARLY, "before_window", None),
    ("every 2 months", False, -7, 14, ON_TIME, "in_window", None),
    ("every 2 months", False, 15, 61, REANCHOR, "maintenance_late", None),
    ("every 2 months", False, 62, 122, REVIEW, "maintenance_gap_over_two_intervals", None),
    ("every 2 months", False, 123, None, REVIEW, "maintenance_gap_suggests_loading", Restart.LOADING),
    ("every 8 weeks", False, None, -8, EARLY, "before_window", None),
    ("every 8 weeks", False, -7, 14, ON_TIME, "in_window", None),
    ("every 8 weeks", False, 15, 56, REANCHOR, "maintenance_late", None),
    ("every 8 weeks", False, 57, 112, REVIEW, "maintenance_gap_over_two_intervals", None),
    ("every 8 weeks", False, 113, None, REVIEW, "maintenance_gap_suggests_loading", Restart.LOADING),
    ("every 3 months", False, None, -15, EARLY, "before_window", None),
    ("every 3 months", False, -14, 14, ON_TIME, "in_window", None),
    ("every 3 months", False, 15, 92, REANCHOR, "maintenance_late", None),
    ("every 3 months", False, 93, 183, REVIEW, "maintenance_gap_over_two_intervals", None),
    ("every 3 months", False, 184, None, REVIEW, "maintenance_gap_suggests_loading", Restart.LOADING),
    ("every 12 weeks", False, None, -15, EARLY, "before_window", None),
    ("every 12 weeks", False, -14, 14, ON_TIME, "in_window", None),
    ("every 12 weeks", False, 15, 84, REANCHOR, "maintenance_late", None),
    ("every 12 weeks", False, 85, 168, REVIEW, "maintenance_gap_over_two_intervals", None),
    ("every 12 weeks", False, 169, None, REVIEW, "maintenance_gap_suggests_loading", Restart.LOADING),
    ("every 6 months", False, None, -15, EARLY, "before_window", None),
    ("every 6 months", False, -14, 14, ON_TIME, "in_window", None),
    ("every 6 months", False, 15, 183, REANCHOR, "maintenance_late", None),
    ("every 6 months", False, 184, None, REVIEW, "maintenance_gap_suggests_loading", Restart.LOADING),
)
SPECS = {spec.rhythm: spec for spec in late_doses.PHASES}
EDGES = [
    (rhythm, nerves, edge, action, rule, again)
    for rhythm, nerves, first, last, action, rule, again in TABLE
    for edge in {first, last} - {None}
]


def test_the_table_printed_has_these_cells_and_no_other() -> None:
    printed = [
        (
            cell.spec.rhythm,
            cell.neurological,
            cell.from_day,
            cell.to_day,
            cell.advice.action,
            cell.advice.rule,
            cell.advice.restart,
        )
        for cell in late_doses.cells()
    ]
    assert printed == list(TABLE)


@pytest.mark.parametrize(("rhythm", "nerves", "late", "action", "rule", "again"), EDGES)
def test_a_cell_answers_on_its_edges(
    rhythm: str, nerves: bool, late: int, action: LateAction, rule: str, again: Restart | None
) -> None:
    spec, due_on = SPECS[rhythm], date(2025, 6, 16)
    said = late_advice(
        spec,
        due_on=due_on,
        given_on=due_on + timedelta(days=late),
        last_given_on=spec.interval.before(due_on),
        neurological=nerves,
    )
    assert (said.action, said.rule, said.restart, said.days_late) == (action, rule, again, late)
    assert said.local_policy


def test_every_cadence_is_printed() -> None:
    assert {cadence_of(spec) for spec in late_doses.PHASES} == set(Cadence)


def test_every_line_says_that_it_is_local_policy() -> None:
    lines = late_doses.rows()
    assert len(lines) == len(TABLE) + 1
    assert {line[-1] for line in lines} == {"local policy"}


def test_new_neurological_symptoms_stand_last_at_any_lateness() -> None:
    assert late_doses.rows()[-1][:6] == [
        "every phase",
        "new neurological symptoms",
        "any",
        "",
        "a clinician reviews",
        "neurological loading",
    ]


def test_the_table_follows_the_figures_of_a_clinic() -> None:
    weekly = [cell for cell in late_doses.cells(Policy(weekly_window_days=3)) if cell.spec.rhythm == "weekly"]
    assert [cell.lateness for cell in weekly] == [
        "4 days early or more",
        "3 days early to 3 days late",
        "4 to 14 days late",
        "15 days late or more",
    ]
