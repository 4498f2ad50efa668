from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.patients.services.note_death import note_death
from b12clinic.patients.services.note_move import note_move
from b12clinic.patients.services.note_return import note_return
from b12clinic.patients.services.refusals import ChangedMeanwhile, PatientRefused
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]
AT, TODAY = datetime(2026, 11, 22, 9, 30, tzinfo=UTC), date(2026, 11, 22)


@pytest.fixture
def ada():
    return a_patient(a_clinic())


def died(patient, died_on=TODAY, reason="Hospital letter.", version=1):
    by = a_user(patient.clinic)
    return note_death(
        patient=patient, version=version, died_on=died_on, reason=reason, by=by, at=AT, today=TODAY
    )


def moved(patient, moved_on=TODAY, reason="To Leeds.", version=1):
    by = a_user(patient.clinic)
    return note_move(
        patient=patient, version=version, moved_on=moved_on, reason=reason, by=by, at=AT, today=TODAY
    )


def returned(patient, reason="Noted on the wrong entry.", version=2):
    return note_return(patient=patient, version=version, reason=reason, by=a_user(patient.clinic), at=AT)


NOTES = pytest.mark.parametrize(("note", "field"), [(died, "died_on"), (moved, "moved_on")])


@NOTES
def test_leaving_is_noted_with_its_reason(ada, note, field):
    note(ada, date(2026, 11, 3), "Letter of 4 November.")
    ada.refresh_from_db()
    assert (getattr(ada, field), ada.version, ada.is_followed) == (date(2026, 11, 3), 2, False)
    event = AuditEvent.objects.get()
    assert event.action == f"patient.{note.__name__}"
    assert (event.before, event.after) == ({field: ""}, {field: "2026-11-03"})
    assert (event.reason, event.patient_id) == ("Letter of 4 November.", ada.pk)


@NOTES
@pytest.mark.parametrize("day", [date(1948, 3, 1), date(2026, 11, 23)])
def test_nobody_leaves_before_birth_or_tomorrow(ada, note, field, day):
    with pytest.raises(PatientRefused) as refused:
        note(ada, day)
    assert refused.value.field == field
    assert not AuditEvent.objects.exists()


@NOTES
@pytest.mark.parametrize("day", [date(1948, 3, 2), TODAY])
def test_leaving_on_the_day_of_birth_or_today_is_taken(ada, note, field, day):
    assert getattr(note(ada, day), field) == day


@NOTES
def test_leaving_asks_why(ada, note, field):
    with pytest.raises(PatientRefused, match="Say why"):
        note(ada, TODAY, "  ")
    ada.refresh_from_db()
    assert (ada.version, ada.is_followed) == (1, True)


@NOTES
def test_leaving_from_a_stale_page_is_refused(ada, note, field):
    with pytest.raises(ChangedMeanwhile):
        note(ada, version=2)


def test_someone_who_moved_may_die_but_not_the_other_way_round(ada):
    moved(ada)
    died(ada, version=2)
    for note in (died, moved):
        with pytest.raises(PatientRefused, match="died on 22 Nov 2026"):
            note(ada, version=3)


def test_a_mistake_is_taken_back_with_its_reason(ada):
    moved(ada)
    died(ada, version=2)
    returned(ada, version=3)
    ada.refresh_from_db()
    assert (ada.died_on, ada.moved_on, ada.version) == (None, None, 4)
    event = AuditEvent.objects.first()
    assert event.action == "patient.returned"
    assert event.before == {"died_on": "2026-11-22", "moved_on": "2026-11-22"}
    assert event.reason == "Noted on the wrong entry."


def test_nobody_returns_who_never_left_or_without_a_reason(ada):
    with pytest.raises(PatientRefused, match="in the clinic's care already"):
        returned(ada, version=1)
    moved(ada)
    with pytest.raises(PatientRefused, match="Say why"):
        returned(ada, reason="")
