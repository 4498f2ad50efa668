from datetime import UTC, date, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import Message, MessageState
from monitoring.models import RecheckState
from monitoring.services.answer_rechecks import NotAnswered, answer_by_note, missing_parts
from monitoring.services.drop_recheck import NotDropped, drop_recheck
from monitoring.services.plan_rechecks import plan_rechecks
from monitoring.services.record_results import record_results
from tests.factories.labs import a_recheck, an_entry
from tests.factories.messages import owe_overdue_rechecks
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture
def patient():
    return a_patient(a_clinic())


def answer(recheck, test="symptom_review", note="Tingling has gone.", on=TODAY, by=None):
    by = by or a_user(recheck.clinic)
    return answer_by_note(recheck=recheck, test=test, note=note, on=on, by=by, at=AT, today=TODAY)


def drop(recheck, because="Care ends here"):
    drop_recheck(recheck=recheck, because=because, by=a_user(recheck.clinic), at=AT, today=TODAY)


def test_rechecks_are_planned_in_the_order_asked_for_with_their_first_answering_day(patient):
    second_day, week_8 = plan_rechecks(
        patient=patient,
        clinic=patient.clinic,
        wanted=[
            (date(2026, 11, 24), ["potassium"], "Risk of low potassium"),
            (date(2027, 1, 17), ("fbc", "reticulocytes"), "Response"),
        ],
        at=AT,
    )

    second_day.refresh_from_db()
    assert (second_day.due_on, second_day.tests, second_day.why) == (
        date(2026, 11, 24),
        ["potassium"],
        "Risk of low potassium",
    )
    assert (second_day.answers_from, second_day.planned_at) == (date(2026, 11, 23), AT)
    assert (week_8.tests, week_8.answers_from) == (["fbc", "reticulocytes"], date(2027, 1, 10))


def test_treatment_that_begins_later_moves_the_first_answering_day(patient):
    [second_day] = plan_rechecks(
        patient=patient,
        clinic=patient.clinic,
        wanted=[(date(2026, 12, 3), ["potassium"], "Risk of low potassium")],
        at=AT,
        begins_on=date(2026, 12, 1),
    )

    assert second_day.answers_from == date(2026, 12, 2)


def test_bloods_of_the_day_of_planning_do_not_answer_a_planned_check(patient):
    [recheck] = plan_rechecks(
        patient=patient, clinic=patient.clinic, wanted=[(date(2026, 11, 24), ["potassium"], "Risk")], at=AT
    )

    record_results(
        patient=patient,
        taken_on=TODAY,
        entries=[an_entry("potassium", "4.1", "mmol/L")],
        by=a_user(patient.clinic),
        at=AT,
        today=TODAY,
    )

    assert missing_parts(recheck) == ("potassium",)


def test_reticulocytes_of_week_8_answer_week_8_and_leave_the_early_check_open(patient):
    early, week_8 = plan_rechecks(
        patient=patient,
        clinic=patient.clinic,
        wanted=[
            (date(2026, 10, 5), ["reticulocytes"], "Early rise"),
            (date(2026, 11, 22), ["reticulocytes"], "Normal again"),
        ],
        at=AT,
        begins_on=date(2026, 9, 27),
        first_dose_on=date(2026, 9, 27),
    )

    for value in ("61", "62"):
        record_results(
            patient=patient,
            taken_on=TODAY,
            entries=[an_entry("reticulocytes", value, "10*9/L")],
            by=a_user(patient.clinic),
            at=AT,
            today=TODAY,
        )

    assert (missing_parts(early), missing_parts(week_8)) == (("reticulocytes",), ())
    early.refresh_from_db()
    assert (early.state, early.first_dose_on) == (RecheckState.WANTED, date(2026, 9, 27))


def test_a_signed_note_answers_a_review(patient):
    doctor = a_user(patient.clinic)
    recheck = a_recheck(patient, "symptom_review", due_on=TODAY)

    assert answer(recheck, by=doctor, on=date(2026, 11, 21)) is True

    recheck.refresh_from_db()
    given = recheck.answers.get()
    assert (recheck.state, recheck.ended_on) == (RecheckState.DONE, TODAY)
    assert (given.note, given.answered_by, given.answered_on) == (
        "Tingling has gone.",
        doctor,
        date(2026, 11, 21),
    )
    assert list(AuditEvent.objects.order_by("id").values_list("action", flat=True)) == [
        "recheck.answered",
        "recheck.done",
    ]


def test_a_note_leaves_the_recheck_open_while_bloods_are_missing(patient):
    recheck = a_recheck(patient, "symptom_review", "potassium", due_on=TODAY)

    assert answer(recheck) is False

    recheck.refresh_from_db()
    assert recheck.state == RecheckState.WANTED
    assert missing_parts(recheck) == ("potassium",)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"test": "potassium"}, "A laboratory test is answered by its result"),
        ({"test": "neuro_exam"}, "does not wait for that"),
        ({"note": "  "}, "Write what was found"),
        ({"on": date(2026, 11, 23)}, "cannot lie in the future"),
    ],
)
def test_a_note_that_does_not_fit_is_refused(patient, said, sentence):
    recheck = a_recheck(patient, "symptom_review", "potassium", due_on=TODAY)

    with pytest.raises(NotAnswered, match=sentence):
        answer(recheck, **said)

    assert recheck.answers.count() == 0


def test_a_note_on_a_recheck_that_is_over_is_refused(patient):
    recheck = a_recheck(patient, "symptom_review", due_on=TODAY)
    answer(recheck)

    with pytest.raises(NotAnswered, match="done already"):
        answer(recheck)


def test_dropping_wants_a_reason_and_keeps_it(patient):
    recheck = a_recheck(patient)

    with pytest.raises(NotDropped, match="Say why"):
        drop(recheck, because=" ")
    drop(recheck)

    recheck.refresh_from_db()
    assert (recheck.state, recheck.ended_on, recheck.dropped_because) == (
        RecheckState.DROPPED,
        TODAY,
        "Care ends here",
    )
    event = AuditEvent.objects.get(action="recheck.dropped")
    assert (event.before, event.after, event.reason) == (
        {"state": "wanted"},
        {"state": "dropped"},
        "Care ends here",
    )
    with pytest.raises(NotDropped, match="answered or dropped already"):
        drop(recheck)


def test_a_dropped_recheck_is_answered_by_nothing(patient):
    recheck = a_recheck(patient, "potassium", due_on=TODAY)
    drop(recheck)

    record_results(
        patient=patient,
        taken_on=TODAY,
        entries=[an_entry("potassium", "4.1", "mmol/L")],
        by=a_user(patient.clinic),
        at=AT,
        today=TODAY,
    )

    assert recheck.answers.count() == 0


@pytest.mark.parametrize("end", [answer, drop])
def test_the_reminder_is_called_back_when_the_recheck_is_over(patient, end):
    recheck = a_recheck(patient, "symptom_review", due_on=date(2026, 11, 20))
    owe_overdue_rechecks(clinic=patient.clinic, today=TODAY)

    end(recheck)

    assert Message.objects.get(subject_id=recheck.pk).state == MessageState.WITHDRAWN
