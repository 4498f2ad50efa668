"""How a patient answers to treatment, by the cut-offs of the pack in force."""

from datetime import date, timedelta

import pytest

from monitoring.interpretation.verdict import Verdict
from regimens.packs import load_packs
from regimens.protocols.policy import DEFAULT
from regimens.protocols.response import response_of
from regimens.protocols.situation import Situation
from tests.core.patients import TODAY, given, lab, patient

BEGAN = TODAY - timedelta(days=60)


def assessed(*doses: date):
    labs = (lab("haemoglobin", 90, on=BEGAN), lab("haemoglobin", 125, on=TODAY))
    facts = patient(labs=labs, doses_given=given(*doses))
    return response_of(Situation.of(facts, load_packs()["uk"], DEFAULT))


def test_nothing_is_judged_before_the_first_dose() -> None:
    assert assessed() is None


@pytest.mark.parametrize(("began", "days"), [(BEGAN, 60), (TODAY, 0)])
def test_tablets_are_judged_from_their_first_day(began: date, days: int) -> None:
    labs = (lab("haemoglobin", 90, on=BEGAN), lab("haemoglobin", 125, on=TODAY))
    facts = patient(labs=labs, tablets_since=began)
    found = response_of(Situation.of(facts, load_packs()["uk"], DEFAULT))
    assert found is not None
    assert found.day == days


def test_an_injection_before_the_tablets_begins_the_treatment() -> None:
    facts = patient(doses_given=given(BEGAN), tablets_since=TODAY)
    assert facts.treatment_began_on == BEGAN
    assert patient(doses_given=given(TODAY), tablets_since=BEGAN).treatment_began_on == BEGAN
    assert patient().treatment_began_on is None


def test_haemoglobin_that_is_normal_after_eight_weeks_is_adequate() -> None:
    found = assessed(BEGAN)
    assert found is not None
    verdicts = {one.marker: one.verdict for one in found.markers}
    assert verdicts["haemoglobin"] is Verdict.ADEQUATE
