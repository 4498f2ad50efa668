"""The clinic's own figures."""

from dataclasses import fields
from decimal import Decimal

import pytest

from regimens.protocols.policy import DEFAULT, Policy


def test_a_snapshot_reads_back_as_it_was():
    policy = Policy(minimum_age_years=16, potassium_low=Decimal("3.6"))
    assert Policy.from_dict(policy.to_dict()) == policy
    assert policy.to_dict()["potassium_low"] == "3.6"


def test_a_figure_that_a_snapshot_does_not_name_keeps_its_default():
    assert Policy.from_dict({"minimum_age_years": 16}) == Policy(minimum_age_years=16)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"minimum_age": 16}, "not a policy figure: minimum_age"),
        ({"minimum_age_years": "16"}, "minimum_age_years: expected a whole number, got '16'"),
        ({"minimum_age_years": True}, "expected a whole number"),
        ({"potassium_low": 3.5}, "potassium_low: expected a decimal figure, got 3.5"),
        ({"potassium_low": True}, "expected a decimal figure"),
    ],
)
def test_a_snapshot_that_does_not_fit_says_why(data, message):
    with pytest.raises(ValueError, match=message):
        Policy.from_dict(data)


def test_every_figure_tells_its_meaning_section_and_source():
    for one in fields(Policy):
        assert one.metadata["meaning"]
        assert one.metadata["section"].startswith("evidence section")
        assert one.metadata["source"]


def test_a_figure_is_local_policy_where_no_guideline_gives_it_or_the_clinic_changed_it():
    assert DEFAULT.is_local("potassium_low")
    assert not DEFAULT.is_local("anaemia_women")
    assert Policy(anaemia_women=Decimal(115)).is_local("anaemia_women")
