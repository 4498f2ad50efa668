"""Complete the rechecks that results and signed notes answer, and take an answer back when its result falls."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.messages.services.withdraw import withdraw, withdraw_all
from b12clinic.patients.models import Patient
from monitoring.interpretation.recheck_matching import (
    Wanted,
    answered_by_note,
    answers,
    first_answering_day,
    still_missing,
)
from monitoring.models import Recheck, RecheckAnswer, RecheckState, Result
from monitoring.services.hold import hold_patient
from monitoring.subjects import OF_A_RECHECK


class NotAnswered(ValueError):
    """Why a note does not answer the recheck; the sentence says what is wanted."""


def answer_rechecks(
    *, patient: Patient, results: Iterable[Result], by: User | None, at: datetime, today: date
) -> list[Recheck]:
    """Let these results answer the patient's open rechecks; those that are now done. Call it under the patient's lock."""
    rechecks = patient.rechecks.wanted().select_related("clinic").prefetch_related("answers")
    fresh, done = _answered(rechecks, results)
    RecheckAnswer.objects.bulk_create(fresh)
    return [_finish(recheck, by=by, at=at, today=today) for recheck in done]


def _answered(
    open_ones: Iterable[Recheck], results: Iterable[Result]
) -> tuple[list[RecheckAnswer], list[Recheck]]:
    """The answers that one patient's results give, not saved yet, and the rechecks that they complete."""
    rechecks = {one.pk: one for one in open_ones}
    wanted = {pk: _wanted(recheck) for pk, recheck in rechecks.items()}
    fresh: list[RecheckAnswer] = []
    for result in sorted(results, key=lambda one: (one.taken_on, one.pk)):
        for pk in answers(result.analyte, result.taken_on, list(wanted.values())):
            fresh.append(
                RecheckAnswer(
                    recheck=rechecks[pk], test=result.analyte, result=result, answered_on=result.taken_on
                )
            )
            wanted[pk] = _without(wanted[pk], result.analyte)
    touched = {answer.recheck_id for answer in fresh}
    return fresh, [rechecks[pk] for pk in sorted(touched) if not wanted[pk].missing]


def answer_of_many(*, results: Iterable[Result], by: User | None, at: datetime, today: date) -> list[Recheck]:
    """Let the results of many patients answer their open rechecks, in a few statements; those that are now done.

    Call it under the locks of all these patients.
    """
    by_patient: dict[int, list[Result]] = {}
    for result in results:
        by_patient.setdefault(result.patient_id, []).append(result)
    open_ones = Recheck.objects.wanted().filter(patient__in=by_patient)
    rechecks: dict[int, list[Recheck]] = {}
    for recheck in open_ones.select_related("clinic").prefetch_related("answers"):
        rechecks.setdefault(recheck.patient_id, []).append(recheck)
    done: list[Recheck] = []
    fresh: list[RecheckAnswer] = []
    for patient_id, theirs in rechecks.items():
        answered, finished = _answered(theirs, by_patient[patient_id])
        fresh += answered
        done += finished
    RecheckAnswer.objects.bulk_create(fresh, batch_size=1_000)
    return _finish_all(done, by=by, at=at, today=today)


@transaction.atomic
def answer_by_note(
    *, recheck: Recheck, test: str, note: str, on: date, by: User, at: datetime, today: date
) -> bool:
    """Answer a review or an examination with what was found, signed by who writes it; whether the recheck is done.

    Raises NotAnswered for a laboratory test, a test not waited for, an empty note, a future day, or a recheck that is
    over.
    """
    hold_patient(recheck.patient_id)
    recheck = Recheck.objects.select_related("clinic").get(pk=recheck.pk)
    missing = missing_parts(recheck)
    _refuse_note(recheck, missing, test=test, note=note, on=on, today=today)
    RecheckAnswer.objects.create(
        recheck=recheck, test=test, note=note.strip(), answered_on=on, answered_by=by
    )
    audit.note(
        at=at,
        clinic=recheck.clinic,
        by=by,
        action="recheck.answered",
        subject=f"recheck:{recheck.public_id}",
        patient_id=recheck.patient_id,
        after={"test": test, "answered_on": on.isoformat()},
    )
    done = set(missing) == {test}
    if done:
        _finish(recheck, by=by, at=at, today=today)
    return done


@transaction.atomic
def answer_reviews(
    *, patient: Patient, test: str, note: str, by: User, at: datetime, today: date, on: date | None = None
) -> list[Recheck]:
    """Let one signed note answer every recheck that wants this examination by its day, else the next it is early for.

    Those that it answered. A note answers by the same rule of days as a sample does. `on`: its day, else today.
    """
    on = on or today
    hold_patient(patient.pk)
    rechecks = {one.pk: one for one in patient.rechecks.wanted().prefetch_related("answers")}
    answered = answers(test, on, [_wanted(recheck) for recheck in rechecks.values()])
    for pk in answered:
        answer_by_note(recheck=rechecks[pk], test=test, note=note, on=on, by=by, at=at, today=today)
    return [rechecks[pk] for pk in answered]


def take_back_answers(*, result: Result, why: str, by: User | None, at: datetime) -> None:
    """Remove the answers a fallen result gave; a recheck it had completed is wanted again. Call it under the patient's lock."""
    done = Recheck.objects.filter(answers__result=result, state=RecheckState.DONE).distinct()
    rechecks = list(done.select_related("clinic"))
    RecheckAnswer.objects.filter(result=result).delete()
    for recheck in rechecks:
        _change(recheck, RecheckState.WANTED, None, action="recheck.reopened", reason=why, by=by, at=at)


def missing_parts(recheck: Recheck) -> tuple[str, ...]:
    """The parts of a recheck's tests that have no answer yet."""
    return still_missing(recheck.tests, (answer.test for answer in recheck.answers.all()))


def parts_waited_for(patient: Patient) -> frozenset[str]:
    """Every part that an open recheck of a patient still waits for."""
    open_ones = patient.rechecks.wanted().prefetch_related("answers")
    return frozenset(part for recheck in open_ones for part in missing_parts(recheck))


def _wanted(recheck: Recheck) -> Wanted:
    answers_from = recheck.answers_from or first_answering_day(recheck.due_on, date.min)
    missing = frozenset(missing_parts(recheck))
    return Wanted(recheck.pk, recheck.due_on, answers_from, missing, recheck.first_dose_on)


def _without(wanted: Wanted, part: str) -> Wanted:
    return replace(wanted, missing=wanted.missing - {part})


def _refuse_note(
    recheck: Recheck, missing: Sequence[str], *, test: str, note: str, on: date, today: date
) -> None:
    if recheck.state != RecheckState.WANTED:
        raise NotAnswered(f"This recheck is {recheck.get_state_display().lower()} already.")
    if not answered_by_note(test):
        raise NotAnswered("A laboratory test is answered by its result: enter the value with its unit.")
    if test not in missing:
        raise NotAnswered("This recheck does not wait for that.")
    if not note.strip():
        raise NotAnswered("Write what was found; your name is put under it.")
    if on > today:
        raise NotAnswered("The review cannot lie in the future; check the date.")


def _finish(recheck: Recheck, *, by: User | None, at: datetime, today: date) -> Recheck:
    _change(recheck, RecheckState.DONE, today, action="recheck.done", reason="", by=by, at=at)
    withdraw(kinds=OF_A_RECHECK, subject_id=recheck.pk, why="The recheck was answered.")
    return recheck


def _finish_all(rechecks: list[Recheck], *, by: User | None, at: datetime, today: date) -> list[Recheck]:
    """As `_finish` does for one; whoever ended one of them meanwhile would have held its patient."""
    ids = [recheck.pk for recheck in rechecks]
    Recheck.objects.filter(pk__in=ids).move(RecheckState.WANTED, RecheckState.DONE, ended_on=today)
    withdraw_all(kinds=OF_A_RECHECK, subject_ids=ids, why="The recheck was answered.")
    audit.note_all(
        audit.event(
            at=at,
            clinic=recheck.clinic,
            by=by,
            action="recheck.done",
            subject=f"recheck:{recheck.public_id}",
            patient_id=recheck.patient_id,
            before={"state": RecheckState.WANTED.value},
            after={"state": RecheckState.DONE.value},
        )
        for recheck in rechecks
    )
    return rechecks


def _change(
    recheck: Recheck,
    state: RecheckState,
    ended_on: date | None,
    *,
    action: str,
    reason: str,
    by: User | None,
    at: datetime,
) -> None:
    was = recheck.state
    if not Recheck.objects.filter(pk=recheck.pk).move(was, state, ended_on=ended_on):
        return  # ended by somebody else meanwhile
    recheck.state, recheck.ended_on = state, ended_on
    audit.note(
        at=at,
        clinic=recheck.clinic,
        by=by,
        action=action,
        subject=f"recheck:{recheck.public_id}",
        patient_id=recheck.patient_id,
        before={"state": was},
        after={"state": state.value},
        reason=reason,
    )
