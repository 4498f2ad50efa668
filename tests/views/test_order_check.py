"""Before the needle and before a stop: the rules that look at the order itself, and the reasons they ask for."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from b12clinic.patients.models import PatientAllergy
from regimens.facts import Judgement, facts_of, facts_to_json
from regimens.models import Administration, Assessment, Product
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import ANSWERS, WEEKLY, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

DIET = Judgement(
    cause="diet",
    certainty="confirmed",
    cause_detail="",
    neuro=False,
    pregnancy="none",
    gestation_weeks=None,
    findings=frozenset(),
    continues_course=False,
)


@pytest.fixture
def doctor(client):
    doctor = a_user(a_clinic(), "prescriber")
    signed_in(client, doctor)
    return doctor


@pytest.fixture
def patient(doctor):
    return a_patient(doctor.memberships.get().clinic, name="Ada Sample")


def typed(**changed):
    return {
        "form_key": str(uuid4()),
        "given_on": "2026-01-05",
        "given_time": "11:30",
        "product": "Hydroxocobalamin 1 mg/mL",
        "lot": "A123",
        "expires_on": "2027-01-31",
        "drug": "hydroxocobalamin",
        "dose_mcg": "1000",
        "route": "im",
        "site": "deltoid",
        "side": "left",
        "authority": "prescription",
        "reaction_grade": "none",
        **ANSWERS,
    } | changed


def post(client, dose, moment, **changed):
    address = reverse("regimens:record_given", args=[dose.public_id])
    with time_machine.travel(moment, tick=False):
        return client.post(address, typed(**changed))


def codes(answer):
    return [finding.code for finding in answer.context["findings"]]


def test_the_dorsogluteal_site_asks_for_a_reason_and_is_then_recorded(client, doctor, patient):
    dose = next_dose(a_regimen(patient, doctor))
    noon = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    refused = post(client, dose, noon, site="dorsogluteal")
    assert refused.status_code == 422
    assert "SITE_DG" in codes(refused)
    assert "Avoid the dorsogluteal site" in str(refused.context["form"].errors["reason"])
    assert post(client, dose, noon, site="dorsogluteal", reason="Patient's choice.").status_code == 302
    assert Administration.objects.get().site == "dorsogluteal"


def test_any_other_site_asks_for_none(client, doctor, patient):
    dose = next_dose(a_regimen(patient, doctor))
    moment = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    assert post(client, dose, moment, site="ventrogluteal").status_code == 302


@pytest.mark.parametrize(("holds", "stopped"), [(True, True), (False, False)])
def test_an_allergy_to_benzyl_alcohol_stops_the_products_that_hold_it(
    client, doctor, patient, holds, stopped
):
    PatientAllergy.objects.create(patient=patient, substance="benzyl_alcohol", noted_on=date(2025, 1, 1))
    Product.objects.create(
        clinic=patient.clinic,
        name="Hydroxocobalamin 1 mg/mL",
        drug="hydroxocobalamin",
        mcg_per_ml=1000,
        holds_benzyl_alcohol=holds,
    )
    dose = next_dose(a_regimen(patient, doctor))
    answer = post(client, dose, datetime(2026, 1, 5, 12, 0, tzinfo=UTC))
    assert (answer.status_code == 422) is stopped
    assert not stopped or "BENZYL_ALLERGY" in codes(answer)


def test_a_vial_of_a_tenth_of_the_strength_is_told_from_the_formulary(client, doctor, patient):
    Product.objects.create(
        clinic=patient.clinic, name="Cyanocobalamin 100 mcg/mL", drug="cyanocobalamin", mcg_per_ml=100
    )
    dose = next_dose(a_regimen(patient, doctor, WEEKLY))
    answer = post(
        client,
        dose,
        datetime(2026, 1, 5, 12, 0, tzinfo=UTC),
        product="Cyanocobalamin 100 mcg/mL",
        drug="cyanocobalamin",
    )
    assert answer.status_code == 422
    assert "DOSE_LOW_FORM" in codes(answer)
    assert "would take 10 mL" in answer.content.decode()


@pytest.mark.parametrize(("hour", "minute", "status"), [(5, 59, 422), (6, 0, 302)])
def test_twenty_hours_after_the_last_injection_are_counted_to_the_minute(
    client, doctor, patient, hour, minute, status
):
    regimen = a_regimen(patient, doctor)
    give(regimen, doctor, date(2026, 1, 5))  # at ten in the morning
    dose = next_dose(regimen)
    answer = post(
        client,
        dose,
        datetime(2026, 1, 6, 12, 0, tzinfo=UTC),
        given_on="2026-01-06",
        given_time=f"{hour:02}:{minute:02}",
        reason="" if status == 422 else "Asked to.",
    )
    assert answer.status_code == status
    if status == 422:
        assert "FREQ_HIGH" in codes(answer)


def test_the_page_itself_tells_that_the_last_injection_was_hours_ago(client, doctor, patient):
    regimen = a_regimen(patient, doctor)
    give(regimen, doctor, date(2026, 1, 5))
    address = reverse("regimens:record_given", args=[next_dose(regimen).public_id])
    with time_machine.travel(datetime(2026, 1, 5, 18, 0, tzinfo=UTC), tick=False):
        assert codes(client.get(address))[0] == "FREQ_HIGH"
    with time_machine.travel(datetime(2026, 1, 7, 9, 0, tzinfo=UTC), tick=False):
        assert "FREQ_HIGH" not in codes(client.get(address))


def test_an_irreversible_cause_is_not_stopped_without_a_reason_by_the_rule(client, doctor, patient):
    regimen = a_regimen(patient, doctor)
    address = reverse("regimens:stop", args=[regimen.public_id])
    shown = client.get(address).content.decode()
    assert "Stopping B12 in an irreversible cause needs a written reason" in shown
    assert "NICE NG239" in shown
    answer = client.post(address, {"version": regimen.version, "reason": "  "})
    assert answer.status_code == 422
    assert answer.context["error"].startswith("Stopping B12 in an irreversible cause needs a written reason")
    assert (
        client.post(address, {"version": regimen.version, "reason": "Moved to tablets."}).status_code == 302
    )


def test_a_cause_that_passes_still_wants_a_reason_but_not_by_the_rule(client, doctor, patient):
    regimen = a_regimen(patient, doctor)
    facts = facts_to_json(facts_of(patient, DIET, guideline="uk", as_of=date(2026, 1, 5)))
    Assessment.objects.filter(pk=regimen.assessment_id).update(cause="diet", facts=facts)
    address = reverse("regimens:stop", args=[regimen.public_id])
    assert client.get(address).context["findings"] == ()
    answer = client.post(address, {"version": regimen.version, "reason": ""})
    assert (answer.status_code, answer.context["error"]) == (422, "Say why treatment stops.")
