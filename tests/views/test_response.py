"""The response has a page of its own: pictures on one time axis, figures, symptom scores and what was concluded."""

import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from monitoring.interpretation.symptom_trend import Scores
from monitoring.models import Recheck, SymptomScore
from monitoring.services.record_symptom_scores import record_symptom_scores
from regimens.models import ResponseConclusion
from tests.factories.labs import a_recheck, a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen, give

pytestmark = pytest.mark.django_db

DAY_56 = "2026-03-02"
DAY_91 = "2026-04-06"


@pytest.fixture
def doctor(client):
    doctor = a_user(a_clinic(), "prescriber")
    signed_in(client, doctor)
    return doctor


@pytest.fixture
def patient(doctor):
    return a_patient(doctor.memberships.get().clinic, name="Carla Canary", sex="female")


def at(day, act, *args, **kwargs):
    with time_machine.travel(f"{day} 09:00:00+00:00", tick=False):
        return act(*args, **kwargs)


def page(client, patient, day=DAY_56, name="response", query=""):
    return at(day, client.get, reverse(f"regimens:{name}", args=[patient.public_id]) + query)


def send(client, patient, day=DAY_56, name="conclude", query="", **data):
    return at(day, client.post, reverse(f"regimens:{name}", args=[patient.public_id]) + query, data)


def scored(patient, by, on, **scores):
    given = {"fatigue": 6, "numbness": 3, "balance": 2, "cognition": 4} | scores
    record_symptom_scores(
        patient=patient,
        scores=Scores(on, **given),
        note="",
        form_key=uuid4(),
        treated_since=None,
        worse_by=2,
        by=by,
        at=datetime(2026, 4, 6, 8, 0, tzinfo=UTC),
        today=date(2026, 4, 6),
    )


@pytest.fixture
def unanswered(patient, doctor):
    """Maintenance since 5 January, haemoglobin 92 then and 118 on day 56, ferritin 12."""
    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 4))
    a_result(patient, "total_b12", "110", "ng/L", taken_on=date(2026, 1, 4))
    regimen = a_regimen(patient, doctor, EVERY_THREE_MONTHS)
    give(regimen, doctor, date(2026, 1, 5))
    a_result(patient, "haemoglobin", "118", "g/L", taken_on=date(2026, 3, 2))
    a_result(patient, "ferritin", "12", "ug/L", taken_on=date(2026, 3, 2))
    regimen.refresh_from_db()
    return regimen


def written(regimen, **fields):
    given = {
        "form_key": str(uuid4()),
        "version": str(regimen.version),
        "words": "Iron is deficient too.",
        "decision": "no_change",
        "reason": "",
    }
    return given | fields


def test_nothing_is_drawn_before_the_first_injection(client, doctor, patient):
    a_regimen(patient, doctor)
    answer = page(client, patient, "2026-01-05")
    assert answer.context["picture"] is None
    assert "Nothing to draw yet" in answer.content.decode()


def test_there_are_no_pictures_for_the_chart_before_the_first_injection(client, doctor, patient):
    a_regimen(patient, doctor)
    assert page(client, patient, "2026-01-05", name="response_picture").status_code == 404


def test_each_marker_is_drawn_with_its_answer_in_words(client, unanswered, patient):
    answer = page(client, patient)
    assert [one["name"] for one in answer.context["picture"]["charts"]] == [
        "Haemoglobin",
        "Vitamin B12, total",
    ]
    html = answer.content.decode()
    assert "Haemoglobin 118 g/L on day 56, expected at or above 120: inadequate." in html
    assert html.count("<svg xmlns") == 2
    assert " style=" not in html


def test_the_figures_stand_beside_the_pictures_as_reported(client, unanswered, patient):
    rows = page(client, patient).context["figures"][0]["rows"]
    assert [(row["on"], row["day"], row["value"]) for row in rows] == [
        ("2 Mar 2026", "Day 56", "118 g/L"),
        ("4 Jan 2026", "Day -1", "92 g/L"),
    ]


def test_units_are_written_as_people_write_them(client, unanswered, patient):
    a_result(patient, "egfr", "41", "mL/min/{1.73_m2}", taken_on=date(2026, 3, 2))
    a_result(patient, "reticulocytes", "40", "10*9/L", taken_on=date(2026, 1, 4))
    a_result(patient, "reticulocytes", "39", "10*9/L", taken_on=date(2026, 1, 13))
    html = page(client, patient).content.decode()
    assert "eGFR 41 mL/min/1.73 m², below 45." in html
    assert "Ferritin 12 µg/L, below 30 µg/L." in html
    assert "No rise of reticulocytes by day 8 (39 ×10⁹/L): inadequate." in html
    assert "{1.73" not in html
    assert "10*9" not in html


def test_b12_on_treatment_is_marked_as_no_response_marker(client, unanswered, patient):
    charts = {one["name"]: one for one in page(client, patient).context["picture"]["charts"]}
    assert charts["Vitamin B12, total"]["notes"] == []
    a_result(patient, "total_b12", "900", "ng/L", taken_on=date(2026, 3, 1))
    charts = {one["name"]: one for one in page(client, patient).context["picture"]["charts"]}
    assert charts["Vitamin B12, total"]["notes"] == ["On treatment: not a response marker"]


@pytest.mark.parametrize(
    ("egfr", "notes"), [("60", []), ("59", ["eGFR below 60: may be raised without a deficiency"])]
)
def test_methylmalonic_acid_is_marked_where_the_kidneys_forbid_to_read_it(
    client, unanswered, patient, egfr, notes
):
    a_result(patient, "egfr", egfr, "mL/min/{1.73_m2}", taken_on=date(2026, 1, 4))
    a_result(patient, "methylmalonic_acid", "500", "nmol/L", taken_on=date(2026, 3, 1))
    charts = {one["name"]: one for one in page(client, patient).context["picture"]["charts"]}
    assert charts["Methylmalonic acid"]["notes"] == notes


@pytest.mark.parametrize(
    ("span", "charts", "first_tick"),
    [
        ("all", ["Haemoglobin", "Vitamin B12, total"], "day 0"),
        ("start", ["Haemoglobin", "Vitamin B12, total"], "day 0"),
        ("year", ["Haemoglobin"], "15 mo"),
        ("nonsense", ["Haemoglobin", "Vitamin B12, total"], "day 0"),
    ],
)
def test_a_stretch_of_time_can_be_looked_at(client, unanswered, patient, doctor, span, charts, first_tick):
    a_result(patient, "haemoglobin", "125", "g/L", taken_on=date(2028, 1, 10))
    at("2028-02-01", signed_in, client, doctor)
    picture = page(client, patient, "2028-02-01", query=f"?span={span}").context["picture"]
    assert [one["name"] for one in picture["charts"]] == charts
    assert picture["ticks"][0]["label"] == first_tick


def test_another_clinics_patient_is_not_found(client, doctor):
    stranger = a_patient(a_clinic())
    for name in ("response", "symptoms", "conclude"):
        assert page(client, stranger, name=name).status_code == 404


def test_a_nurse_sees_the_response_and_concludes_nothing(client, unanswered, patient):
    signed_in(client, a_user(patient.clinic, "nurse"))
    assert "/response/conclude/" not in page(client, patient).content.decode()
    assert page(client, patient, name="conclude").status_code == 403


def test_scores_are_recorded_and_answer_the_review_that_asked(client, doctor, patient):
    asked = a_recheck(patient, "symptom_review", due_on=date(2026, 3, 1))
    blank = page(client, patient, name="symptoms")
    assert "0: none" in blank.content.decode()
    assert "10: the worst imaginable" in blank.content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', blank.content.decode()).group(1)
    data = {"form_key": key, "on": DAY_56, "fatigue": "7", "numbness": "0", "balance": "0", "cognition": "2"}
    assert send(client, patient, name="symptoms", **data).status_code == 302
    assert SymptomScore.objects.get().fatigue == 7
    asked.refresh_from_db()
    assert asked.state == "done"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"fatigue": ""}, "Choose a score for fatigue; 0 means none."),
        ({"on": "2026-03-03"}, "The scores cannot be of a day to come; check the date."),
    ],
)
def test_a_score_left_out_or_to_come_is_asked_for_again(client, patient, changed, sentence):
    data = {"form_key": str(uuid4()), "on": DAY_56, "fatigue": "7", "numbness": "0"}
    answer = send(client, patient, name="symptoms", **data | {"balance": "0", "cognition": "2"} | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SymptomScore.objects.exists()


@pytest.mark.parametrize(("last", "is_told"), [(3, False), (4, True)])
def test_a_relapse_since_the_best_scores_is_told_on_the_page(
    client, unanswered, patient, doctor, last, is_told
):
    for on, balance in ((date(2026, 1, 4), 6), (date(2026, 2, 1), 2), (date(2026, 3, 1), last)):
        scored(patient, doctor, on, balance=balance)
    trend = page(client, patient, name="symptoms").context["trend"]
    line = "Against the best since the first dose: worse (balance 2 to 4)."
    assert (trend[-1] == line) is is_told


def test_scores_are_corrected_with_why(client, doctor, patient):
    scored(patient, doctor, date(2026, 3, 1))
    row = SymptomScore.objects.get()
    address = reverse("regimens:correct_symptoms", args=[row.public_id])
    data = {"form_key": str(uuid4()), "on": "2026-03-01", "fatigue": "1", "numbness": "1"}
    data |= {"balance": "1", "cognition": "1"}
    assert at(DAY_56, client.post, address, data).status_code == 422
    assert at(DAY_56, client.post, address, data | {"why": "Misheard."}).status_code == 302
    assert SymptomScore.objects.get(corrects=row).fatigue == 1


def test_a_conclusion_is_signed_with_what_was_seen(client, unanswered, patient, doctor):
    data = written(unanswered, checked=["iron", "diagnosis"])
    assert send(client, patient, **data).status_code == 302
    signed = ResponseConclusion.objects.get()
    assert (signed.verdict, signed.day, signed.by, signed.checked) == (
        "inadequate",
        56,
        doctor,
        ["iron", "diagnosis"],
    )
    assert "Haemoglobin 118 g/L on day 56, expected at or above 120: inadequate." in signed.seen
    assert "Iron is deficient too." in page(client, patient).content.decode()


def test_another_interval_is_shown_before_it_is_signed(client, unanswered, patient):
    data = written(unanswered, decision="interval", reason="Hb lags.", interval_count="2")
    data |= {"interval_unit": "month"}
    shown = send(client, patient, **data)
    assert shown.status_code == 200
    assert next((row["before"], row["after"]) for row in shown.context["dates"]) == ("Mon 6 Apr", "Thu 5 Mar")
    assert not ResponseConclusion.objects.exists()
    assert send(client, patient, **data | {"shown": "2 months"}).status_code == 302
    unanswered.refresh_from_db()
    assert unanswered.phases.get().interval_count == 2
    assert ResponseConclusion.objects.get().revision.reason == (
        "Maintenance every 2 months, before every 3 months. Hb lags."
    )


def test_dates_of_another_interval_than_was_shown_are_not_signed(client, unanswered, patient):
    data = written(unanswered, decision="interval", reason="Hb lags.", interval_count="1")
    data |= {"interval_unit": "month", "shown": "2 months"}
    assert send(client, patient, **data).status_code == 200
    assert not ResponseConclusion.objects.exists()


def test_a_change_of_drug_leads_to_a_new_assessment_with_the_reason(client, unanswered, patient):
    data = written(unanswered, decision="drug", reason="Cyanocobalamin suspected of the rash.")
    answer = send(client, patient, **data)
    assert answer.url == reverse("regimens:assess", args=[patient.public_id])
    note = page(client, patient, name="assess").content.decode()
    assert "Change the drug: Cyanocobalamin suspected of the rash." in note


def test_further_tests_are_wanted_by_their_day(client, unanswered, patient):
    data = written(unanswered, decision="tests", tests=["ferritin", "tsh"], in_days="14")
    assert send(client, patient, **data).status_code == 302
    asked = Recheck.objects.get()
    assert (asked.due_on, asked.tests) == (date(2026, 3, 16), ["ferritin", "tsh"])


def test_a_stale_page_is_told_of(client, unanswered, patient):
    data = written(unanswered, version=str(unanswered.version - 1))
    assert send(client, patient, **data).status_code == 409


def test_there_is_nothing_to_conclude_before_the_first_injection(client, doctor, patient):
    a_regimen(patient, doctor)
    assert page(client, patient, name="conclude").status_code == 404


@pytest.fixture
def not_low(unanswered, patient, doctor):
    """Serum B12 high on treatment and the scores as they were before it, on day 91."""
    scored(patient, doctor, date(2026, 1, 4))
    scored(patient, doctor, date(2026, 4, 6))
    a_result(patient, "total_b12", "900", "ng/L", taken_on=date(2026, 4, 1))
    return unanswered


def test_with_a_b12_that_is_not_low_other_tests_come_before_a_change(client, not_low, patient):
    answer = page(client, patient, DAY_91)
    pathway = answer.context["page"]["pathway"]
    assert pathway["to_plan"] == "Methylmalonic acid, homocysteine, serum folate, thyroid stimulating hormone"
    html = answer.content.decode()
    assert "B12 is not low, but symptoms go on" in html
    form = page(client, patient, DAY_91, name="conclude").context["form"]
    assert [code for code, _ in form.fields["decision"].choices] == ["no_change", "tests", "stop"]


def test_the_tests_that_are_missing_are_planned_once(client, not_low, patient):
    for _ in range(2):
        assert send(client, patient, DAY_91, name="plan_pathway_tests").status_code == 302
    asked = Recheck.objects.get()
    assert asked.due_on == date(2026, 4, 13)
    assert asked.tests == ["methylmalonic_acid", "homocysteine", "folate", "tsh"]


def test_a_written_reason_opens_the_change_of_dose(client, not_low, patient):
    form = page(client, patient, DAY_91, name="conclude", query="?anyway=1").context["form"]
    assert "interval" in [code for code, _ in form.fields["decision"].choices]
    data = written(not_low, decision="interval", reason="Wants it.", interval_count="2")
    data |= {"interval_unit": "month", "shown": "2 months"}
    refused = send(client, patient, DAY_91, query="?anyway=1", **data)
    assert "write why the dose is changed before" in refused.content.decode()
    data["despite"] = "Cannot come for blood tests."
    assert send(client, patient, DAY_91, query="?anyway=1", **data).status_code == 302
    assert ResponseConclusion.objects.get().open_tests[:2] == ["methylmalonic_acid", "homocysteine"]


def test_a_low_b12_opens_no_pathway(client, unanswered, patient, doctor):
    scored(patient, doctor, date(2026, 1, 4))
    scored(patient, doctor, date(2026, 4, 6))
    a_result(patient, "total_b12", "110", "ng/L", taken_on=date(2026, 4, 1))
    assert page(client, patient, DAY_91).context["page"]["pathway"] is None


def test_a_value_known_as_a_bound_is_drawn_as_a_triangle(client, unanswered, patient):
    a_result(patient, "homocysteine", "32", "umol/L", taken_on=date(2026, 1, 4))
    a_result(patient, "homocysteine", "<12", "umol/L", taken_on=date(2026, 2, 1))
    a_result(patient, "homocysteine", ">9", "umol/L", taken_on=date(2026, 3, 2))
    charts = {one["name"]: one for one in page(client, patient).context["picture"]["charts"]}
    drawn = charts["Homocysteine"]
    assert (drawn["dots"].count("M"), drawn["below"].count("z"), drawn["above"].count("z")) == (1, 1, 1)


@pytest.mark.parametrize(("day", "areas"), [("2026-03-01", 0), ("2026-03-02", 1)])
def test_what_is_expected_is_drawn_from_its_day_on(client, unanswered, patient, day, areas):
    a_result(patient, "haemoglobin", "110", "g/L", taken_on=date(2026, 2, 1))
    chart = page(client, patient, day).context["picture"]["charts"][0]
    assert chart["areas"].count("z") == areas
    assert chart["areas"].startswith("M40.0 ")


def test_late_and_missed_injections_have_shapes_of_their_own(client, doctor, patient):
    regimen = a_regimen(patient, doctor)
    give(regimen, doctor, date(2026, 1, 5))
    give(regimen, doctor, date(2026, 1, 12))
    a_result(patient, "haemoglobin", "100", "g/L", taken_on=date(2026, 1, 12))
    doses = page(client, patient, "2026-01-14").context["picture"]["doses"]
    assert doses["words"] == "Injections: 1 given, 1 given late, 0 missed."
    doses = page(client, patient, "2026-03-02").context["picture"]["doses"]
    assert doses["words"] == "Injections: 1 given, 1 given late, 4 missed."
    assert (doses["given"].count("V"), doses["late"].count("z"), doses["missed"].count("m0")) == (1, 1, 4)
