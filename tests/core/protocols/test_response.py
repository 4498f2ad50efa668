"""How a patient answers to treatment, by the cut-offs of the pack in force."""

from datetime import date, timedelta

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


def test_haemoglobin_that_is_normal_after_eight_weeks_is_adequate() -> None:
    found = assessed(BEGAN)
    assert found is not None
    verdicts = {one.marker: one.verdict for one in found.markers}
    assert verdicts["haemoglobin"] is Verdict.ADEQUATE
