"""What a dose on another day leads to."""

from datetime import date

from regimens.protocols.replanning import DoseMoved, after
from regimens.protocols.windows import LateAction
from tests.core.protocols.phases import (
    EVERY_THREE_MONTHS,
    MONDAY,
    UK_NEUROLOGICAL,
    UK_STANDARD,
    laid_out,
    on,
)


def test_dose_on_its_day_moves_nothing() -> None:
    proposal = after(
        UK_STANDARD,
        start_on=MONDAY,
        given={0: on(0)},
        ordinal=0,
        due_on=on(2)[0],
        given_on=on(2)[0],
        neurological=False,
    )
    assert (proposal.advice.action, proposal.moved, proposal.needs_decision) == (
        LateAction.ON_TIME,
        (),
        False,
    )
    assert laid_out(proposal.doses) == [(0, [4, 7, 9, 11]), (1, [101, 192])]


def test_late_loading_dose_shifts_the_rest_and_keeps_the_count() -> None:
    proposal = after(
        UK_STANDARD,
        start_on=MONDAY,
        given={0: on(0, 2, 4)},
        ordinal=0,
        due_on=on(7)[0],
        given_on=on(13)[0],
        neurological=False,
    )
    assert proposal.advice.action is LateAction.GIVE_AND_CONTINUE
    assert laid_out(proposal.doses)[0] == (0, [15, 17])
    assert proposal.moved[0] == DoseMoved(0, 5, on(9)[0], on(15)[0])
    assert proposal.restarted == ()


def test_loading_broken_off_offers_the_course_again_beside_the_course_going_on() -> None:
    proposal = after(
        UK_STANDARD,
        start_on=MONDAY,
        given={0: on(0, 2, 4)},
        ordinal=0,
        due_on=on(7)[0],
        given_on=on(20)[0],
        neurological=False,
    )
    assert proposal.needs_decision
    assert laid_out(proposal.doses)[0] == (0, [22, 24])
    assert laid_out(proposal.restarted)[0] == (0, [22, 24, 27, 29, 31])


def test_late_maintenance_counts_from_the_actual_day() -> None:
    proposal = after(
        [EVERY_THREE_MONTHS],
        start_on=MONDAY,
        given={0: (date(2025, 1, 6),)},
        ordinal=0,
        due_on=date(2025, 4, 6),
        given_on=date(2025, 5, 10),
        neurological=False,
    )
    assert proposal.advice.action is LateAction.GIVE_AND_REANCHOR
    assert [dose.due_on for dose in proposal.doses[0].doses] == [date(2025, 8, 10), date(2025, 11, 10)]


def test_prophylaxis_has_no_loading_to_begin_again() -> None:
    proposal = after(
        [EVERY_THREE_MONTHS],
        start_on=MONDAY,
        given={0: (date(2025, 1, 6),)},
        ordinal=0,
        due_on=date(2025, 4, 6),
        given_on=date(2026, 2, 10),
        neurological=False,
    )
    assert (proposal.needs_decision, proposal.restarted) == (True, ())


def test_new_neurological_symptoms_lay_out_the_neurological_scheme() -> None:
    proposal = after(
        UK_STANDARD,
        start_on=MONDAY,
        given={0: on(0, 2, 4, 7, 9, 11)},
        ordinal=1,
        due_on=on(101)[0],
        given_on=on(101)[0],
        neurological=False,
        new_neuro_symptoms=True,
        neurological_specs=UK_NEUROLOGICAL,
    )
    assert proposal.needs_decision
    assert laid_out(proposal.restarted)[0] == (0, [103 + 2 * step for step in range(11)])
