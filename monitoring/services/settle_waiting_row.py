"""Settle a row of a laboratory's file that waits: by a result, once somebody says what it lacked, or by a reason not to."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.patients.models import Patient
from monitoring.intake.days import BadDay, When, clinic_when
from monitoring.intake.measuring import entry_of, is_abnormal
from monitoring.intake.repeats import NOT_TOLD_APART, numbers_beside
from monitoring.interpretation.entry import Entry, Stop
from monitoring.interpretation.typed_value import POINT
from monitoring.lab_layout import layout_of
from monitoring.lab_matching import stored_key
from monitoring.models import InboxItem, LabFormat, Result, WaitingRow
from monitoring.services.answer_rechecks import answer_rechecks
from monitoring.services.correct_result import supersede
from monitoring.services.hold import hold_patient
from monitoring.services.put_in_inbox import after_writing
from monitoring.services.record_results import (
    ReadyEntry,
    Refusal,
    ResultsRefused,
    ready_entries,
    result_from,
    tell_of_results,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """What somebody says of a row: whose it is, and what stands in place of the file's own words where not empty.

    `because` is the reason for keeping a value in spite of a doubt, or for letting it replace another.
    """

    patient: Patient
    analyte: str = ""
    value: str = ""
    unit: str = ""
    taken_on: date | None = None
    because: str = ""
    second_sample: bool = False


class RowSettled(ValueError):
    """The row was settled by somebody already."""


@transaction.atomic
def settle_waiting_row(
    *,
    row: WaitingRow,
    supplied: Supplied | None = None,
    why: str = "",
    by: User,
    at: datetime,
    today: date,
) -> WaitingRow:
    """A result from the row and what was supplied; or, without anything supplied, the reason why there is none.

    Raises RowSettled; ResultsRefused with a sentence for each field where the row is still not sound, or no reason.
    """
    row = WaitingRow.objects.select_for_update(of=("self",)).select_related("file__clinic").get(pk=row.pk)
    if row.settled_at is not None:
        raise RowSettled("This row was settled by somebody meanwhile.")
    if supplied is None:
        return _left(row, why.strip(), by=by, at=at)
    patient = hold_patient(supplied.patient.pk)
    if patient.clinic_id != row.file.clinic_id:
        raise _stopped("patient", "other_clinic", "The patient is not of the clinic whose file this is.")
    row.result = _recorded(row, patient, supplied, by=by, at=at, today=today)
    InboxItem.objects.create(
        result=row.result, clinic=row.file.clinic, abnormal=_abnormal(row, row.result), arrived_at=at
    )
    after_writing([row.result], clinic=row.file.clinic, at=at)
    row.settled_at, row.settled_by = at, by
    row.save(update_fields=["result", "settled_at", "settled_by"])
    return row


def _left(row: WaitingRow, why: str, *, by: User, at: datetime) -> WaitingRow:
    if not why:
        raise _stopped("why", "no_reason", "Say why this row is not wanted.")
    row.settled_at, row.settled_by, row.why = at, by, why
    row.save(update_fields=["settled_at", "settled_by", "why"])
    audit.note(
        at=at,
        clinic=row.file.clinic,
        by=by,
        action="lab_row.left_out",
        subject=f"lab_file:{row.file.public_id}",
        before={"row": row.number, "fate": row.fate},
        reason=why,
    )
    return row


def _recorded(
    row: WaitingRow, patient: Patient, supplied: Supplied, *, by: User, at: datetime, today: date
) -> Result:
    taken = When(supplied.taken_on, None) if supplied.taken_on else _when(row)
    key = _key(row)
    old = _standing(key, patient, supplied.analyte or str(row.said.get("analyte", "")))
    [ready] = ready_entries(patient, [_entry(row, supplied)], taken_on=taken.day, today=today, replacing=old)
    result = _result(row, patient, ready, key if old is None else f"{key}#w{row.pk}", by)
    result.taken_at = taken.moment
    because = supplied.because.strip()
    if old is not None:
        _refuse_one_of_several(row)
        if not because:
            raise _stopped(
                "confirmed_because", "replaces", "It replaces a value that is on file: say why it is right."
            )
        return supersede(
            patient, old, result, why=because, action="lab_row.settled", by=by, at=at, today=today
        )
    result.save()
    answer_rechecks(patient=patient, results=[result], by=by, at=at, today=today)
    tell_of_results(patient, [result], action="lab_row.settled", reason=because, by=by, at=at)
    return result


def _entry(row: WaitingRow, supplied: Supplied) -> Entry:
    def said(name: str) -> str:
        return str(row.said.get(name, ""))

    entry = entry_of(
        supplied.analyte or said("analyte"),
        supplied.value or said("value"),
        "" if supplied.value else said("comparator"),
        supplied.unit or said("unit"),
        said("low"),
        said("high"),
        _decimal_mark(row),
    )
    return replace(
        entry,
        decimal_mark=POINT if supplied.value else entry.decimal_mark,
        confirmed_because=supplied.because,
        second_sample=supplied.second_sample,
    )


def _decimal_mark(row: WaitingRow) -> str:
    """How the file's own numbers are meant: as its laboratory declares, save in JSON, which has a point."""
    if row.file.format == LabFormat.FHIR:
        return POINT
    return layout_of(row.file.profile, row.file.clinic).decimal_mark


def _when(row: WaitingRow) -> When:
    """The day and moment that the row says; where the row had been understood, as they were understood then."""
    written, moment = str(row.said.get("taken_on", "")), row.said.get("taken_at")
    if moment:
        return When(date.fromisoformat(written), datetime.fromisoformat(str(moment)))
    layout = layout_of(row.file.profile, row.file.clinic)
    try:
        return clinic_when(written, layout.day_first, layout.zone, layout.clinic_zone)
    except BadDay as bad:
        raise _stopped("taken_on", "bad_date", str(bad)) from bad


def _key(row: WaitingRow) -> str | None:
    source_id = str(row.said.get("source_id", ""))
    return stored_key(row.file.clinic, source_id) if source_id else None


def _standing(key: str | None, patient: Patient, analyte: str) -> Result | None:
    """The result that stands under the row's number; raises ResultsRefused where it is another patient's or test's."""
    old = Result.objects.filter(source_id=key).first() if key else None
    while old is not None and (newer := Result.objects.filter(supersedes=old).first()):
        old = newer
    if old is not None and (old.patient_id, old.analyte) != (patient.pk, analyte):
        raise _stopped(
            "patient", "other_number", "The laboratory's number is on file for another patient or test."
        )
    return old


def _refuse_one_of_several(row: WaitingRow) -> None:
    """What stands under a number that several results share is no more the one meant than the others."""
    beside = [stored_key(row.file.clinic, one) for one in numbers_beside(str(row.said.get("source_id", "")))]
    if Result.objects.filter(source_id__in=beside).exists():
        raise _stopped("value", "not_told_apart", NOT_TOLD_APART)


def _result(row: WaitingRow, patient: Patient, ready: ReadyEntry, source_id: str | None, by: User) -> Result:
    result = result_from(patient, ready, by=by)
    result.file, result.source_id = row.file, source_id
    return result


def _abnormal(row: WaitingRow, result: Result) -> bool:
    return is_abnormal(
        result.number,
        result.comparator,
        result.coded,
        result.reference_low,
        result.reference_high,
        str(row.said.get("flag", "")),
    )


def _stopped(field: str, code: str, sentence: str) -> ResultsRefused:
    return ResultsRefused([Refusal(0, Stop(field, code, sentence))])
