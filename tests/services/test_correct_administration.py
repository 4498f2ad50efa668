from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from b12clinic.messages.models import Message
from b12clinic.patients.models import PatientAllergy
from monitoring.models import Alert
from regimens.models import Administration, Dose, Regimen
from regimens.services.correct_administration import (
    correct_injection,
    enter_in_error,
    note_later_reaction,
)
from regimens.services.record_administration import NotRecorded, record_not_given
from regimens.services.record_extra import record_extra
from tests.factories.labs import an_alert
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import WEEKLY, a_regimen, an_injection, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
TODAY = date(2026, 1, 20)


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def regimen(nurse):
    return a_regimen(a_patient(nurse.memberships.get().clinic), nurse, WEEKLY)


def err(administration, nurse, reason="Wrong patient"):
    return enter_in_error(
        administration=administration, reason=reason, form_key=uuid4(), by=nurse, at=AT, today=TODAY
    )


def test_an_entry_in_error_stays_visible_and_its_dose_is_owed_again(regimen, nurse):
    given = give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin").administration

    err(given, nurse)

    correction = Administration.objects.get(corrects=given)
    assert (correction.corrects, correction.entered_in_error, correction.reason) == (
        given,
        True,
        "Wrong patient",
    )
    assert Administration.objects.count() == 2
    assert (next_dose(regimen).number, next_dose(regimen).due_on) == (1, date(2026, 1, 5))


def a_second_of(first, nurse, on, **fields):
    """Another injection of the dose that the first one fulfilled, as "I gave one too" records it."""
    return record_extra(
        patient=first.patient,
        injection=an_injection(on, drug="cyanocobalamin", **fields),
        form_key=uuid4(),
        by=nurse,
        at=AT,
        today=TODAY,
        instead_of=first,
    ).administration


def test_the_second_of_two_stands_for_the_dose_when_the_first_was_an_error(regimen, nurse):
    first = give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin").administration
    second = a_second_of(first, nurse, date(2026, 1, 6), lot="REAL1")
    assert next_dose(regimen).number == 2

    err(first, nurse)

    stands = Dose.objects.get(phase__regimen=regimen, number=1).given_as
    assert (stands.corrects, stands.lot, stands.given_on) == (second, "REAL1", date(2026, 1, 6))
    assert stands.reason == "It stands for the dose: the entry that had fulfilled it was an error."
    assert (next_dose(regimen).number, next_dose(regimen).due_on) == (2, date(2026, 1, 13))
    alert = Alert.objects.get(rule="DOUBLE_INJECTION")
    assert (alert.ended_at, alert.how) == (AT, stands.reason)


def test_a_second_one_still_stands_when_the_first_was_put_right_before_it_was_an_error(regimen, nurse):
    first = give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin").administration
    second = a_second_of(first, nurse, date(2026, 1, 5), lot="REAL1")
    right = put_right(first, nurse, drug="cyanocobalamin", reason="Other lot").administration

    err(right, nurse)

    assert Dose.objects.get(phase__regimen=regimen, number=1).given_as.corrects == second


def test_a_second_one_that_was_an_error_itself_stands_for_nothing(regimen, nurse):
    first = give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin").administration
    err(a_second_of(first, nurse, date(2026, 1, 5)), nurse)

    err(first, nurse)

    assert (next_dose(regimen).number, next_dose(regimen).due_on) == (1, date(2026, 1, 5))


def test_an_error_in_the_middle_frees_that_slot_first(regimen, nurse):
    give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin")
    second = give(regimen, nurse, date(2026, 1, 12), drug="cyanocobalamin").administration
    give(regimen, nurse, date(2026, 1, 19), drug="cyanocobalamin")

    err(second, nurse)

    owed = Dose.objects.filter(phase__regimen=regimen, state="owed").order_by("number")
    assert list(owed.values_list("number", "due_on")) == [(2, date(2026, 1, 26)), (4, date(2026, 2, 2))]
    assert next_dose(regimen).number == 2


def test_a_corrected_day_moves_what_follows(regimen, nurse):
    given = give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin").administration

    correct_injection(
        administration=given,
        injection=an_injection(date(2026, 1, 7), drug="cyanocobalamin", reason="Typed the wrong day"),
        form_key=uuid4(),
        by=nurse,
        at=AT,
        today=TODAY,
    )

    assert next_dose(regimen).due_on == date(2026, 1, 14)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_correction_says_why(regimen, nurse, reason):
    given = give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin").administration

    with pytest.raises(NotRecorded):
        err(given, nurse, reason)

    assert Administration.objects.count() == 1


def test_a_row_is_corrected_once(regimen, nurse):
    given = give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin").administration
    err(given, nurse)

    with pytest.raises(NotRecorded, match="already"):
        err(given, nurse)


def put_right(administration, nurse, on=date(2026, 1, 5), **fields):
    said = {"drug": "cyanocobalamin", "reason": "Read from the ampoule again"} | fields
    return correct_injection(
        administration=administration,
        injection=an_injection(on, **said),
        form_key=uuid4(),
        by=nurse,
        at=AT,
        today=TODAY,
    )


def noticed(administration, nurse, grade="4", *, form_key=None, kinds=("anaphylaxis",)):
    return note_later_reaction(
        administration=administration,
        reaction_grade=grade,
        reactions=kinds,
        reaction="Collapse in the waiting room",
        observed_minutes=15,
        form_key=form_key or uuid4(),
        by=nurse,
        at=AT,
        today=TODAY,
    )


@pytest.fixture
def given(regimen, nurse):
    return give(regimen, nurse, date(2026, 1, 5), drug="cyanocobalamin").administration


def test_a_reaction_noticed_later_stands_on_a_new_row_that_fulfils_the_dose(regimen, nurse, given):
    noted = noticed(given, nurse, "1", kinds=("local",)).administration

    assert (noted.corrects, noted.reaction_grade, noted.reactions, noted.observed_minutes) == (
        given,
        "1",
        ["local"],
        15,
    )
    assert (noted.lot, noted.given_on, noted.given_by) == ("A123", date(2026, 1, 5), nurse)
    assert Dose.objects.get(number=1).given_as == noted
    assert not Alert.objects.exists()
    assert Regimen.objects.get().state == "active"


def test_an_anaphylactic_reaction_noticed_later_is_answered_like_one_at_the_chair(regimen, nurse, given):
    noted = noticed(given, nurse)

    assert noted.paused
    assert Regimen.objects.get().state == "paused"
    assert PatientAllergy.objects.get(patient=regimen.patient).substance == "cyanocobalamin"
    assert Alert.objects.get(rule="REACTION_ANAPHYLAXIS").severity == "urgent"
    assert Message.objects.filter(subject_id=noted.administration.pk).count() == 1


def test_a_reaction_of_grade_2_noticed_later_holds_the_next_dose(regimen, nurse, given):
    noticed(given, nurse, "2", kinds=("rash",))

    assert list(Alert.objects.values_list("rule", flat=True)) == ["REACTION_REVIEW"]
    assert Regimen.objects.get().state == "active"


def test_the_same_form_notes_a_reaction_once(regimen, nurse, given):
    key = uuid4()
    first = noticed(given, nurse, form_key=key)

    again = noticed(given, nurse, form_key=key)

    assert again.administration == first.administration
    assert Administration.objects.count() == 2
    assert Alert.objects.count() == 1


def test_no_reaction_is_noted_where_nothing_was_given(regimen, nurse):
    attempt = record_not_given(
        dose=next_dose(regimen),
        on=date(2026, 1, 5),
        not_given_reason="did_not_attend",
        reason="",
        next_action_on=None,
        form_key=uuid4(),
        by=nurse,
        at=AT,
        today=TODAY,
    ).administration

    with pytest.raises(NotRecorded, match="Nothing was given"):
        noticed(attempt, nurse)


def test_an_expiry_put_right_alerts_of_an_expired_product(regimen, nurse, given):
    put_right(given, nurse, expires_on=date(2025, 12, 31))

    assert list(Alert.objects.values_list("rule", flat=True)) == ["EXPIRED_GIVEN"]


def test_a_correction_does_not_alert_again_of_what_was_known(regimen, nurse):
    given = give(
        regimen,
        nurse,
        date(2026, 1, 5),
        drug="cyanocobalamin",
        expires_on=date(2025, 12, 31),
        reason="Only one",
    ).administration

    put_right(given, nurse, lot="B999", expires_on=date(2025, 12, 31))

    assert list(Alert.objects.values_list("rule", flat=True)) == ["EXPIRED_GIVEN"]


def test_a_corrected_reaction_is_answered_once(regimen, nurse, given):
    noted = noticed(given, nurse).administration

    put_right(
        noted,
        nurse,
        lot="B999",
        reaction_grade="4",
        reactions=("anaphylaxis",),
        reaction="Collapse in the waiting room",
    )

    assert Alert.objects.filter(rule="REACTION_ANAPHYLAXIS").count() == 1
    assert PatientAllergy.objects.count() == 1


@pytest.mark.parametrize(
    ("on", "said"),
    [(date(2026, 1, 21), "future"), (date(1900, 1, 1), "birth")],
)
def test_a_correction_to_an_impossible_day_is_refused(regimen, nurse, given, on, said):
    with pytest.raises(NotRecorded, match=said):
        put_right(given, nurse, on)

    assert Administration.objects.count() == 1


def test_whoever_gave_it_cannot_be_named_as_its_checker(regimen, nurse, given):
    with pytest.raises(NotRecorded, match="cannot check"):
        put_right(given, nurse, checked_by=nurse)


def test_an_injection_outside_any_plan_can_be_corrected(nurse):
    patient = a_patient(nurse.memberships.get().clinic)
    extra = record_extra(
        patient=patient,
        injection=an_injection(date(2026, 1, 5)),
        form_key=uuid4(),
        by=nurse,
        at=AT,
        today=TODAY,
    ).administration

    corrected = put_right(extra, nurse, date(2026, 1, 6))

    assert (corrected.administration.given_on, corrected.redating) == (date(2026, 1, 6), None)


def test_the_alerts_of_an_injection_fall_with_it(regimen, nurse):
    given = give(
        regimen,
        nurse,
        date(2026, 1, 5),
        drug="cyanocobalamin",
        expires_on=date(2025, 12, 31),
        reason="Only one",
    ).administration

    assert err(given, nurse) is False

    assert list(Alert.objects.values_list("rule", "how")) == [
        ("EXPIRED_GIVEN", "The injection was entered in error: Wrong patient")
    ]


def test_an_alert_of_something_else_stays_open(regimen, nurse, given):
    an_alert(regimen.patient, rule="POTASSIUM_LOW", subject=f"dose:{given.dose.public_id}")

    err(given, nurse)

    assert Alert.objects.get().ended_at is None


def test_allergy_and_pause_of_a_reaction_entered_in_error_wait_for_a_prescriber(regimen, nurse, given):
    noted = noticed(given, nurse).administration

    assert err(noted, nurse) is True

    assert Alert.objects.get(rule="REACTION_ANAPHYLAXIS").ended_at == AT
    asked = Alert.objects.get(ended_at=None)
    assert (asked.rule, asked.severity) == ("REACTION_TAKEN_BACK", "urgent")
    assert asked.sentence == (
        "The anaphylactic reaction of 05 Jan 2026 was entered in error. Still standing: the allergy to cyanocobalamin "
        "and the pause of the regimen. Lift or keep them."
    )
    assert (Regimen.objects.get().state, PatientAllergy.objects.get().ended_on) == ("paused", None)


def test_only_what_still_stands_is_put_to_a_prescriber(regimen, nurse, given):
    noted = noticed(given, nurse).administration
    PatientAllergy.objects.update(ended_on=TODAY)

    err(noted, nurse)

    assert "Still standing: the pause of the regimen." in Alert.objects.get(ended_at=None).sentence
