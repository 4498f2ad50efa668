from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from regimens.models import Administration, Dose
from regimens.services.correct_administration import correct_injection, enter_in_error
from regimens.services.record_administration import NotRecorded
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

    correction = err(given, nurse)

    assert (correction.corrects, correction.entered_in_error, correction.reason) == (
        given,
        True,
        "Wrong patient",
    )
    assert Administration.objects.count() == 2
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
