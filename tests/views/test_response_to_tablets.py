"""A response to tablets is judged from their first day, and concluded on, as one to injections is."""

from dataclasses import replace
from datetime import date

import pytest

from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from regimens.facts import facts_from_json, facts_of, facts_to_json
from regimens.models import ResponseConclusion
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from regimens.queries.treatment import treated_since
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import JUDGED, a_regimen
from tests.views.test_response import page, send, written

pytestmark = pytest.mark.django_db

TABLETS = PhaseSpec(
    kind=PhaseKind.ORAL,
    drug=Drug.CYANOCOBALAMIN,
    dose_mcg=1000,
    route=Route.ORAL,
    interval=Interval(1, IntervalUnit.DAY),
    ends_when="The cause has passed.",
)


@pytest.fixture
def doctor(client):
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def patient(client, doctor):
    signed_in(client, doctor)
    patient = a_patient(doctor.memberships.get().clinic, name="Carla Canary", sex="female")
    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 4))
    return patient


def test_tablets_are_judged_from_their_first_day_and_concluded_on(client, patient, doctor):
    regimen = a_regimen(patient, doctor, TABLETS)
    assert page(client, patient, "2026-01-04").context["page"]["response"] is None
    a_result(patient, "haemoglobin", "118", "g/L", taken_on=date(2026, 3, 2))
    answer = page(client, patient)
    assert answer.context["sentence"] == "Response on day 56: inadequate."
    assert "/response/conclude/" in answer.content.decode()
    assert [one["name"] for one in answer.context["picture"]["charts"]] == ["Haemoglobin"]
    assert send(client, patient, **written(regimen)).status_code == 302
    assert ResponseConclusion.objects.get().day == 56


@pytest.mark.parametrize(("day", "since"), [(date(2026, 1, 4), None), (date(2026, 1, 5), date(2026, 1, 5))])
def test_the_rules_know_of_tablets_from_their_first_day(patient, doctor, day, since):
    a_regimen(patient, doctor, TABLETS)
    facts = facts_of(patient, JUDGED, guideline="uk", as_of=day)
    assert facts.tablets_since is None
    facts = facts_of(patient, replace(JUDGED, continues_course=True), guideline="uk", as_of=day)
    assert facts.tablets_since == since
    assert facts_from_json(facts_to_json(facts)) == facts


def test_treatment_began_with_the_first_injection_or_else_with_the_tablets(patient, doctor):
    assert treated_since(patient) is None
    regimen = a_regimen(patient, doctor, TABLETS)
    assert treated_since(patient) == date(2026, 1, 5)
    regimen.phases.update(starts_on=date(2026, 1, 9))
    assert treated_since(patient) == date(2026, 1, 9)
    regimen.phases.update(ordinal=1, starts_on=None)
    assert treated_since(patient) is None
