from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from monitoring.interpretation.entry import Entry
from monitoring.services.record_results import record_results
from regimens.models import Regimen
from regimens.services.assess import assess
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import JUDGED, a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
MONDAY = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def doctor():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def patient(doctor):
    patient = a_patient(doctor.memberships.get().clinic)
    entries = [Entry(analyte="total_b12", value="85", unit="ng/L")]
    record_results(patient=patient, taken_on=MONDAY, entries=entries, by=doctor, at=AT, today=MONDAY)
    return patient


def judged(patient, doctor, **changed):
    judgement = type(JUDGED)(**{name: getattr(JUDGED, name) for name in JUDGED.__slots__} | changed)
    return assess(
        patient=patient, judgement=judgement, guideline="uk", note="", by=doctor, at=AT, today=MONDAY
    )


def sign(client, doctor, assessment, **changed):
    typed = {"protocol": "uk/standard", "starts_on": "2026-01-07", "weekdays": ["0", "2", "4"]} | changed
    shown = signed_in(client, doctor).post(reverse("regimens:adjust", args=[assessment.public_id]), typed)
    typed["shown"] = shown.context["form"].fingerprint
    return client.post(reverse("regimens:sign", args=[assessment.public_id]), typed)


def test_a_missing_reason_is_asked_at_its_field_and_the_dates_stay(client, doctor, patient):
    a_regimen(patient, doctor)

    answer = sign(client, doctor, judged(patient, doctor)).content.decode()

    assert "say why this one replaces it" in answer and "#id_replaces_because" in answer
    assert "The dates you sign" in answer and "Wed 7 Jan" in answer
    assert Regimen.objects.filter(ended_on=None).count() == 1


def test_with_its_reason_the_running_regimen_is_replaced(client, doctor, patient):
    a_regimen(patient, doctor)

    answer = sign(client, doctor, judged(patient, doctor), replaces_because="New signs")

    assert answer.status_code == 302
    assert Regimen.objects.filter(state="stopped").count() == 1


@pytest.mark.parametrize(("neuro", "told"), [(None, True), (False, False)], ids=["unknown", "no"])
def test_unknown_nerves_are_told_before_the_signature(client, doctor, patient, neuro, told):
    assessment = judged(patient, doctor, neuro=neuro)
    signed_in(client, doctor)

    for address in (
        reverse("regimens:compare", args=[assessment.public_id]),
        reverse("regimens:adjust", args=[assessment.public_id]) + "?protocol=uk/standard",
    ):
        assert (b"No plan can be signed yet" in client.get(address).content) is told


def test_the_chart_tells_the_day_planned_from_and_the_first_clinic_day_after_it(client, doctor, patient):
    answer = sign(
        client, doctor, judged(patient, doctor), starts_on="2026-01-10", weekdays=["0", "1", "2", "3", "4"]
    )

    chart = client.get(answer.url).content

    assert b"planned from Sat 10 Jan" in chart and b"due Mon 12 Jan" in chart
    assert b"first dose" not in chart


def test_signing_again_after_going_back_says_that_it_is_signed(client, doctor, patient):
    assessment = judged(patient, doctor)
    sign(client, doctor, assessment)

    answer = sign(client, doctor, assessment)

    assert answer.status_code == 422
    assert b"already" in answer.content and b"why this one replaces it" not in answer.content
    assert Regimen.objects.count() == 1


def test_the_steps_to_no_plan_bear_no_crosses(client, doctor):
    untested = a_patient(doctor.memberships.get().clinic)

    page = signed_in(client, doctor).get(
        reverse("regimens:compare", args=[judged(untested, doctor).public_id])
    )

    assert b"No plan is offered here" in page.content and b"why-not-list" not in page.content


@pytest.mark.parametrize(
    ("months", "said"),
    [("3", False), ("4", True)],
)
def test_maintenance_further_apart_than_the_source_is_spoken_against(client, doctor, patient, months, said):
    typed = {
        "protocol": "uk/standard",
        "starts_on": "2026-01-07",
        "weekdays": ["0", "2", "4"],
        "maintenance_count": months,
        "maintenance_unit": "month",
        "reason": "Lives abroad",
    }
    address = reverse("regimens:adjust", args=[judged(patient, doctor).public_id])
    page = signed_in(client, doctor).post(address, typed).content.decode()
    assert ("further apart than 3 months in an irreversible cause" in page) is said


@pytest.mark.parametrize("planned", [True, False])
def test_an_operation_with_nitrous_oxide_is_warned_of_in_a_known_deficiency(client, doctor, patient, planned):
    assessment = judged(patient, doctor, nitrous_oxide_planned=planned)
    address = reverse("regimens:adjust", args=[assessment.public_id])
    page = signed_in(client, doctor).get(address, {"protocol": "uk/standard"}).content.decode()
    assert ("tell the anaesthetist" in page) is planned
    assert assessment.nitrous_oxide_planned is planned
