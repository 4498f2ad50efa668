from datetime import date

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import Message
from b12clinic.messages.still_owed import check_for
from b12clinic.patients.models import PatientAllergy
from monitoring.models import Alert
from regimens.models import Dose, Pause, Regimen
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]

MONDAY = date(2026, 1, 5)


@pytest.fixture
def nurse():
    return a_user(a_clinic(contact_email="clinic@example.org"), "nurse")


@pytest.fixture
def regimen(nurse):
    return a_regimen(a_patient(nurse.memberships.get().clinic), nurse)


@pytest.mark.parametrize(
    ("grade", "seen", "noted"),
    [
        ("4", (), ["anaphylaxis"]),
        ("3", ("wheeze",), ["wheeze"]),
        ("3", ("angioedema", "rash"), ["angioedema", "rash"]),
    ],
)
def test_an_anaphylactic_reaction_is_noted_as_an_allergy_to_the_drug_given(
    nurse, regimen, grade, seen, noted
):
    give(regimen, nurse, MONDAY, reaction_grade=grade, reactions=seen, reaction="Adrenaline given")

    allergy = PatientAllergy.objects.get(patient=regimen.patient)
    assert (allergy.substance, allergy.reactions, allergy.ended_on) == ("hydroxocobalamin", noted, None)
    event = AuditEvent.objects.get(action="patient.health_changed")
    assert event.after["allergies"] == {"hydroxocobalamin": noted}


def test_it_pauses_the_regimen_so_that_no_dose_is_waited_for(nurse, regimen):
    recorded = give(regimen, nurse, MONDAY, reaction_grade="4", reaction="Collapse")

    assert Regimen.objects.get().state == "paused"
    assert Pause.objects.get().reason.startswith("Anaphylactic reaction after the injection of 05 Jan 2026")
    assert not Dose.objects.filter(is_next=True).exists()
    assert recorded.paused and recorded.redating.next_dose is None


def test_it_alerts_urgently_and_tells_the_prescribers_by_mail_and_in_their_inbox(nurse, regimen):
    give(regimen, nurse, MONDAY, reaction_grade="4", reaction="Collapse")

    alert = Alert.objects.get(rule="REACTION_ANAPHYLAXIS")
    assert "Collapse. The allergy is on record" in alert.sentence
    assert (alert.severity, alert.owner) == ("urgent", regimen.assessment.by)
    told = Message.objects.filter(kind="urgent_reaction").order_by("channel")
    assert list(told.values_list("audience", "channel", "state", "urgent")) == [
        ("prescriber", "email", "owed", True),
        ("prescriber", "inbox", "owed", True),
    ]
    assert check_for("urgent_reaction")(told[0].subject_id, MONDAY, MONDAY)


def test_an_allergy_known_before_keeps_its_reactions(nurse, regimen):
    PatientAllergy.objects.create(
        patient=regimen.patient, substance="hydroxocobalamin", reactions=["rash"], noted_on=date(2025, 1, 1)
    )

    give(regimen, nurse, MONDAY, reaction_grade="3", reactions=("wheeze",), reaction="Wheeze")

    [live] = PatientAllergy.objects.filter(ended_on=None)
    assert live.reactions == ["rash", "wheeze"]
    assert PatientAllergy.objects.filter(ended_on=MONDAY).count() == 1


@pytest.mark.parametrize(
    ("grade", "seen", "rules"),
    [
        ("1", (), []),
        ("2", ("local",), []),
        ("2", (), ["REACTION_REVIEW"]),
        ("1", ("generalised",), ["REACTION_REVIEW"]),
        ("3", ("rash",), ["REACTION_SEVERE"]),
    ],
)
def test_a_lesser_reaction_pauses_nothing(nurse, regimen, grade, seen, rules):
    give(regimen, nurse, MONDAY, reaction_grade=grade, reactions=seen, reaction="Seen")

    assert list(Alert.objects.values_list("rule", flat=True)) == rules
    assert Regimen.objects.get().state == "active"
    assert not PatientAllergy.objects.exists() and not Message.objects.exists()
