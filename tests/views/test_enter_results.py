from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from monitoring.models import Result
from tests.factories.labs import a_recheck, a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient():
    return a_patient(a_clinic(), name="Ada Example")


@pytest.fixture
def nurse(client, patient):
    return signed_in(client, a_user(patient.clinic, "nurse", first_name="Nia", last_name="Example"))


def address(patient):
    return reverse("monitoring:enter", args=[patient.public_id])


def typed(row, **fields):
    return {f"{row}-{name}": value for name, value in fields.items()}


def send(client, patient, *rows, taken_on="2026-11-20", **more):
    data = {"taken_on": taken_on} | more
    for row in rows:
        data |= row
    return client.post(address(patient), data)


HAEMOGLOBIN = typed("haemoglobin-0", value="92", unit="g/L", low="115", high="165")
AMBIGUOUS_B12 = typed("total_b12-0", value="205", unit="pg/mL")


def one_line(page):
    """The page without the line breaks that only please its reader."""
    return " ".join(page.content.decode().split())


def test_the_grid_has_a_row_for_each_baseline_analyte_and_only_a_unit_without_rival_is_chosen(nurse, patient):
    page = nurse.get(address(patient))

    text = page.content.decode()
    assert page.status_code == 200
    for code in ("total_b12", "methylmalonic_acid", "egfr", "intrinsic_factor_antibody", "ttg_iga"):
        assert f'name="{code}-0-value"' in text
    grid = page.context["grid"]
    assert [row.analyte.code for row in grid.rows if row["value"].value()] == []
    chosen = {row.analyte.code: row["unit"].value() for row in grid.rows if "unit" in row.fields}
    assert {code: unit for code, unit in chosen.items() if unit} == {
        "active_b12": "pmol/L",
        "egfr": "mL/min/{1.73_m2}",
        "mcv": "fL",
        "transferrin_saturation": "%",
    }
    assert (
        "selected"
        not in text.split('name="total_b12-0-unit"')[1].split("</select>")[0].split("<option", 2)[2]
    )


def test_what_an_open_recheck_waits_for_stands_in_the_visible_part(nurse, patient):
    def visible():
        return [row.analyte.code for row in nurse.get(address(patient)).context["grid"].baseline]

    assert not {"red_cells", "inr"} & set(visible())
    a_recheck(patient, "fbc", "symptom_review", due_on=date(2026, 12, 28))
    a_recheck(patient, "inr", due_on=date(2026, 11, 2), state="dropped", ended_on=TODAY, dropped_because="No")

    assert visible()[-1] == "red_cells"
    assert visible().count("haemoglobin") == 1
    assert "inr" not in visible()


def test_a_full_blood_count_is_finished_from_the_visible_part(nurse, patient):
    recheck = a_recheck(patient, "fbc", due_on=date(2026, 11, 20))
    counts = {
        "mcv": "104 fL",
        "red_cells": "2.9 10*12/L",
        "white_cells": "4.5 10*9/L",
        "platelets": "190 10*9/L",
    }
    rows = [
        typed(f"{code}-0", **dict(zip(("value", "unit"), said.split(), strict=True)))
        for code, said in counts.items()
    ]

    assert {row.analyte.code for row in nurse.get(address(patient)).context["grid"].baseline} >= {*counts}
    send(nurse, patient, HAEMOGLOBIN, *rows)

    recheck.refresh_from_db()
    assert recheck.state == "done"


def test_the_visits_day_is_the_clinics_own_today(nurse, patient):
    assert 'value="2026-11-22"' in nurse.get(address(patient)).content.decode()


def test_the_last_value_stands_beside_each_row(nurse, patient):
    a_result(patient, "total_b12", "85", "ng/L", taken_on=date(2026, 11, 2))

    assert "85 ng/L, Mon 2 Nov" in nurse.get(address(patient)).content.decode()


def test_what_was_typed_is_recorded_with_the_visits_day(nurse, patient):
    page = send(
        nurse,
        patient,
        HAEMOGLOBIN,
        typed("methylmalonic_acid-0", value=">0.40", unit="umol/L", taken_on="2026-11-19"),
        typed("intrinsic_factor_antibody-0", value="positive"),
        typed("inr-0", value="2.5"),
    )

    assert page.url == reverse("monitoring:results", args=[patient.public_id])
    rows = Result.objects.order_by("id").values_list(
        "analyte", "reported_value", "comparator", "unit", "taken_on"
    )
    assert list(rows) == [
        ("methylmalonic_acid", "0.40", ">", "umol/L", date(2026, 11, 19)),
        ("haemoglobin", "92", "", "g/L", date(2026, 11, 20)),
        ("intrinsic_factor_antibody", "positive", "", "", date(2026, 11, 20)),
        ("inr", "2.5", "", "1", date(2026, 11, 20)),
    ]


def test_a_value_without_a_unit_is_stopped_and_everything_typed_is_kept(nurse, patient):
    page = send(nurse, patient, HAEMOGLOBIN, typed("potassium-0", value="4.1"))

    text = page.content.decode()
    assert page.status_code == 422
    assert "Potassium has no unit: choose the one on the laboratory&#x27;s report (mmol/L or meq/L)." in text
    assert 'href="#id_potassium-0-unit"' in text
    assert 'value="4.1"' in text and 'value="92"' in text and 'value="2026-11-20"' in text
    assert not Result.objects.exists()


def test_a_decimal_comma_is_stopped_with_a_sentence(nurse, patient):
    page = send(nurse, patient, typed("potassium-0", value="4,1", unit="mmol/L"))

    assert "has a comma, which could mean a decimal or thousands" in page.content.decode()
    assert not Result.objects.exists()


def test_an_ambiguous_b12_is_recorded_only_with_a_reason(nurse, patient):
    page = send(nurse, patient, AMBIGUOUS_B12)

    assert page.status_code == 422
    assert "205 is an everyday B12 in pg/mL and in pmol/L" in page.content.decode()
    doubted = page.context["grid"].rows[0].doubt_key
    assert f'name="total_b12-0-doubted" value="{doubted}"' in one_line(page)

    reason = typed("total_b12-0", doubted=doubted, confirmed_because="pg/mL is printed beside the value")
    page = send(nurse, patient, AMBIGUOUS_B12, reason)

    assert page.status_code == 302
    assert Result.objects.get().unit_confirmed_because == "pg/mL is printed beside the value"


def test_a_reason_written_for_one_value_does_not_let_another_pass(nurse, patient):
    page = send(
        nurse,
        patient,
        typed(
            "total_b12-0",
            value="305",
            unit="pg/mL",
            doubted="|205|pg/mL||",
            confirmed_because="It is printed there",
        ),
    )

    assert page.status_code == 422
    assert 'value="It is printed there"' in page.content.decode()
    assert not Result.objects.exists()


def test_the_laboratorys_own_range_settles_an_ambiguous_b12(nurse, patient):
    page = send(nurse, patient, AMBIGUOUS_B12, typed("total_b12-0", low="200", high="900"))

    assert page.status_code == 302


def test_a_duplicate_is_pointed_out_and_may_be_a_second_sample(nurse, patient):
    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 11, 20))

    page = send(nurse, patient, HAEMOGLOBIN)
    assert page.status_code == 422
    assert "92 for 20 Nov 2026 is recorded already" in page.content.decode()
    assert 'name="haemoglobin-0-second_sample"' in page.content.decode()

    page = send(nurse, patient, HAEMOGLOBIN, typed("haemoglobin-0", second_sample="on"))
    assert page.status_code == 302
    assert Result.objects.count() == 2


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-11-23", "The sample cannot be from the future"),
        ("1948-03-01", "is older than the patient"),
        ("yesterday", "Enter a valid date"),
        ("", "Enter the day on which the samples were taken"),
    ],
)
def test_a_day_that_cannot_be_is_stopped(nurse, patient, day, sentence):
    page = send(nurse, patient, HAEMOGLOBIN, taken_on=day)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Result.objects.exists()


def test_a_unit_without_a_value_is_stopped(nurse, patient):
    page = send(nurse, patient, HAEMOGLOBIN, typed("mcv-0", unit="fL"))

    assert page.status_code == 422
    assert "Mean cell volume: type the value, or clear the rest of the row." in page.content.decode()
    assert not Result.objects.exists()


def test_an_empty_grid_is_stopped(nurse, patient):
    page = send(nurse, patient)

    assert page.status_code == 422
    assert "Type at least one result." in page.content.decode()


def test_a_row_is_added_for_a_second_sample_and_what_was_typed_is_kept(nurse, patient):
    page = send(nurse, patient, HAEMOGLOBIN, add="row", add_analyte="haemoglobin")

    text = one_line(page)
    assert page.status_code == 200
    assert 'name="haemoglobin-1-value"' in text and 'name="sample" value="haemoglobin"' in text
    assert 'value="92"' in text
    assert not Result.objects.exists()

    page = send(
        nurse,
        patient,
        HAEMOGLOBIN,
        typed("haemoglobin-1", value="90", unit="g/L", taken_on="2026-11-18"),
        sample="haemoglobin",
    )
    assert page.status_code == 302
    assert set(Result.objects.values_list("reported_value", flat=True)) == {"92", "90"}


def test_an_unknown_analyte_adds_no_row(nurse, patient):
    page = send(nurse, patient, add="row", add_analyte="<script>", sample="nonsense")

    assert page.context["grid"].samples == []


def test_recording_goes_on_to_where_the_user_came_from_but_never_elsewhere(nurse, patient):
    assert send(nurse, patient, HAEMOGLOBIN, next="/patients/").url == "/patients/"
    page = send(nurse, patient, typed("mcv-0", value="118", unit="fL"), next="https://example.org/")
    assert page.url == reverse("monitoring:results", args=[patient.public_id])
    page = send(nurse, patient, typed("mcv-0", value="119", unit="fL"), next="//example.org/")
    assert page.url == reverse("monitoring:results", args=[patient.public_id])


def test_looking_at_the_grid_is_noted(nurse, patient):
    nurse.get(address(patient))

    event = AuditEvent.objects.get(action="patient.viewed")
    assert (event.patient_id, event.clinic) == (patient.pk, patient.clinic)


def test_a_stranger_to_the_clinic_finds_nobody_here(client, patient):
    stranger = signed_in(client, a_user(a_clinic(), "nurse"))

    page = stranger.get(address(patient))

    assert page.status_code == 404
    assert "Ada Example" not in page.content.decode()
    assert send(stranger, patient, HAEMOGLOBIN).status_code == 404
    assert not Result.objects.exists()


def test_a_role_in_one_clinic_opens_no_patient_of_another(client, patient):
    both = a_user(patient.clinic, "administrator")
    here = a_clinic(name="Aaa Example Clinic")
    both.memberships.create(clinic=here, role="nurse")
    signed_in(client, both)

    assert send(client, patient, HAEMOGLOBIN).status_code == 404


def test_an_administrator_enters_no_results(client, patient):
    signed_in(client, a_user(patient.clinic, "administrator"))

    assert client.get(address(patient)).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_results(nurse, patient, django_assert_max_num_queries):
    for value in range(90, 120):
        a_result(patient, "haemoglobin", str(value), "g/L")

    with django_assert_max_num_queries(14):
        nurse.get(address(patient))


def convert(client, row, **fields):
    return client.get(reverse("monitoring:convert"), {"row": row} | typed(row, **fields))


def test_the_conversion_is_shown_while_typing(nurse):
    assert "= 63 pmol/L" in convert(nurse, "total_b12-0", value="85", unit="ng/L").content.decode()
    assert (
        "= 9.2 g/dL = 5.7 mmol/L" in convert(nurse, "haemoglobin-1", value="92", unit="g/L").content.decode()
    )
    assert (
        "= &gt;400 nmol/L"
        in convert(nurse, "methylmalonic_acid-0", value=">0.40", unit="umol/L").content.decode()
    )


def test_a_doubt_is_shown_while_typing_with_the_place_for_a_reason(nurse):
    text = convert(nurse, "total_b12-0", value="205", unit="pg/mL").content.decode()

    assert "205 is an everyday B12 in pg/mL and in pmol/L" in text
    assert 'name="total_b12-0-confirmed_because"' in text


@pytest.mark.parametrize(
    "fields", [{}, {"value": "85"}, {"value": "8,5", "unit": "ng/L"}, {"value": "85", "unit": "kg"}]
)
def test_what_cannot_be_read_yet_shows_nothing(nurse, fields):
    assert convert(nurse, "total_b12-0", **fields).content.decode().strip() == ""


@pytest.mark.parametrize("row", ["", "b12-0", "total_b12", "total_b12-x", "total_b12-1000"])
def test_a_row_that_does_not_exist_is_not_found(nurse, row):
    assert nurse.get(reverse("monitoring:convert"), {"row": row}).status_code == 404
