from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.patients.models import Patient, PatientAllergy, PatientIdentifier
from b12clinic.patients.services.details import PatientDetails
from b12clinic.patients.services.health import AllergyGiven, HealthGiven, MedicineGiven
from b12clinic.patients.services.refusals import IdentifierTaken, LooksLikeAnother, PatientRefused
from b12clinic.patients.services.register_patient import register_patient
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]
AT, TODAY = datetime(2026, 11, 22, 9, 30, tzinfo=UTC), date(2026, 11, 22)


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def register(clinic):
    """Registers Ada Lovelace, born 2 March 1948, unless told otherwise."""
    user = a_user(clinic)

    def registered(*, identifiers=None, health=None, despite="", **fields):
        given = {"name": "Ada Lovelace", "born_on": date(1948, 3, 2), "sex": "female"} | fields
        return register_patient(
            clinic=clinic,
            details=PatientDetails(**given),
            identifiers=identifiers or {},
            health=health,
            despite=despite,
            by=user,
            at=AT,
            today=TODAY,
        )

    return registered


def test_all_that_was_said_is_written_down(clinic, register):
    patient = register(
        name="  Ada\tLovelace \u202e",
        weight_kg=Decimal("61"),
        email="ada@example.org",
        consents_to_email=True,
        consent_noted_on=TODAY,
        identifiers={"nhs_number": "9990000018"},
        health=HealthGiven(
            allergies_asked=True,
            allergies=(AllergyGiven("cobalt", ("wheeze", "rash")), AllergyGiven("Penicillin")),
            conditions=("asthma",),
            medicines=(MedicineGiven("warfarin", "3 mg/day", date(2024, 5, 4), Decimal("2"), Decimal("3")),),
        ),
    )
    kept = Patient.objects.get(clinic=clinic)
    assert kept == patient
    assert (kept.name, kept.name_key, kept.weight_kg) == ("Ada Lovelace", "ada lovelace", Decimal("61.0"))
    assert (kept.version, kept.allergies_asked_on) == (1, TODAY)
    assert [(n.scheme, n.value, n.clinic) for n in kept.identifiers.all()] == [
        ("nhs_number", "9990000018", clinic)
    ]
    assert list(kept.allergies.values_list("substance", "reactions", "noted_on")) == [
        ("cobalt", ["rash", "wheeze"], TODAY),
        ("Penicillin", [], TODAY),
    ]
    assert list(kept.conditions.values_list("code", "noted_on")) == [("asthma", TODAY)]
    assert list(kept.medicines.values_list("code", "dose", "since", "inr_low", "inr_high")) == [
        ("warfarin", "3 mg/day", date(2024, 5, 4), Decimal("2.0"), Decimal("3.0"))
    ]


def test_registering_leaves_one_audit_event_with_everything(clinic, register):
    patient = register(identifiers={"nhs_number": "9990000018"}, health=HealthGiven(allergies_asked=True))
    event = AuditEvent.objects.get(clinic=clinic)
    assert (event.action, event.at, event.patient_id) == ("patient.registered", AT, patient.pk)
    assert event.subject == f"patient:{patient.public_id}"
    assert event.before is None
    assert event.after["name"] == "Ada Lovelace"
    assert event.after["born_on"] == "1948-03-02"
    assert event.after["identifiers"] == {"nhs_number": "9990000018"}
    assert event.after["allergies_asked_on"] == "2026-11-22"


@pytest.mark.parametrize(
    ("health", "asked_on"),
    [(None, None), (HealthGiven(), None), (HealthGiven(allergies_asked=True), TODAY)],
)
def test_nobody_asked_is_not_the_same_as_none_known(register, health, asked_on):
    assert register(health=health).allergies_asked_on == asked_on


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": ""}, "name", "Write the name with at least one letter."),
        ({"name": "--"}, "name", "Write the name with at least one letter."),
        ({"name": "x" * 161}, "name", "This name is too long; write it with at most 160 letters."),
        ({"name": "ﷺ" * 20}, "name", "This name is too long; write it with at most 160 letters."),
        ({"born_on": date(2026, 11, 23)}, "born_on", "The date of birth lies in the future."),
        (
            {"born_on": date(1901, 11, 21)},
            "born_on",
            "The date of birth lies more than 125 years back; check the year.",
        ),
        ({"sex": "other"}, "sex", "Choose the sex, or “Not known”."),
        ({"weight_kg": Decimal("19.9")}, "weight_kg", "A weight lies between 20 and 400 kg; check it."),
        ({"weight_kg": Decimal("400.1")}, "weight_kg", "A weight lies between 20 and 400 kg; check it."),
        (
            {"consents_to_email": True, "consent_noted_on": TODAY},
            "email",
            "Agreeing to e-mail messages needs an e-mail address.",
        ),
        (
            {"consents_to_sms": True, "consent_noted_on": TODAY},
            "phone",
            "Agreeing to text messages needs a telephone number.",
        ),
        (
            {"consents_to_letter": True, "consent_noted_on": TODAY},
            "postal_address",
            "Agreeing to letters needs a postal address.",
        ),
        (
            {"consents_to_sms": True, "phone": "07700 900001"},
            "consent_noted_on",
            "Say on which day the patient agreed to messages.",
        ),
        (
            {"consents_to_sms": True, "phone": "07700 900001", "consent_noted_on": date(2026, 11, 23)},
            "consent_noted_on",
            "The day of agreeing lies before birth or in the future.",
        ),
        (
            {"consents_to_sms": True, "phone": "07700 900001", "consent_noted_on": date(1948, 3, 1)},
            "consent_noted_on",
            "The day of agreeing lies before birth or in the future.",
        ),
    ],
)
def test_details_that_cannot_be_are_refused_and_nothing_is_written(register, fields, field, sentence):
    with pytest.raises(PatientRefused) as refused:
        register(**fields)
    assert (refused.value.field, refused.value.sentence) == (field, sentence)
    assert not Patient.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x" * 160},
        {"born_on": TODAY},
        {"born_on": date(1901, 11, 22)},
        {"weight_kg": Decimal("20")},
        {"weight_kg": Decimal("400")},
        {"consents_to_sms": True, "phone": "07700 900001", "consent_noted_on": TODAY},
        {
            "consents_to_letter": True,
            "postal_address": "1 Example Street",
            "consent_noted_on": date(1948, 3, 2),
        },
    ],
)
def test_details_at_the_edge_are_taken(register, fields):
    assert register(**fields).pk


def test_a_day_of_consent_without_consent_is_not_kept(register):
    assert register(consent_noted_on=TODAY).consent_noted_on is None


@pytest.mark.parametrize(
    ("health", "sentence"),
    [
        (
            HealthGiven(allergies=(AllergyGiven("cobalt"),)),
            "An allergy is listed, so the answer to “allergies” is yes.",
        ),
        (HealthGiven(conditions=("",)), "Name the condition, or leave its row empty."),
        (HealthGiven(conditions=("x" * 49,)), "Write a condition with at most 48 letters."),
        (HealthGiven(conditions=("Hives", "hives")), "The same condition is listed twice."),
        (
            HealthGiven(conditions=("severe asthma",)),
            "Choose “Asthma” from the list instead of writing it, so that the safety rules see it.",
        ),
        (
            HealthGiven(allergies_asked=True, allergies=(AllergyGiven("vitamin b12"),)),
            "Choose “a cobalamin” from the list instead of writing it, so that the safety rules see it.",
        ),
        (
            HealthGiven(allergies_asked=True, allergies=(AllergyGiven("cobalt", ("",)),)),
            "Name each reaction with at most 48 letters.",
        ),
        (
            HealthGiven(medicines=(MedicineGiven("warfarin", "x" * 61),)),
            "Write the dose with at most 60 letters.",
        ),
        (
            HealthGiven(medicines=(MedicineGiven("warfarin", since=date(2026, 11, 23)),)),
            "The day since which a medicine is taken lies before birth or in the future.",
        ),
        (
            HealthGiven(medicines=(MedicineGiven("warfarin", since=date(1948, 3, 1)),)),
            "The day since which a medicine is taken lies before birth or in the future.",
        ),
        (
            HealthGiven(medicines=(MedicineGiven("warfarin", inr_low=Decimal("2.0")),)),
            "An INR range needs its lower and its upper end.",
        ),
        (
            HealthGiven(
                medicines=(MedicineGiven("warfarin", inr_low=Decimal("3.0"), inr_high=Decimal("3.0")),)
            ),
            "An INR range runs upwards and lies between 1.0 and 6.0.",
        ),
        (
            HealthGiven(
                medicines=(MedicineGiven("warfarin", inr_low=Decimal("0.9"), inr_high=Decimal("3.0")),)
            ),
            "An INR range runs upwards and lies between 1.0 and 6.0.",
        ),
        (
            HealthGiven(
                medicines=(MedicineGiven("metformin", inr_low=Decimal("2.0"), inr_high=Decimal("3.0")),)
            ),
            "Metformin is not steered by INR; leave the INR range empty.",
        ),
    ],
)
def test_health_that_cannot_be_is_refused_and_nothing_is_written(register, health, sentence):
    with pytest.raises(PatientRefused) as refused:
        register(health=health)
    assert refused.value.sentence == sentence
    assert not Patient.objects.exists()


def test_another_anticoagulant_in_words_may_have_an_inr_range(register):
    given = MedicineGiven("Acenocoumarol", inr_low=Decimal("1.0"), inr_high=Decimal("6.0"))
    assert register(health=HealthGiven(medicines=(given,))).medicines.get().code == "Acenocoumarol"


def test_someone_who_looks_the_same_is_shown_before_anything_is_saved(clinic, register):
    ada = a_patient(clinic, name="Ada Lovelace")
    with pytest.raises(LooksLikeAnother) as alike:
        register(despite="   ")
    assert [one.patient for one in alike.value.look_alikes] == [ada]
    assert Patient.objects.count() == 1
    assert not AuditEvent.objects.exists()


def test_somebody_else_is_registered_with_the_reason_on_the_audit_trail(clinic, register):
    ada = a_patient(clinic, name="Ada Lovelace")
    register(despite=" Twin sisters, both present. ")
    event = AuditEvent.objects.get()
    assert event.reason == "Twin sisters, both present."
    assert event.after["looks_like"] == [str(ada.public_id)]
    assert Patient.objects.count() == 2


def test_sent_twice_the_second_is_told_of_the_first(register):
    register()
    with pytest.raises(LooksLikeAnother):
        register()


def test_a_number_that_another_patient_has_is_refused_whatever_the_reason(clinic, register):
    a_patient(clinic, name="Grace Hopper", born_on=date(1960, 1, 9), record_number="RX1")
    with pytest.raises(IdentifierTaken) as taken:
        register(identifiers={"medical_record": "RX1"}, despite="Twin sisters.")
    assert taken.value.sentence == (
        "This Clinic record number belongs to Grace Hopper, born 9 Jan 1960 already."
    )
    assert Patient.objects.count() == 1


def test_a_number_written_a_moment_ago_is_refused_by_the_database(clinic, register, monkeypatch):
    a_patient(clinic, name="Grace Hopper", born_on=date(1960, 1, 9), record_number="RX1")
    for module in ("queries", "services.details"):
        monkeypatch.setattr(f"b12clinic.patients.{module}.identifier_holders", lambda *args: {})
    with pytest.raises(IdentifierTaken) as taken:
        register(identifiers={"medical_record": "RX1"})
    assert taken.value.sentence == "This Clinic record number belongs to another patient already."
    assert Patient.objects.count() == 1


def test_another_clinic_neither_warns_nor_refuses(register):
    a_patient(a_clinic(), name="Ada Lovelace", record_number="RX1")
    assert register(identifiers={"medical_record": "RX1"}).pk
    assert PatientIdentifier.objects.count() == 2
    assert not PatientAllergy.objects.exists()
