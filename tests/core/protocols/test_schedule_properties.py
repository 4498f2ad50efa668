"""What holds of every schedule, whatever the phases, the doses given and the opening days."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from b12clinic.vocabulary import IntervalUnit, PhaseKind
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.replanning import after
from regimens.protocols.schedule import ClinicCalendar, forecast
from regimens.protocols.windows import minimum_gap_days
from tests.core.protocols.phases import (
    ALTERNATE,
    DAILY,
    EVERY_THREE_MONTHS,
    EVERY_TWO_MONTHS,
    MONTHLY,
    THREE_A_WEEK,
    TWICE_A_WEEK,
    UNTIL_PLATEAU,
    WEEKLY,
    phase,
)

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
LOADINGS = st.sampled_from([DAILY, ALTERNATE, THREE_A_WEEK, TWICE_A_WEEK, WEEKLY])
UPKEEPS = st.sampled_from([MONTHLY, EVERY_TWO_MONTHS, EVERY_THREE_MONTHS])
CALENDARS = st.builds(
    ClinicCalendar,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(date(2024, 1, 1), date(2031, 12, 31)), max_size=12),
)


def schedules() -> st.SearchStrategy[list[PhaseSpec]]:
    return st.builds(
        lambda loads, upkeep: [*loads, upkeep], st.lists(LOADINGS, min_size=1, max_size=3), UPKEEPS
    )


@given(schedules(), DAYS, CALENDARS)
@settings(max_examples=60, deadline=None)
def test_every_dose_is_planned_once_on_an_open_day_in_order(
    specs: list[PhaseSpec], start_on: date, calendar: ClinicCalendar
) -> None:
    phases = forecast(specs, start_on=start_on, calendar=calendar)
    assert [len(one.doses) for one in phases] == [spec.doses or spec.horizon for spec in specs]
    days = [dose.due_on for one in phases for dose in one.doses]
    assert days == sorted(set(days))
    assert all(calendar.is_open(day) for day in days)
    assert days[0] == calendar.on_or_after(start_on)


@given(schedules(), DAYS, CALENDARS)
@settings(max_examples=60, deadline=None)
def test_no_two_doses_are_closer_than_the_phase_allows(
    specs: list[PhaseSpec], start_on: date, calendar: ClinicCalendar
) -> None:
    for one in forecast(specs, start_on=start_on, calendar=calendar):
        least = minimum_gap_days(one.spec)
        assert all((later.due_on - dose.due_on).days >= least for dose, later in pairwise(one.doses))


@given(LOADINGS, DAYS, st.lists(st.integers(1, 60), min_size=0, max_size=2), st.integers(0, 90))
@settings(max_examples=80, deadline=None)
def test_total_of_a_loading_is_kept_after_any_lateness(
    spec: PhaseSpec, start_on: date, gaps: list[int], late: int
) -> None:
    days = [start_on]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    today = days[-1] + timedelta(days=late)
    rest = forecast([spec, MONTHLY], start_on=start_on, given={0: days}, not_before=today)
    planned = rest[0].doses
    assert len(days) + len(planned) == spec.doses
    assert [dose.number for dose in planned] == list(range(len(days) + 1, (spec.doses or 0) + 1))
    assert all(dose.due_on >= today and dose.due_on > days[-1] for dose in planned)


@given(
    st.sampled_from([ALTERNATE, THREE_A_WEEK, TWICE_A_WEEK, WEEKLY]), DAYS, st.integers(0, 200), st.booleans()
)
@settings(max_examples=60, deadline=None)
def test_a_late_dose_leaves_every_other_dose_owed(
    spec: PhaseSpec, start_on: date, late: int, neurological: bool
) -> None:
    due_on = forecast([spec], start_on=start_on, given={0: (start_on,)})[0].doses[0].due_on
    proposal = after(
        [spec, EVERY_THREE_MONTHS],
        start_on=start_on,
        given={0: (start_on,)},
        ordinal=0,
        due_on=due_on,
        given_on=due_on + timedelta(days=late),
        neurological=neurological,
    )
    assert len(proposal.doses[0].doses) == (spec.doses or 0) - 2
    assert all(dose.due_on > due_on + timedelta(days=late) for one in proposal.doses for dose in one.doses)


@given(DAYS, st.integers(1, 12))
def test_months_never_run_past_the_month_they_mean(start_on: date, months: int) -> None:
    spec = phase(PhaseKind.MAINTENANCE, months, IntervalUnit.MONTH, horizon=12)
    (upkeep,) = forecast([spec], start_on=start_on)
    for step, dose in enumerate(upkeep.doses):
        place = start_on.year * 12 + start_on.month - 1 + months * step
        assert (dose.due_on.year, dose.due_on.month) == (place // 12, place % 12 + 1)
        assert dose.due_on.day <= start_on.day


@given(DAYS, CALENDARS, st.integers(0, 400))
@settings(max_examples=50, deadline=None)
def test_open_loading_hides_what_follows_it(start_on: date, calendar: ClinicCalendar, days: int) -> None:
    phases = forecast(
        [UNTIL_PLATEAU, EVERY_TWO_MONTHS],
        start_on=start_on,
        calendar=calendar,
        until=start_on + timedelta(days=days),
    )
    assert phases[1].doses == ()
