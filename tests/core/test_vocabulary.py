"""The closed lists."""

import json

import pytest

from b12clinic import vocabulary
from b12clinic.vocabulary import Cause, Coded, Drug, Medicine, Severity, Sex
from regimens.protocols import vocabulary as of_regimens

LISTS = [
    one
    for one in [*vars(vocabulary).values(), *vars(of_regimens).values()]
    if isinstance(one, type) and issubclass(one, Coded) and one is not Coded
]


@pytest.mark.parametrize("one", LISTS)
def test_every_code_is_lower_case_and_every_label_is_said(one):
    for code, label in one.choices():
        assert code == code.lower()
        assert label
    assert len(one.codes()) == len(one)


def test_a_member_is_its_code_in_sets_text_and_json():
    assert Drug.CYANOCOBALAMIN in {"cyanocobalamin"}
    assert f"{Sex.MALE} {Sex.MALE!s}" == "male male"
    assert json.dumps([Sex.MALE]) == '["male"]'


def test_an_unknown_code_is_shown_as_it_is():
    assert Cause.label_of("diet") == "Diet"
    assert Cause.label_of("a_cause_of_tomorrow") == "a_cause_of_tomorrow"


def test_severities_rank_from_the_hardest():
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3]


def test_the_groups_of_medicines_do_not_overlap():
    groups = [
        vocabulary.PROTON_PUMP_INHIBITORS,
        vocabulary.H2_BLOCKERS,
        vocabulary.DIRECT_ORAL_ANTICOAGULANTS,
        vocabulary.HEPARINS,
        vocabulary.ANTIPLATELETS,
        vocabulary.DIURETICS,
    ]
    assert sum(len(group) for group in groups) == len(frozenset().union(*groups))
    assert frozenset().union(*groups) <= Medicine.codes()
