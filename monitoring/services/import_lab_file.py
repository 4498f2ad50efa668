"""Import a laboratory's file that has been read: all of its good rows, or nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask_for_each
from monitoring.intake.fates import Fate
from monitoring.intake.kept import row_of
from monitoring.intake.rows import FileRefused, LabRow, RowError
from monitoring.interpretation.recheck_matching import parts_wanted
from monitoring.lab_check import Weighed, Weighing
from monitoring.lab_layout import layout_of, mark_of
from monitoring.models import LabFile, LabFileState, Recheck, RecheckAnswer, Result, WaitingRow
from monitoring.services.alert_critical import alert_critical, critical_of
from monitoring.services.answer_rechecks import answer_of_many, take_back_answers
from monitoring.services.hold import hold_patients
from monitoring.services.mark_abnormal import mark_abnormal
from monitoring.services.put_in_inbox import keep_owners
from monitoring.services.read_lab_file import read_lab_file
from monitoring.services.remember_units import remember_units_of_file
from monitoring.services.tell_corrections import tell_corrections
from monitoring.services.write_plain_rows import write_plain_rows
from monitoring.services.write_results import ResultWriter
from monitoring.subjects import RESULTS_RECORDED

PATIENTS_AT_ONCE = 1_000


class NotImported(ValueError):
    """Nothing was written; the sentence says why, `counts` how many rows met which fate."""

    def __init__(self, sentence: str, counts: dict[str, int] | None = None) -> None:
        super().__init__(sentence)
        self.counts = counts or {}


@transaction.atomic
def import_lab_file(
    *, file: LabFile, accept_partial: bool, by: User | None, at: datetime, today: date
) -> LabFile:
    """Append a result for every row that is taken and let each refused row wait; one event on the audit trail.

    Each result lies in the inbox, and critical ones have their alert, once this commits: no worker is waited for. Every
    row, as it was read when the file came, is weighed again under the patients' locks. `accept_partial`: the good rows
    though others are refused. A file that was imported already changes nothing. Raises NotImported.
    """
    file = _held(file)
    if file.state == LabFileState.IMPORTED:
        return file
    if file.state == LabFileState.REFUSED:
        raise NotImported(file.refusal)
    writer = ResultWriter(file, by_id=by.pk if by else None, at=at)
    counts = _write(file, writer, accept_partial, at=at, today=today)
    keep_owners(result_ids=[old for old, _ in writer.corrected])
    mark_abnormal(Result.objects.filter(file=file))
    remember_units_of_file(file=file)
    _alert(file, writer, by=by, at=at)
    _answer(file, writer, by=by, at=at, today=today)
    ask_for_each(kind=RESULTS_RECORDED, subject_ids=writer.patients)
    return _imported(file, counts, accept_partial, by=by, at=at)


def _held(file: LabFile) -> LabFile:
    """The file without its bytes, once no other import of its clinic is under way."""
    Clinic.objects.select_for_update(no_key=True).get(pk=file.clinic_id)
    files = LabFile.objects.select_for_update(of=("self",)).select_related("clinic", "profile")
    return files.defer("content").get(pk=file.pk)


def _write(
    file: LabFile, writer: ResultWriter, accept_partial: bool, *, at: datetime, today: date
) -> Counter[str]:
    _read_again_if_changed(file, today)
    counts: Counter[str] = Counter()
    if accept_partial or not _refused(file.counts):  # else it is likely that nothing will stand
        plain = write_plain_rows(file=file, by_id=writer.by_id, at=at, today=today)
        writer.patients.update(plain)
        counts.update({Fate.NEW.value: plain.total()} if plain else {})
    for some in Weighing(file.clinic, today, hold_patients).weigh(_less_plain(file, counts.total())):
        counts.update(one.fate.value for one in some)
        if accept_partial or not _refused(counts):
            writer.write(some)
            _let_wait(file, some)
    if not accept_partial and (refused_rows := _refused(counts)):
        rows_in_words = "1 row is" if refused_rows == 1 else f"{refused_rows:,} rows are"
        sentence = f"{rows_in_words} refused, so nothing was imported: put them right, or accept the good rows alone."
        raise NotImported(sentence, dict(counts))
    return counts


def _read_again_if_changed(file: LabFile, today: date) -> None:
    """The rows as they were read when the file came hold good only under the layout of today."""
    if file.read_as == mark_of(layout_of(file.profile, file.clinic)):
        return
    try:
        read_lab_file(file=file, today=today)
    except FileRefused as refused:
        raise NotImported(str(refused)) from refused


def _less_plain(file: LabFile, written: int) -> Iterator[LabRow | RowError]:
    """The rows that have not been written, in the order of the file."""
    if written == sum(file.counts.values()):
        return
    rows = file.rows.order_by("number")
    if written:
        rows = rows.filter(~Exists(Result.objects.filter(public_id=OuterRef("public_id"))))
    for number, words in rows.values_list("number", "words").iterator(chunk_size=5_000):
        yield row_of(number, words)


def _refused(counts: Mapping[str, int]) -> int:
    return sum(count for fate, count in counts.items() if Fate(fate).is_refused)


def _let_wait(file: LabFile, weighed: Sequence[Weighed]) -> None:
    WaitingRow.objects.bulk_create(
        (
            WaitingRow(
                file=file,
                number=one.row.number,
                fate=one.fate.value,
                sentence=one.sentence,
                said=one.row.said() if isinstance(one.row, LabRow) else one.row.said,
            )
            for one in weighed
            if one.fate.is_refused
        ),
        batch_size=500,
    )


def _alert(file: LabFile, writer: ResultWriter, *, by: User | None, at: datetime) -> None:
    """Alert to critical values, and say on the alerts to corrected ones that they are corrected."""
    superseded = dict(writer.corrected)
    tell_corrections(
        clinic=file.clinic, patients=set(superseded.values()), superseded=superseded, by=by, at=at
    )
    alert_critical(clinic=file.clinic, result_ids=critical_of(file), at=at)


def _answer(file: LabFile, writer: ResultWriter, *, by: User | None, at: datetime, today: date) -> None:
    """Take back what corrected results answered, then let the file's results answer what is open."""
    again = _take_back(writer, by=by, at=at)
    waiting: dict[int, set[str]] = {}
    wanted = Recheck.objects.wanted().filter(clinic=file.clinic)
    for patient_id, tests in wanted.values_list("patient_id", "tests"):
        if patient_id in writer.patients:
            waiting.setdefault(patient_id, set()).update(parts_wanted(tests))
    patients = sorted(waiting)
    for start in range(0, len(patients), PATIENTS_AT_ONCE):
        some = patients[start : start + PATIENTS_AT_ONCE]
        parts = set().union(*(waiting[patient_id] for patient_id in some))
        results = list(file.results.live().filter(patient__in=some, analyte__in=parts))
        unused = Result.objects.live().filter(patient__in=again.intersection(some), answers__isnull=True)
        answer_of_many(results={*results, *unused}, by=by, at=at, today=today)


def _take_back(writer: ResultWriter, *, by: User | None, at: datetime) -> set[int]:
    """The patients one of whose rechecks is open again."""
    patients = dict(writer.corrected)
    used = RecheckAnswer.objects.filter(result__in=patients).select_related("result")
    results = {answer.result for answer in used if answer.result is not None}
    for result in sorted(results, key=lambda one: one.pk):
        take_back_answers(result=result, why="The laboratory corrected the result.", by=by, at=at)
    return {patients[result.pk] for result in results}


def _imported(
    file: LabFile, counts: Counter[str], accept_partial: bool, *, by: User | None, at: datetime
) -> LabFile:
    LabFile.objects.filter(pk=file.pk).move(
        LabFileState.READ, LabFileState.IMPORTED, counts=dict(counts), imported_at=at, imported_by=by
    )
    file.refresh_from_db(fields=["state", "counts", "imported_at", "imported_by"])
    audit.note(
        at=at,
        clinic=file.clinic,
        by=by,
        action="lab_file.imported",
        subject=f"lab_file:{file.public_id}",
        before={"state": LabFileState.READ.value},
        after={"state": file.state, "counts": file.counts, "partial": accept_partial},
    )
    return file
