import pytest
from django.db import IntegrityError, transaction

from monitoring.models import Result
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def patient():
    return a_patient(a_clinic())


def refused(make, *args, **fields):
    count = Result.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        make(*args, **fields)
    assert Result.objects.count() == count


def test_a_result_has_a_number_with_its_unit_or_a_word(patient):
    a_result(patient)
    a_result(patient, "intrinsic_factor_antibody", "positive", "")

    refused(a_result, patient, coded="positive")
    refused(a_result, patient, number=None, canonical=None)
    refused(a_result, patient, number=None)
    refused(a_result, patient, canonical=None)


def test_a_number_without_a_unit_and_a_word_with_one_are_refused(patient):
    row = {"patient": patient, "analyte": "mcv", "taken_on": "2026-11-02", "reported_value": "118"}
    Result.objects.create(**row, unit="fL", number=118, canonical=118)
    refused(Result.objects.create, **row, unit="", number=118, canonical=118)
    refused(Result.objects.create, **row)

    word = row | {"analyte": "ttg_iga", "reported_value": "negative"}
    Result.objects.create(**word, coded="negative")
    refused(Result.objects.create, **word, coded="negative", unit="U/mL")


@pytest.mark.parametrize("comparator", ["", "<", ">", "<=", ">="])
def test_the_comparators_known_are_taken(patient, comparator):
    assert a_result(patient, comparator=comparator).comparator == comparator


@pytest.mark.parametrize("comparator", ["=", "~", "≤"])
def test_any_other_comparator_is_refused(patient, comparator):
    refused(a_result, patient, comparator=comparator)


def test_the_reported_value_and_the_analyte_are_never_blank(patient):
    refused(a_result, patient, reported_value="")
    row = {"patient": patient, "taken_on": "2026-11-02", "reported_value": "118", "unit": "fL", "number": 118}
    refused(Result.objects.create, **row, canonical=118, analyte="")


def test_a_number_is_nothing_or_more(patient):
    assert a_result(patient, number=0, canonical=0).number == 0
    refused(a_result, patient, number=-1)


def test_a_correction_and_an_error_say_why(patient):
    old = a_result(patient)
    refused(a_result, patient, supersedes=old)
    refused(a_result, patient, entered_in_error=True)

    newer = a_result(patient, supersedes=old, why="Typed wrongly")
    a_result(patient, supersedes=newer, entered_in_error=True, why="Of another patient")


def test_a_result_is_superseded_once(patient):
    old = a_result(patient)
    a_result(patient, supersedes=old, why="First")
    refused(a_result, patient, supersedes=old, why="Second")


def test_the_ends_of_a_range_stand_in_order(patient):
    a_result(patient, reference_low=115, reference_high=115)
    a_result(patient, reference_low=115)
    a_result(patient, reference_high=165)
    refused(a_result, patient, reference_low=116, reference_high=115)


def test_a_source_gives_a_result_once_and_typed_ones_have_none(patient):
    a_result(patient, source_id="lab:1")
    refused(a_result, patient, source_id="lab:1")
    a_result(patient)
    a_result(patient)


def test_a_result_says_what_it_is(patient):
    assert str(a_result(patient, comparator="<")) == "haemoglobin <92 g/L on 2026-11-02"
