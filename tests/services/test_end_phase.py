from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from regimens.models import Dose
from regimens.services.end_phase import NotEnded, end_phase
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import EVERY_THREE_MONTHS, SIX_DOSES, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 26, 12, 0, tzinfo=UTC)
TODAY = date(2026, 1, 26)
OPEN = replace(SIX_DOSES, gaps=(), doses=None, horizon=11, ends_when="No further improvement at a review.")
AFTERWARDS = replace(EVERY_THREE_MONTHS, starts_by_decision=True)


@pytest.fixture
def doctor():
    return a_user(a_clinic(open_weekdays=[0, 1, 2, 3, 4, 5, 6]), "prescriber")


@pytest.fixture
def regimen(doctor):
    patient = a_patient(doctor.memberships.get().clinic)
    return a_regimen(patient, doctor, OPEN, AFTERWARDS)


def end(regimen, doctor, ordinal=0, **changed):
    regimen.refresh_from_db()
    asked = {"version": regimen.version, "finding": "Gait steady for two weeks"} | changed
    return end_phase(phase=regimen.phases.get(ordinal=ordinal), by=doctor, at=AT, today=TODAY, **asked)


def test_an_open_loading_goes_on_until_somebody_signs(regimen, doctor):
    for day in range(5, 31, 2):
        give(regimen, doctor, date(2026, 1, day))

    assert (next_dose(regimen).phase.ordinal, next_dose(regimen).number) == (0, 14)
    assert not Dose.objects.filter(phase__regimen=regimen, phase__ordinal=1).exists()


def test_a_signed_review_begins_maintenance_from_the_last_dose_given(regimen, doctor):
    give(regimen, doctor, date(2026, 1, 5))
    give(regimen, doctor, date(2026, 1, 24))

    end(regimen, doctor)

    assert (next_dose(regimen).phase.ordinal, next_dose(regimen).due_on) == (1, date(2026, 4, 24))
    assert set(
        Dose.objects.filter(phase__ordinal=0).exclude(state="given").values_list("state", flat=True)
    ) == {"withdrawn"}


def test_where_nothing_follows_the_regimen_is_complete(doctor):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, OPEN)
    give(regimen, doctor, date(2026, 1, 5))

    done = end(regimen, doctor)

    assert (done.state, done.ended_on) == ("completed", TODAY)
    assert not Dose.objects.filter(is_next=True).exists()


@pytest.mark.parametrize(
    ("ordinal", "changed", "sentence"),
    [
        (0, {"finding": "  "}, "Write what the review found"),
        (0, {"version": 1}, "changed meanwhile"),
        (1, {}, "No dose of this phase"),
    ],
    ids=["no finding", "stale version", "not begun"],
)
def test_a_phase_is_not_ended_carelessly(regimen, doctor, ordinal, changed, sentence):
    give(regimen, doctor, date(2026, 1, 5))

    with pytest.raises(NotEnded, match=sentence):
        end(regimen, doctor, ordinal, **changed)

    assert next_dose(regimen).phase.ordinal == 0


def test_a_phase_of_counted_doses_ends_by_its_doses(doctor):
    regimen = a_regimen(a_patient(doctor.memberships.get().clinic), doctor)
    give(regimen, doctor, date(2026, 1, 5))

    with pytest.raises(NotEnded, match="when its doses have been given"):
        end(regimen, doctor)


def test_a_phase_is_ended_once(regimen, doctor):
    give(regimen, doctor, date(2026, 1, 5))
    end(regimen, doctor)

    with pytest.raises(NotEnded, match="over already"):
        end(regimen, doctor)


def test_a_neurological_loading_is_ended_by_its_own_review(doctor):
    patient = a_patient(doctor.memberships.get().clinic)
    regimen = a_regimen(patient, doctor, OPEN, AFTERWARDS, neurological=True)
    give(regimen, doctor, date(2026, 1, 5))

    with pytest.raises(NotEnded, match="ended by a neurological review"):
        end(regimen, doctor)
