"""A filled clinic sheet: every row has a fate before anything is written, and the same file twice changes nothing."""

from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from regimens.clinic_sheet import SheetRow
from regimens.models import Administration, DoseState
from regimens.services.import_sheet import NotImported, import_sheet
from regimens.services.stop_regimen import stop_regimen
from regimens.sheet_cells import read_day, read_time
from regimens.sheet_check import Fate, weigh
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", username="sam", first_name="Sam", last_name="Doe")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


@pytest.fixture
def dose(nurse, clinic):
    return next_dose(a_regimen(a_patient(clinic, name="Ada Paper"), nurse, starts_on=TODAY))


def a_row(dose, line=2, /, **cells):
    """Given at ten in the left deltoid, as the nurse SD wrote it down."""
    filled = {
        "given": "y",
        "on": "2026-01-14",
        "time": "10:00",
        "lot": "A123",
        "expiry": "2027-06-30",
        "site": "deltoid",
        "side": "left",
        "reaction": "none",
        "reason": "",
        "given_by": "SD",
    }
    about = {
        "sheet": "Sheet 2026-01-14 08:00:00",
        "dose": str(dose.public_id),
        "name": dose.patient.name,
    }
    return SheetRow(line=line, **(about | filled | cells))


def fate_of(row, clinic):
    [weighed] = weigh([row], clinic, at=AT, today=TODAY)
    return weighed.fate, weighed.sentence


def run(rows, clinic, by, **more):
    asked = {"partly": False, "sha256": "00ff", "by": by, "at": AT, "today": TODAY} | more
    return import_sheet(rows=rows, clinic=clinic, **asked)


NOT_GIVEN = {"given": "n", "time": "", "lot": "", "expiry": "", "site": "", "side": "", "reaction": ""}


def test_a_row_given_is_recorded_as_the_form_would(dose, clinic, nurse):
    run([a_row(dose)], clinic, nurse)

    dose.refresh_from_db()
    given = dose.given_as
    assert dose.state == DoseState.GIVEN
    assert (given.given_on, given.given_at) == (TODAY, datetime(2026, 1, 14, 10, 0, tzinfo=UTC))
    assert (given.drug, given.dose_mcg, given.route) == ("hydroxocobalamin", 1000, "im")
    assert (given.lot, given.expires_on, given.site, given.side) == (
        "A123",
        date(2027, 6, 30),
        "deltoid",
        "left",
    )
    assert (given.reaction_grade, given.authority, given.recorded_by) == ("none", "prescription", nurse)
    assert given.reason == "From the clinic sheet 2026-01-14 08:00:00, written by Sam Doe."


def test_a_row_not_given_is_recorded_and_the_dose_stays_owed(dose, clinic, nurse):
    run([a_row(dose, **NOT_GIVEN, reason="Did not attend")], clinic, nurse)

    dose.refresh_from_db()
    attempt = dose.attempts.get()
    assert dose.state == DoseState.OWED
    assert (attempt.outcome, attempt.not_given_reason, attempt.given_on) == (
        "not_given",
        "did_not_attend",
        TODAY,
    )
    assert attempt.reason == "Did not attend (From the clinic sheet 2026-01-14 08:00:00, written by Sam Doe)"


def test_a_reason_in_other_words_is_kept_as_written(dose, clinic, nurse):
    run([a_row(dose, **NOT_GIVEN, reason="The bus was late")], clinic, nurse)

    attempt = dose.attempts.get()
    assert attempt.not_given_reason == "other"
    assert attempt.reason.startswith("The bus was late (From")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"dose": "not-an-id"}, "Unknown dose: this clinic has none with this id."),
        (
            {"dose": "00000000-0000-0000-0000-000000000007"},
            "Unknown dose: this clinic has none with this id.",
        ),
        (
            {"name": "Ben Other"},
            "The name on the row is not that of the dose's patient; the rows may have been mixed up.",
        ),
        ({"given": "perhaps"}, "Write y or n under “Given (y/n)”."),
        ({"given": ""}, "Write y or n under “Given (y/n)”."),
        ({"on": ""}, "The date is missing."),
        ({"on": "32/01/2026"}, "Bad date: write it as 2026-01-31."),
        ({"on": "2026-01-15"}, "The date lies in the future."),
        ({"on": "1948-03-01"}, "The date lies before the patient's birth."),
        ({"time": ""}, "The time is missing."),
        ({"time": "ten"}, "Bad time: write it as 14:05."),
        ({"time": "16:01"}, "The time lies in the future."),
        ({"lot": ""}, "The lot is missing."),
        ({"expiry": ""}, "The expiry date is missing."),
        ({"expiry": "soon"}, "Bad expiry date: write it as 2027-06-30 or 06/2027."),
        (
            {"expiry": "2026-01-13"},
            "The product had expired: if it was given all the same, write the reason.",
        ),
        ({"on": "2026-01-12"}, "Before the window opens on 13 Jan 2026: write the reason."),
        ({"site": ""}, "The site is missing."),
        (
            {"site": "elbow"},
            "The site “elbow” is not known; write one of: deltoid, ventrogluteal, vastus lateralis (thigh),"
            " dorsogluteal, abdomen, subcutaneous.",
        ),
        ({"side": ""}, "The side is missing."),
        ({"side": "middle"}, "The side “middle” is not known; write one of: left, right."),
        ({"reaction": ""}, "Say whether there was a reaction: “none”, or a grade and words."),
        ({"reaction": "rash"}, "The reaction needs a grade from 1 to 5 and words: “2 rash on the arm”."),
        ({"reaction": "2"}, "Describe the reaction after its grade: “2 rash on the arm”."),
        (NOT_GIVEN, "Write why it was not given."),
        (NOT_GIVEN | {"reason": "Other"}, "“Other” alone says nothing: write why it was not given."),
    ],
)
def test_a_row_that_cannot_be_recorded_says_why(dose, clinic, nurse, cells, sentence):
    row = a_row(dose, **cells)

    assert fate_of(row, clinic) == (Fate.REFUSED, sentence)
    with pytest.raises(NotImported):
        run([row], clinic, nurse, partly=True)
    assert not Administration.objects.exists()


@pytest.mark.parametrize(
    "cells",
    [
        {"given": "YES"},
        {"on": "14/01/2026"},
        {"on": "14.01.2026"},
        {"on": "14 Jan 2026"},
        {"time": "16:00"},
        {"time": "9:05"},
        {"time": "10:00:00"},
        {"expiry": "2026-01-14"},
        {"expiry": "2026-01-13", "reason": "Nothing else in the house"},
        {"on": "2026-01-12", "reason": "Travels tomorrow"},
        {"on": "2026-01-13"},
        {"site": "Vastus lateralis"},
        {"side": "R"},
        {"reaction": "2 rash on the arm"},
        {"name": ""},
        {"name": "ÁDA  paper"},
    ],
)
def test_a_row_may_be_written_as_people_and_spreadsheets_write(dose, clinic, cells):
    assert fate_of(a_row(dose, **cells), clinic) == (Fate.GIVEN, "Will be recorded as given.")


def test_a_row_left_empty_records_nothing(dose, clinic):
    row = a_row(dose, **dict.fromkeys([*NOT_GIVEN, "on", "reason", "given_by"], ""))

    assert fate_of(row, clinic) == (Fate.EMPTY, "Left empty: nothing is recorded, the dose stays owed.")


def test_the_same_file_twice_changes_nothing(nurse, clinic, dose):
    other = next_dose(a_regimen(a_patient(clinic, name="Ben Paper"), nurse, starts_on=TODAY))
    rows = [a_row(dose), a_row(other, 3, **NOT_GIVEN, reason="Unwell today")]
    run(rows, clinic, nurse)
    before = (Administration.objects.count(), AuditEvent.objects.count())

    with pytest.raises(NotImported, match="Nothing on this sheet is left to record"):
        run(rows, clinic, nurse)

    assert (Administration.objects.count(), AuditEvent.objects.count()) == before == (2, before[1])
    assert [each.fate for each in weigh(rows, clinic, at=AT, today=TODAY)] == [Fate.ALREADY, Fate.ALREADY]


def test_a_dose_recorded_by_hand_meanwhile_is_recorded_already(nurse, clinic, dose):
    give(dose.phase.regimen, nurse, TODAY)

    assert fate_of(a_row(dose), clinic) == (
        Fate.ALREADY,
        "Sam Doe recorded this dose on 14 Jan 2026 at 12:00.",
    )


def test_somebody_not_given_in_the_morning_may_be_given_later_on_the_same_sheet(nurse, clinic, dose):
    run([a_row(dose, **NOT_GIVEN, reason="Did not attend")], clinic, nurse)
    run([a_row(dose)], clinic, nurse)

    assert list(Administration.objects.order_by("id").values_list("outcome", flat=True)) == [
        "not_given",
        "given",
    ]


def test_a_dose_no_longer_planned_is_refused(nurse, clinic, dose):
    regimen = dose.phase.regimen
    stop_regimen(regimen=regimen, version=regimen.version, reason="Declined", by=nurse, at=AT, today=TODAY)

    assert fate_of(a_row(dose), clinic) == (
        Fate.REFUSED,
        "This dose is no longer planned; open the patient's chart to see what changed.",
    )


def test_a_dose_that_stands_twice_is_taken_once(nurse, clinic, dose):
    weighed = weigh([a_row(dose), a_row(dose, 3)], clinic, at=AT, today=TODAY)

    assert [each.fate for each in weighed] == [Fate.GIVEN, Fate.REFUSED]
    assert weighed[1].sentence == "This dose stands twice on the sheet."


def test_the_line_that_doubled_a_dose_is_not_called_recorded_when_the_sheet_comes_again(nurse, clinic, dose):
    rows = [a_row(dose, lot="L1"), a_row(dose, 3, lot="L2")]
    run(rows[:1], clinic, nurse)

    again = weigh(rows, clinic, at=AT, today=TODAY)

    assert [(each.fate, each.sentence) for each in again] == [
        (Fate.ALREADY, "Recorded already from this sheet."),
        (Fate.REFUSED, "This dose stands twice on the sheet."),
    ]


def test_another_clinics_dose_is_unknown(nurse, dose):
    assert fate_of(a_row(dose), a_clinic())[1] == "Unknown dose: this clinic has none with this id."


def test_part_of_a_sheet_is_recorded_only_by_choice(nurse, clinic, dose):
    other = next_dose(a_regimen(a_patient(clinic, name="Ben Paper"), nurse, starts_on=TODAY))
    rows = [a_row(dose), a_row(other, 3, lot="")]

    with pytest.raises(NotImported, match="Some rows cannot be recorded"):
        run(rows, clinic, nurse)
    assert not Administration.objects.exists()

    done = run(rows, clinic, nurse, partly=True)

    assert [(each.fate, each.sentence) for each in done.rows] == [
        (Fate.GIVEN, "Recorded as given."),
        (Fate.REFUSED, "The lot is missing."),
    ]
    event = AuditEvent.objects.get(action="clinic_sheet.imported")
    assert (event.subject, event.actor) == ("file:00ff", nurse)
    assert event.after == {"given": 1, "not_given": 0, "empty": 0, "already": 0, "refused": 1}


def test_slashes_are_read_as_the_clinics_country_reads_them():
    assert read_day("02/03/2026", "GB") == date(2026, 3, 2)
    assert read_day("02/03/2026", "US") == date(2026, 2, 3)
    assert read_day("02/03/26", "GB") == date(2026, 3, 2)
    assert read_day("13/01/2026", "US") is None
    assert read_time("24:00") is None
