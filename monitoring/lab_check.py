"""What will become of each row of a laboratory's file, before anything is written: the patients, what is on file, the file itself.

Rows are weighed by the thousand, a handful of queries each time, so that neither memory nor queries grow with the file.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from b12clinic.accounts.models import Clinic
from monitoring.intake.fates import Fate
from monitoring.intake.measuring import NotMeasured, Taken, taken
from monitoring.intake.repeats import NOT_TOLD_APART, numbers_beside
from monitoring.intake.rows import LabRow, RowError
from monitoring.interpretation.entry import hangs_on_treatment
from monitoring.lab_matching import OnFile, PatientFinder, Standing, Value, stored_key, value_of
from monitoring.told import TREATED

AT_ONCE = 5_000
TWICE = "Was the sample taken twice? Say so, or say why the row is not wanted."


class Ready(NamedTuple):
    """A row that can be measured: whose it is, what it measures, and the laboratory's number as it is kept.

    `beside`: of a row that may correct another, the numbers of results that its own does not tell apart from it.
    """

    row: LabRow
    patient_id: int
    taken: Taken
    key: str
    beside: tuple[str, ...] = ()

    @property
    def value(self) -> Value:
        """What makes it the same as another."""
        return value_of(self.patient_id, self.row.taken_on, self.taken.measurement)


class Weighed(NamedTuple):
    """A row with its fate. `supersedes` is the result on file that it corrects; 0 for one of this file, found by its key."""

    row: LabRow | RowError
    fate: Fate
    sentence: str = ""
    ready: Ready | None = None
    supersedes: int | None = None


class Verdict(NamedTuple):
    fate: Fate
    sentence: str = ""
    supersedes: int | None = None


class Weighing:
    """Weighs the rows of one file, which it remembers as short marks so that the file is compared with itself.

    `hold` is given the patients of each thousand before what is on file is read; an import locks them there.
    """

    def __init__(
        self, clinic: Clinic, today: date, hold: Callable[[Sequence[int]], None] = lambda patient_ids: None
    ) -> None:
        self.clinic, self.today, self._hold = clinic, today, hold
        self._finder = PatientFinder(clinic)
        self._said: dict[int, int] = {}
        self._values: dict[int, int] = {}

    def weigh(self, rows: Iterable[LabRow | RowError]) -> Iterator[list[Weighed]]:
        """The rows in order, some thousands at a time."""
        rows = iter(rows)
        while some := list(islice(rows, AT_ONCE)):
            yield self._weigh(some)

    def _weigh(self, rows: list[LabRow | RowError]) -> list[Weighed]:
        read = [row for row in rows if isinstance(row, LabRow)]
        self._finder.look_up(row.identifiers for row in read)
        first = self._on_treatment([self._alone(row) for row in rows])
        ready = [one.ready for one in first if one.ready is not None]
        self._hold(sorted({one.patient_id for one in ready}))
        on_file = OnFile(ready)
        return [self._beside(one.ready, on_file) if one.ready is not None else one for one in first]

    def _alone(self, row: LabRow | RowError) -> Weighed:
        """The row by itself: its patient, its day, its value."""
        if isinstance(row, RowError):
            return Weighed(row, Fate(row.fate), row.sentence)
        patient_id, fate, sentence = self._finder.patient_of(row.identifiers, row.born_on)
        if patient_id is None:
            return Weighed(row, fate, sentence)
        if row.taken_on > self.today:
            day = f"{row.taken_on.day} {row.taken_on:%b %Y}"
            return Weighed(row, Fate.FUTURE, f"The sample cannot be from the future: {day} has not come yet.")
        if row.born_on is not None and row.taken_on < row.born_on:
            return Weighed(row, Fate.BAD_DATE, "The sample is older than the patient.")
        return self._measured(row, patient_id, on_treatment=False)

    def _on_treatment(self, weighed: list[Weighed]) -> list[Weighed]:
        """The same, but what is in doubt is measured anew where a dose of B12 before the sample may explain it."""
        doubted = {
            place: (row, patient_id)
            for place, (row, fate, *_) in enumerate(weighed)
            if fate is Fate.DOUBTED and isinstance(row, LabRow) and hangs_on_treatment(row.analyte)
            if (patient_id := self._finder.patient_of(row.identifiers, row.born_on)[0]) is not None
        }
        spans = TREATED.of({patient_id for _, patient_id in doubted.values()})
        for place, (row, patient_id) in doubted.items():
            if any(span.holds(row.taken_on) for span in spans.get(patient_id, ())):
                weighed[place] = self._measured(row, patient_id, on_treatment=True)
        return weighed

    def _measured(self, row: LabRow, patient_id: int, *, on_treatment: bool) -> Weighed:
        try:
            measured = taken(row, on_treatment=on_treatment)
        except NotMeasured as refused:
            return Weighed(row, refused.fate, str(refused))
        key = stored_key(self.clinic, row.source_id) if row.source_id else ""
        return Weighed(row, Fate.NEW, "", Ready(row, patient_id, measured, key, self._keys_beside(row)))

    def _keys_beside(self, row: LabRow) -> tuple[str, ...]:
        if row.corrected is False:
            return ()
        return tuple(stored_key(self.clinic, number) for number in numbers_beside(row.source_id))

    def _beside(self, ready: Ready, on_file: OnFile) -> Weighed:
        """The row beside what is on file and what stood above it in the file."""
        value = ready.value
        mark, said = hash(value), hash(ready.key) if ready.key else 0
        verdict = self._verdict(ready, value, on_file, mark, said)
        if verdict.fate.is_taken:
            self._values.setdefault(mark, said)
            if said:
                self._said[said] = mark
        return Weighed(ready.row, verdict.fate, verdict.sentence, ready, verdict.supersedes)

    def _verdict(self, ready: Ready, value: Value, on_file: OnFile, mark: int, said: int) -> Verdict:
        if said and said in self._said:
            if self._said[said] == mark:
                return Verdict(Fate.SAME, "It stands in this file already.")
            return self._told_apart(ready, on_file, _changed(ready.row, 0))
        standing = on_file.by_key.get(ready.key) if ready.key else None
        if standing is not None:
            return self._told_apart(ready, on_file, _against(ready.row, value, standing))
        return self._by_value(ready, value, on_file, mark)

    def _told_apart(self, ready: Ready, on_file: OnFile, verdict: Verdict) -> Verdict:
        """The verdict of a row by its number, unless that is the number of several and what it corrects is a guess.

        A lone correction may be of any of them, even where its value is that of the first.
        """
        several = any(key in on_file.by_key or hash(key) in self._said for key in ready.beside)
        lone = ready.row.corrected and not ready.row.among_several
        is_guess = verdict.fate is Fate.CHANGED or (verdict.fate is Fate.SAME and lone)
        if is_guess and (several or ready.row.among_several):
            return Verdict(Fate.CONFLICT, NOT_TOLD_APART)
        return verdict

    def _by_value(self, ready: Ready, value: Value, on_file: OnFile, mark: int) -> Verdict:
        """A row whose number is new, or that has none: the same value on the same day is told by the value."""
        keys = on_file.by_value.get(value)
        if keys is not None and (not ready.key or None in keys):
            return Verdict(Fate.SAME, "The same value of that day is on file.")
        if keys is not None:
            sentence = f"The same value of that day is on file under another number. {TWICE}"
            return Verdict(Fate.DUPLICATE, sentence)
        if mark in self._values:
            return Verdict(Fate.DUPLICATE, f"The same value of that day stands twice in this file. {TWICE}")
        row = ready.row
        if row.corrected and any(key in on_file.by_key for key in ready.beside):
            return Verdict(Fate.CONFLICT, NOT_TOLD_APART)
        if row.corrected and (ready.patient_id, row.analyte, row.taken_on) in on_file.typed:
            sentence = "A correction, where another value of that day was typed by hand: compare the two."
            return Verdict(Fate.CONFLICT, sentence)
        return Verdict(Fate.NEW)


def _changed(row: LabRow, supersedes: int) -> Verdict:
    """Another value under a known number: a correction where it is marked so, or the kind of file has no such marks."""
    if row.corrected is False:
        sentence = "This number is known with another value, and the row is not marked as a correction: ask the laboratory."
        return Verdict(Fate.CONFLICT, sentence)
    return Verdict(Fate.CHANGED, "", supersedes)


def _against(row: LabRow, value: Value, standing: Standing) -> Verdict:
    """A row whose number is on file already."""
    if standing.value[:2] != value[:2]:
        return Verdict(
            Fate.CONFLICT, "This number is on file for another patient or test: ask the laboratory."
        )
    if standing.value == value:
        return Verdict(Fate.SAME, "It is on file already.")
    if standing.in_error:
        return Verdict(
            Fate.CONFLICT, "The earlier value was marked as entered in error here: settle which one holds."
        )
    return _changed(row, standing.tail_id)
