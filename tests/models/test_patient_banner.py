from datetime import date
from decimal import Decimal

import pytest

from b12clinic.patients.models import (
    Patient,
    PatientAllergy,
    PatientCondition,
    PatientIdentifier,
    PatientMedicine,
)
from b12clinic.patients.presenters.banner import Risk, banner_facts
from b12clinic.patients.queries import with_health
from tests.factories.people import a_clinic, a_patient

pytestmark = pytest.mark.django_db
TODAY, NOTED = date(2026, 11, 22), date(2026, 5, 4)


@pytest.fixture
def ada():
    return a_patient(a_clinic(), name="Ada Lovelace")


def facts(patient, today=TODAY):
    return banner_facts(Patient.objects.get(pk=patient.pk), today)


def condition(patient, code, **fields):
    return PatientCondition.objects.create(**{"patient": patient, "code": code, "noted_on": NOTED} | fields)


def medicine(patient, code, **fields):
    return PatientMedicine.objects.create(**{"patient": patient, "code": code, "noted_on": NOTED} | fields)


def test_who_it_is_stands_in_words(ada):
    for scheme, value in (
        ("medical_record", "RX1"),
        ("chi_number", "0203481232"),
        ("nhs_number", "9990000018"),
    ):
        PatientIdentifier.objects.create(patient=ada, clinic=ada.clinic, scheme=scheme, value=value)
    found = facts(ada)
    assert (found.name, found.born, found.age, found.sex) == ("Ada Lovelace", "2 Mar 1948", "78 y", "Female")
    assert found.identifier == "NHS 999 000 0018 · CHI 020348 1232 · Record RX1"
    assert (found.risks, found.died) == ((), "")


def test_allergies_not_asked_none_known_and_some_are_three_things(ada):
    assert (facts(ada).allergies, facts(ada).allergies_sentence) == ("", "Allergies not asked")
    Patient.objects.filter(pk=ada.pk).update(allergies_asked_on=NOTED)
    assert facts(ada).allergies_sentence == "No known allergies"
    assert facts(ada).allergy_alert is False
    PatientAllergy.objects.create(
        patient=ada, substance="cobalt", reactions=["rash", "wheeze"], noted_on=NOTED
    )
    PatientAllergy.objects.create(patient=ada, substance="Penicillin", noted_on=NOTED)
    assert facts(ada).allergy_alert is True
    said = "Cobalt (rash, wheeze); Penicillin (reaction not recorded)"
    assert (facts(ada).allergies, facts(ada).allergies_sentence) == (said, f"ALLERGY: {said}")


def test_an_allergy_is_shown_even_where_no_day_of_asking_is(ada):
    PatientAllergy.objects.create(patient=ada, substance="cobalt", noted_on=NOTED)
    assert facts(ada).allergy_alert is True


def test_an_allergy_that_ended_is_not_shown(ada):
    PatientAllergy.objects.create(patient=ada, substance="cobalt", noted_on=NOTED, ended_on=TODAY)
    assert facts(ada).allergy_alert is False


@pytest.mark.parametrize(
    ("code", "risk"),
    [
        ("leber_hereditary_optic_neuropathy", Risk("block", "Leber optic neuropathy: no cyanocobalamin")),
        ("leber_family_history", Risk("block", "Leber optic neuropathy in the family: no cyanocobalamin")),
        ("haemophilia", Risk("warn", "Bleeding disorder: haemophilia")),
        ("von_willebrand", Risk("warn", "Bleeding disorder: von Willebrand disease")),
        ("polycythaemia_vera", Risk("warn", "Polycythaemia vera")),
    ],
)
def test_a_condition_that_bars_or_changes_an_injection_is_a_risk(ada, code, risk):
    row = condition(ada, code)
    condition(ada, "asthma")
    assert facts(ada).risks == (risk,)
    PatientCondition.objects.filter(pk=row.pk).update(ended_on=TODAY)
    assert facts(ada).risks == ()


@pytest.mark.parametrize(
    "code", ["warfarin", "apixaban", "dabigatran", "edoxaban", "rivaroxaban", "enoxaparin"]
)
def test_an_anticoagulant_is_a_risk(ada, code):
    medicine(ada, code)
    assert [(risk.severity, risk.label) for risk in facts(ada).risks] == [
        ("warn", f"Anticoagulant: {code.capitalize()}")
    ]


def test_warfarin_is_shown_with_its_inr_range(ada):
    medicine(ada, "warfarin", dose="3 mg/day", inr_low=Decimal("2.0"), inr_high=Decimal("3.0"), since=NOTED)
    assert facts(ada).risks[0].label == "Anticoagulant: Warfarin 3 mg/day, INR 2.0 to 3.0, since 4 May 2026"


def test_two_antiplatelets_are_a_risk_and_one_is_not(ada):
    medicine(ada, "aspirin")
    assert facts(ada).risks == ()
    medicine(ada, "clopidogrel")
    assert facts(ada).risks == (Risk("warn", "Dual antiplatelet: aspirin and clopidogrel"),)


@pytest.mark.parametrize(
    ("today", "risks"),
    [(date(1966, 3, 1), (Risk("block", "Under 18: the planner is for adults"),)), (date(1966, 3, 2), ())],
)
def test_someone_under_eighteen_is_marked(ada, today, risks):
    assert facts(ada, today).risks == risks


def test_who_died_is_as_old_as_on_that_day(ada):
    Patient.objects.filter(pk=ada.pk).update(died_on=date(2020, 3, 1), moved_on=date(2019, 1, 1))
    assert (facts(ada).died, facts(ada).age) == ("Died 1 Mar 2020", "71 y")


def test_who_moved_is_marked(ada):
    Patient.objects.filter(pk=ada.pk).update(moved_on=date(2019, 1, 1))
    assert facts(ada).died == "Moved away 1 Jan 2019"


def test_read_ahead_it_asks_nothing_and_else_four_times(ada, django_assert_num_queries):
    read_ahead = with_health(Patient.objects.all()).get()
    with django_assert_num_queries(0):
        banner_facts(read_ahead, TODAY)
    fresh = Patient.objects.get()
    with django_assert_num_queries(4):
        banner_facts(fresh, TODAY)
