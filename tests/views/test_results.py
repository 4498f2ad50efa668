from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from monitoring.models import Result
from tests.factories.inbox import an_item
from tests.factories.labs import a_recheck, a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


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


def page_of(patient, **query):
    return reverse("monitoring:results", args=[patient.public_id], query=query or None)


def text_of(client, url):
    return client.get(url).content.decode()


def test_values_stand_as_reported_with_conversion_range_and_flag(nurse, patient):
    a_result(patient, "total_b12", "85", "ng/L", reference_low=180, reference_high=914)

    text = text_of(nurse, page_of(patient))

    assert "85 ng/L" in text
    assert "63 pmol/L" in text
    assert "180 to 914" in text
    assert '<span class="chip chip-low">Low</span>' in text


def test_a_value_without_a_range_gets_no_flag_and_one_within_it_says_so(nurse, patient):
    a_result(patient, "creatinine", "118", "umol/L")
    a_result(patient, "potassium", "4.1", "mmol/L", reference_low="3.5", reference_high="5.3")

    text = text_of(nurse, page_of(patient))

    assert text.count("chip-normal") == 1
    assert "not given" in text


def test_where_the_laboratory_gives_no_range_the_clinics_stands_with_its_source(nurse, patient):
    a_result(patient, "ferritin", "6", "ug/L")
    a_result(patient, "total_b12", "180", "ng/L")

    text = text_of(nurse, page_of(patient))

    assert "from 30 µg/L by this clinic&#x27;s ranges: local policy" in text
    assert "from 180 ng/L by this clinic&#x27;s ranges: NG239 2024" in text
    assert (text.count("chip-low"), text.count("chip-normal")) == (1, 1)


def test_a_sample_shows_its_time_where_it_is_known(nurse, patient):
    at = datetime(2026, 11, 2, 15, 5, tzinfo=UTC)
    a_result(patient, value="92", taken_at=at)

    assert "Mon 2 Nov at 15:05" in text_of(nurse, page_of(patient))


def test_the_newest_stands_first(nurse, patient):
    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 11, 2))
    a_result(patient, "haemoglobin", "118", "g/L", taken_on=date(2026, 11, 20))
    a_result(patient, "haemoglobin", "99", "g/L", taken_on=date(2026, 11, 9))

    text = text_of(nurse, page_of(patient))

    assert text.index("118 g/L") < text.index("99 g/L") < text.index("92 g/L")


def test_six_of_each_are_shown_and_the_rest_on_their_own_page(nurse, patient):
    for value in range(91, 99):
        a_result(patient, "haemoglobin", str(value), "g/L", taken_on=date(2026, 11, value - 90))

    text = text_of(nurse, page_of(patient))
    assert "2 earlier results of Haemoglobin" in text and "92 g/L" not in text

    assert "92 g/L" in text_of(nurse, page_of(patient, analyte="haemoglobin"))


def test_an_unknown_analyte_shows_them_all(nurse, patient):
    a_result(patient)

    assert "92 g/L" in text_of(nurse, page_of(patient, analyte="<script>"))


def test_what_is_still_waited_for_stands_above(nurse, patient):
    a_recheck(patient, "fbc", due_on=date(2026, 11, 17))

    text = text_of(nurse, page_of(patient))

    assert "Overdue 5 days" in text and "due Tue 17 Nov" in text and "Full blood count" in text


def test_a_patient_without_results_is_told_how_to_get_them(nurse, patient):
    assert "No results yet" in text_of(nurse, page_of(patient))


def correct(client, result, **fields):
    row = f"{result.analyte}-0"
    data = {f"{row}-{name}": value for name, value in fields.items() if name != "why"}
    return client.post(
        reverse("monitoring:correct", args=[result.public_id]), data | {"why": fields.get("why", "")}
    )


def test_the_form_of_a_correction_holds_what_was_recorded(nurse, patient):
    result = a_result(patient, "potassium", "2.9", "mmol/L", reference_low="3.5", reference_high="5.3")

    text = text_of(nurse, reverse("monitoring:correct", args=[result.public_id]))

    assert "recorded as 2.9 mmol/L of 2 Nov 2026" in text
    assert 'value="2.9"' in text and 'value="3.5"' in text
    assert '<option value="mmol/L" selected>' in text


def test_a_correction_shows_the_new_value_and_what_it_corrects(nurse, patient):
    old = a_result(patient, "potassium", "2.9", "mmol/L")

    page = correct(nurse, old, value="3.9", unit="mmol/L", why="Typed wrongly")

    assert page.url == page_of(patient)
    text = text_of(nurse, page_of(patient))
    assert "3.9 mmol/L" in text
    assert "Was 2.9 mmol/L of Mon 2 Nov; corrected by Nia Example: Typed wrongly" in text


def test_a_correction_without_a_reason_keeps_what_was_typed(nurse, patient):
    old = a_result(patient, "potassium", "2.9", "mmol/L")

    page = correct(nurse, old, value="3.9", unit="mmol/L")

    assert page.status_code == 422
    assert "Say why the recorded value is wrong." in page.content.decode()
    assert 'value="3.9"' in page.content.decode()
    assert Result.objects.count() == 1


def test_a_doubtful_correction_is_stopped_with_the_place_for_a_reason(nurse, patient):
    old = a_result(patient, "total_b12", "120", "pmol/L")

    page = correct(nurse, old, value="205", unit="pmol/L", why="Misread")

    assert page.status_code == 422
    assert 'name="total_b12-0-confirmed_because"' in page.content.decode()


def test_the_second_of_two_corrections_is_told_who_was_first(nurse, patient):
    old = a_result(patient, "potassium", "2.9", "mmol/L")
    correct(nurse, old, value="3.9", unit="mmol/L", why="Typed wrongly")

    page = correct(nurse, old, value="3.8", unit="mmol/L", why="Me too")

    assert page.status_code == 409
    assert "corrected by Nia Example meanwhile" in page.content.decode()
    assert 'value="3.8"' in page.content.decode()


def test_an_entry_in_error_is_struck_through_with_its_reason(nurse, patient):
    wrong = a_result(patient, "platelets", "190", "10*9/L")

    page = nurse.post(
        reverse("monitoring:entered_in_error", args=[wrong.public_id]), {"why": "Of another patient"}
    )

    assert page.url == page_of(patient)
    text = text_of(nurse, page_of(patient))
    assert '<s class="was">190 ×10⁹/L</s>' in text
    assert "Entered in error: Of another patient" in text
    assert reverse("monitoring:correct", args=[wrong.public_id]) not in text


def test_an_error_wants_a_reason_and_happens_once(nurse, patient):
    address = reverse("monitoring:entered_in_error", args=[a_result(patient).public_id])

    assert nurse.post(address, {"why": ""}).status_code == 422
    assert nurse.post(address, {"why": "Of another patient"}).status_code == 302
    assert nurse.post(address, {"why": "Of another patient"}).status_code == 409


@pytest.mark.parametrize("name", ["monitoring:correct", "monitoring:entered_in_error"])
def test_a_result_of_another_clinic_is_not_found(client, patient, name):
    signed_in(client, a_user(a_clinic(), "nurse"))
    result = a_result(patient)

    assert client.get(reverse(name, args=[result.public_id])).status_code == 404
    assert client.post(reverse(name, args=[result.public_id]), {"why": "Mine"}).status_code == 404
    assert Result.objects.count() == 1


def test_a_patient_of_another_clinic_is_not_found(client, patient):
    signed_in(client, a_user(a_clinic(), "nurse"))

    page = client.get(page_of(patient))

    assert page.status_code == 404
    assert "Ada Example" not in page.content.decode()


def test_looking_is_noted_once_a_page(nurse, patient):
    nurse.get(page_of(patient))

    assert AuditEvent.objects.filter(action="patient.viewed", patient_id=patient.pk).count() == 1


def test_ten_results_and_a_hundred_take_the_same_queries(nurse, patient, django_assert_max_num_queries):
    for value in range(10):
        a_result(patient, value=str(90 + value))
    nurse.get(page_of(patient))
    with django_assert_max_num_queries(15):
        nurse.get(page_of(patient))
    for value in range(100):
        a_result(patient, "mcv", str(80 + value), "fL")
    a_recheck(patient)
    with django_assert_max_num_queries(16):
        nurse.get(page_of(patient))


def test_the_labs_page_shows_what_was_recorded_last_in_this_clinic_only(nurse, patient):
    a_result(patient, "total_b12", "85", "ng/L")
    a_result(a_patient(a_clinic(), name="Bram Example"), "total_b12", "99", "ng/L")

    text = text_of(nurse, reverse("monitoring:labs"))

    assert "Ada Example" in text and "85 ng/L" in text
    assert "Bram Example" not in text and "99 ng/L" not in text


def test_the_labs_page_marks_a_value_where_a_range_or_the_laboratory_tells(nurse, patient):
    an_item(patient, "potassium", "2.9", reference_low="3.5", reference_high="5.3", abnormal=True)
    an_item(patient, "haemoglobin", "170", reference_low="115", reference_high="165", abnormal=True)
    an_item(patient, "platelets", "190", reference_low="150", reference_high="400")
    an_item(patient, "ferritin", "12", abnormal=True)
    a_result(patient, "mcv", "104", "fL", reference_low="80", reference_high="100")
    a_result(patient, "white_cells", "4.5", "10*9/L")

    lines = nurse.get(reverse("monitoring:labs")).context["lines"]

    assert {line.value: line.flag_label for line in lines} == {
        "2.9 mmol/L": "Low",
        "170 g/L": "High",
        "190 ×10⁹/L": "In range",
        "12 µg/L": "Abnormal",
        "104 fL": "High",
        "4.5 ×10⁹/L": "",
    }


def test_the_labs_page_takes_the_same_queries_for_one_result_and_fifty(
    nurse, patient, django_assert_max_num_queries
):
    for value in range(60):
        a_result(patient, "mcv", str(80 + value), "fL")

    with django_assert_max_num_queries(6):
        nurse.get(reverse("monitoring:labs"))
