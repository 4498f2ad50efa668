"""A plan, its dates, its findings and its alerts say where they come from, at preview and on the chart."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from monitoring.interpretation.entry import Entry
from monitoring.services.alerts import raise_alert
from monitoring.services.record_results import record_results
from regimens.models import Dose, Regimen, Revision
from regimens.services.assess import assess
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import JUDGED, give

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


@pytest.fixture
def assessment(patient, doctor):
    return assess(patient=patient, judgement=JUDGED, guideline="uk", note="", by=doctor, at=AT, today=MONDAY)


def previewed(client, doctor, assessment, **typed):
    address = reverse("regimens:adjust", args=[assessment.public_id])
    return signed_in(client, doctor).post(
        address, {"protocol": "uk/standard", "starts_on": "2026-01-07", "weekdays": ["0", "2", "4"]} | typed
    )


@pytest.fixture
def regimen(client, doctor, assessment):
    shown = previewed(client, doctor, assessment)
    typed = {"protocol": "uk/standard", "starts_on": "2026-01-07", "weekdays": ["0", "2", "4"]}
    typed["shown"] = shown.context["form"].fingerprint
    client.post(reverse("regimens:sign", args=[assessment.public_id]), typed)
    return Regimen.objects.get()


def chart(client, patient):
    return client.get(reverse("regimens:chart", args=[patient.public_id]))


def told(lines):
    return {line.dates: [str(reason.rule) for reason in line.reasons] for line in lines}


def test_the_preview_says_by_which_rule_each_date_stands(client, doctor, assessment):
    load, upkeep = previewed(client, doctor, assessment).context["preview"]["phases"]
    assert told(load.origins) == {
        "Wed 7 Jan": ["clinicians_day"],
        "Fri 9 Jan": ["interval"],
        "Mon 12 Jan": ["interval", "open_day"],
        "Wed 14 Jan · Fri 16 Jan": ["interval"],
        "Mon 19 Jan": ["interval", "open_day"],
    }
    assert next(iter(told(upkeep.origins).values()))[:2] == ["phase_step", "calendar_months"]


def test_a_date_that_the_calendar_moved_says_from_which_day(client, doctor, assessment):
    page = previewed(client, doctor, assessment).content.decode()
    assert "Where do these dates come from?" in page
    assert "Moved from 11 January 2026, when the clinic gives no injections." in page


def test_the_preview_names_rule_source_section_and_year_of_its_choices_and_findings(
    client, doctor, assessment
):
    page = previewed(client, doctor, assessment).content.decode()
    assert "<code>LIFELONG</code>" in page and "<code>route/injection_first</code>" in page
    assert "NICE NG239, Vitamin B12 deficiency in over 16s: diagnosis and management, 1.5, 2024" in page
    assert "British National Formulary (BNF), hydroxocobalamin, 2018" in page
    assert "Local policy of the clinic, evidence section 1d" in page
    assert "<code>uk/recheck/fixed_loading/day-8</code>" in page


def test_an_interval_that_the_prescriber_set_is_the_prescribers(client, doctor, assessment):
    shown = previewed(
        client, doctor, assessment, maintenance_count="10", maintenance_unit="week", reason="Symptoms return"
    )
    upkeep = shown.context["preview"]["phases"][1]
    assert upkeep.origins[0].reasons[0].origins[-1].rule == "prescriber/interval"


def test_the_chart_explains_the_dates_of_a_signed_plan(client, patient, regimen):
    load = chart(client, patient).context["page"]["phases"][0]["origins"]
    assert told(load)["1: Wed 7 Jan"] == ["first_day"]
    assert told(load)["3: Mon 12 Jan"] == ["interval", "open_day"]


def test_the_chart_takes_the_protocol_as_it_was_signed_not_as_it_is_now(client, patient, regimen):
    signed = Revision.objects.get(protocol="uk/standard")
    signed.protocol_snapshot["citations"][0] |= {"title": "An older formulary", "year": 1999}
    signed.save()
    assert "An older formulary (BNF), hydroxocobalamin, 1999" in chart(client, patient).content.decode()


def test_a_dose_that_moved_says_what_moved_it(client, doctor, patient, regimen):
    give(regimen, doctor, date(2026, 1, 9))
    with time_machine.travel(datetime(2026, 1, 9, 13, 0, tzinfo=UTC), tick=False):
        signed_in(client, doctor)
        moved = chart(client, patient).context["page"]["phases"][0]["origins"][0]
    assert moved.notes == (
        "Moved from Fri 9 Jan to Mon 12 Jan: re-dated after an injection. Give as soon as possible, never two doses together;"
        " the rest moves on and the number of doses stays. [local policy]",
    )
    assert [str(reason.rule) for reason in moved.reasons] == ["course_goes_on", "open_day"]


def test_a_stored_day_that_no_rule_gives_any_more_is_not_explained_by_a_guess(client, patient, regimen):
    Dose.objects.filter(phase__ordinal=0, number=2).update(
        due_on=date(2026, 1, 8), earliest_on=date(2026, 1, 7)
    )
    line = chart(client, patient).context["page"]["phases"][0]["origins"][1]
    assert line.reasons == ()
    assert line.notes == (
        "This date was set when the plan was last dated; the clinic's days have changed since.",
    )


def test_a_chart_whose_protocol_cannot_be_read_shows_its_dates_without_reasons(client, patient, regimen):
    Revision.objects.update(protocol_snapshot={})
    answer = chart(client, patient)
    assert answer.status_code == 200
    assert "Where do these dates come from?" not in answer.content.decode()


@pytest.mark.parametrize(
    ("rule", "source", "kinds"),
    [
        ("SEVERE_ANAEMIA", "WHO haemoglobin thresholds; NICE CKS, anaemia: B12 and folate deficiency", 2),
        ("SEVERE_ANAEMIA", "Another source, since replaced", 0),
        ("EARLY_DOSE", "Local policy: on-time windows", 1),
        ("UNKNOWN_RULE", "Somewhere", 0),
    ],
)
def test_an_alert_says_where_its_rule_comes_from_while_the_rule_still_stands(
    client, doctor, patient, rule, source, kinds
):
    raise_alert(
        patient=patient, clinic=patient.clinic, rule=rule, subject="x", severity="urgent",
        sentence="Look at this.", source=source, at=AT,
    )  # fmt: skip
    signed_in(client, doctor)
    alert = next(one for one in chart(client, patient).context["page"]["alerts"] if one["source"] == source)
    assert len(alert["origins"]) == kinds
    assert alert["source"] == source
