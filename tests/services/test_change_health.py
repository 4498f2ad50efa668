from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.jobs.models import Pending
from b12clinic.patients.models import PatientAllergy, PatientCondition, PatientMedicine
from b12clinic.patients.services.change_health import change_health
from b12clinic.patients.services.health import AllergyGiven, HealthGiven, MedicineGiven
from b12clinic.patients.services.refusals import ChangedMeanwhile, PatientRefused
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]
AT, TODAY, BEFORE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC), date(2026, 11, 22), date(2026, 5, 4)
WARFARIN = MedicineGiven("warfarin", "3 mg/day", inr_low=Decimal("2.0"), inr_high=Decimal("3.0"))


@pytest.fixture
def ada():
    """Allergic to cobalt, asthmatic, on warfarin: all noted on 4 May."""
    patient = a_patient(a_clinic(), allergies_asked_on=BEFORE)
    PatientAllergy.objects.create(patient=patient, substance="cobalt", reactions=["rash"], noted_on=BEFORE)
    PatientCondition.objects.create(patient=patient, code="asthma", noted_on=BEFORE)
    PatientMedicine.objects.create(
        patient=patient,
        code="warfarin",
        dose="3 mg/day",
        inr_low=Decimal("2.0"),
        inr_high=Decimal("3.0"),
        noted_on=BEFORE,
    )
    return patient


def given(**fields):
    """What the fixture's patient has, unless told otherwise."""
    same = {
        "allergies_asked": True,
        "allergies": (AllergyGiven("cobalt", ("rash",)),),
        "conditions": ("asthma",),
        "medicines": (WARFARIN,),
    }
    return HealthGiven(**same | fields)


def change(patient, health, version=1, reason=""):
    return change_health(
        patient=patient,
        version=version,
        health=health,
        reason=reason,
        by=a_user(patient.clinic),
        at=AT,
        today=TODAY,
    )


def rows(manager, *fields):
    return list(manager.order_by("id").values_list(*fields))


def test_nothing_is_written_when_nothing_differs(ada):
    change(ada, given())
    assert rows(ada.allergies, "substance", "ended_on") == [("cobalt", None)]
    assert rows(ada.medicines, "code", "ended_on") == [("warfarin", None)]
    assert not AuditEvent.objects.exists()
    assert not Pending.objects.exists()
    ada.refresh_from_db()
    assert (ada.version, ada.allergies_asked_on) == (1, BEFORE)


def test_what_is_new_is_added_with_its_day(ada):
    change(
        ada,
        given(conditions=("asthma", "Hives"), medicines=(WARFARIN, MedicineGiven("metformin", "2 g/day"))),
    )
    assert rows(ada.conditions, "code", "noted_on") == [("asthma", BEFORE), ("Hives", TODAY)]
    assert rows(ada.medicines, "code", "dose", "noted_on") == [
        ("warfarin", "3 mg/day", BEFORE),
        ("metformin", "2 g/day", TODAY),
    ]
    ada.refresh_from_db()
    assert (ada.version, ada.allergies_asked_on) == (2, BEFORE)


def test_what_fell_away_ends_and_is_never_deleted(ada):
    change(ada, given(conditions=(), medicines=()))
    assert rows(ada.conditions, "code", "ended_on") == [("asthma", TODAY)]
    assert rows(ada.medicines, "code", "ended_on") == [("warfarin", TODAY)]
    event = AuditEvent.objects.get()
    assert event.action == "patient.health_changed"
    assert event.before == {"conditions": ["asthma"], "medicines": {"warfarin": "3 mg/day, INR 2.0 to 3.0"}}
    assert event.after == {"conditions": [], "medicines": {}}
    assert Pending.objects.filter(kind="patients.facts_changed", subject_id=ada.pk).count() == 1


def test_another_dose_ends_the_row_and_begins_a_new_one(ada):
    change(ada, given(medicines=(MedicineGiven("warfarin", "4 mg/day"),)))
    assert rows(ada.medicines, "dose", "inr_low", "ended_on") == [
        ("3 mg/day", Decimal("2.0"), TODAY),
        ("4 mg/day", None, None),
    ]


def test_what_ended_can_be_noted_again(ada):
    change(ada, given(conditions=()))
    change(ada, given(), version=2)
    assert rows(ada.conditions, "code", "ended_on") == [("asthma", TODAY), ("asthma", None)]


@pytest.mark.parametrize(
    "health",
    [
        given(allergies=()),
        given(allergies=(AllergyGiven("cobalt"),)),
        given(allergies=(AllergyGiven("cobalt", ("wheeze",)),)),
        given(allergies=(AllergyGiven("benzyl_alcohol"),)),
        given(allergies=(), allergies_asked=False),
    ],
)
def test_taking_back_or_altering_an_allergy_asks_why(ada, health):
    with pytest.raises(PatientRefused) as refused:
        change(ada, health, reason="  ")
    assert refused.value.field == "reason"
    assert rows(ada.allergies, "substance", "reactions", "ended_on") == [("cobalt", ["rash"], None)]
    change(ada, health, reason="Patch test was negative.")
    assert AuditEvent.objects.get().reason == "Patch test was negative."


@pytest.mark.parametrize(
    "allergies",
    [
        (AllergyGiven("cobalt", ("rash", "wheeze")),),
        (AllergyGiven("cobalt", ("rash",)), AllergyGiven("Latex")),
    ],
)
def test_a_further_reaction_or_allergy_needs_no_reason_and_dates_the_asking(ada, allergies):
    change(ada, given(allergies=allergies))
    ada.refresh_from_db()
    assert ada.allergies_asked_on == TODAY


def test_that_nobody_asked_after_all_needs_a_reason(ada):
    ada.allergies.update(ended_on=TODAY)
    with pytest.raises(PatientRefused, match="Say why"):
        change(ada, given(allergies=(), allergies_asked=False))
    change(ada, given(allergies=(), allergies_asked=False), reason="Noted on the wrong entry.")
    ada.refresh_from_db()
    assert ada.allergies_asked_on is None


def test_a_change_from_a_stale_page_is_refused(ada):
    change(ada, given(conditions=()))
    with pytest.raises(ChangedMeanwhile):
        change(ada, given(), version=1)
    assert rows(ada.conditions, "code", "ended_on") == [("asthma", TODAY)]


def test_health_that_cannot_be_is_refused(ada):
    with pytest.raises(PatientRefused, match="listed twice"):
        change(ada, given(conditions=("asthma", "asthma")))
    with pytest.raises(PatientRefused, match="before birth"):
        change(ada, given(medicines=(MedicineGiven("metformin", since=date(1948, 3, 1)),)))
    assert not AuditEvent.objects.exists()
