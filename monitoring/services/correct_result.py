"""Put a recorded result right: by a corrected value, or as entered in error. The old row stays as it was."""

from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.patients.models import Patient
from monitoring.interpretation.entry import Entry, Stop
from monitoring.models import Result
from monitoring.services.alert_critical import alert_uncovered
from monitoring.services.answer_rechecks import answer_rechecks, take_back_answers
from monitoring.services.hold import hold_patient
from monitoring.services.put_in_inbox import put_in_inbox
from monitoring.services.record_results import (
    Refusal,
    ResultsRefused,
    ready_entries,
    result_from,
    tell_of_results,
)
from monitoring.services.tell_corrections import tell_corrections

AS_REPORTED = (
    "analyte",
    "taken_on",
    "taken_at",
    "reported_value",
    "comparator",
    "unit",
    "number",
    "coded",
    "canonical",
    "reference_low",
    "reference_high",
)


class ResultOver(ValueError):
    """The result has been corrected or marked as an error by somebody already; `result` is the row that stands now."""

    def __init__(self, sentence: str, result: Result) -> None:
        super().__init__(sentence)
        self.result = result


@transaction.atomic
def correct_result(*, result: Result, entry: Entry, why: str, by: User, at: datetime, today: date) -> Result:
    """Append a row that supersedes the result and says why; the old one stays visible under it.

    The new value lies in the inbox in place of the old one.
    The analyte stays the same: a value typed beside the wrong test is an entry in error. Raises ResultsRefused for an
    entry that is not sound or no reason, ResultOver when it no longer stands.
    """
    patient, result = _locked(result)
    if entry.analyte != result.analyte:
        sentence = "A correction stays with its test; mark the value as entered in error and enter it beside the right one."
        raise ResultsRefused([Refusal(0, Stop("analyte", "other_analyte", sentence))])
    _refuse_no_reason(why)
    [ready] = ready_entries(patient, [entry], taken_on=result.taken_on, today=today, replacing=result)
    corrected = supersede(
        patient,
        result,
        result_from(patient, ready, by=by),
        why=why,
        action="result.corrected",
        by=by,
        at=at,
        today=today,
    )
    put_in_inbox(clinic=patient.clinic, results=[corrected], by=by, at=at)
    return corrected


@transaction.atomic
def result_entered_in_error(*, result: Result, why: str, by: User, at: datetime, today: date) -> Result:
    """Append a row saying that the value was never this patient's; it no longer counts anywhere, and is still shown.

    Raises ResultsRefused without a reason, ResultOver when it no longer stands.
    """
    patient, result = _locked(result)
    _refuse_no_reason(why)
    fallen = Result(
        patient=patient,
        entered_in_error=True,
        recorded_by=by,
        **{field: getattr(result, field) for field in AS_REPORTED},
    )
    return supersede(
        patient, result, fallen, why=why, action="result.entered_in_error", by=by, at=at, today=today
    )


def _locked(result: Result) -> tuple[Patient, Result]:
    """The patient under lock and the result as it stands; raises ResultOver when another row has taken its place."""
    patient = hold_patient(result.patient_id)
    result = Result.objects.select_related("superseded_by__recorded_by").get(pk=result.pk)
    newer = getattr(result, "superseded_by", None)
    if newer is not None:
        who = newer.recorded_by.display_name if newer.recorded_by else "an import"
        what = "marked as entered in error" if newer.entered_in_error else "corrected"
        raise ResultOver(f"This result was {what} by {who} meanwhile: “{newer.why}”", newer)
    if result.entered_in_error:
        raise ResultOver("This result was entered in error; enter the right one anew.", result)
    return patient, result


def _refuse_no_reason(why: str) -> None:
    if not why.strip():
        raise ResultsRefused([Refusal(0, Stop("why", "no_reason", "Say why the recorded value is wrong."))])


def supersede(
    patient: Patient,
    old: Result,
    new: Result,
    *,
    why: str,
    action: str,
    by: User,
    at: datetime,
    today: date,
) -> Result:
    """Append a row in place of an old one, whose answers it takes over. Call it under the patient's lock.

    An open alert on the old value says what stands now, and a critical value that the old one had followed alerts. A
    correction of the value leaves the moment of the sample what it was, unless it names another day.
    """
    new.supersedes, new.why = old, why.strip()
    if new.taken_at is None and new.taken_on == old.taken_on:
        new.taken_at = old.taken_at
    new.save()
    tell_corrections(clinic=patient.clinic, patients=[patient.pk], superseded=[old.pk], by=by, at=at)
    alert_uncovered(patient=patient, analyte=old.analyte, at=at)
    take_back_answers(result=old, why=why.strip(), by=by, at=at)
    unused = patient.results.live().filter(analyte=old.analyte, answers__isnull=True)
    answer_rechecks(patient=patient, results=unused, by=by, at=at, today=today)
    tell_of_results(patient, [new], action=action, reason=why.strip(), by=by, at=at)
    return new
