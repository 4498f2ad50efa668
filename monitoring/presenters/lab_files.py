"""Laboratories' files and their rows, ready to print."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from b12clinic.inert_cells import guarded
from monitoring.intake.fates import NOTHING_TO_DO, TAKEN, Fate
from monitoring.intake.kept import said_by
from monitoring.models import LabDoor, LabFile, LabFileState, ReadRow, WaitingRow
from monitoring.presenters import words
from monitoring.queries.lab_files import Waiting

ERROR_COLUMNS = ("row", "fate", "why", "number", "name", "born_on", "test", "value", "unit", "taken_on")


Refused = tuple[int, str, str, Mapping[str, object]]
"""Number of the row, its fate in words, the sentence, what it says."""


@dataclass(frozen=True, slots=True)
class FateCount:
    """How many rows met a fate, as a tab."""

    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLine:
    """One row: what it says and what becomes of it."""

    number: int
    who: str
    born: str
    test: str
    value: str
    taken: str
    fate: str
    chip: str
    sentence: str
    settle_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file of the list."""

    name: str
    url: str
    came: str
    state: str
    chip: str
    said: str
    waiting: int


def chip_of(fate: Fate) -> str:
    """The colour of a fate; its words stand beside it."""
    if fate in TAKEN:
        return "given"
    return "withdrawn" if fate in NOTHING_TO_DO else "failed"


def fate_tabs(counts: Mapping[str, int], url: str, chosen: str) -> list[FateCount]:
    """All rows, then each fate that some row met."""
    found = [FateCount("All rows", sum(counts.values()), url, not chosen)]
    for fate in Fate:
        if count := counts.get(fate.value):
            found.append(FateCount(fate.label, count, f"{url}?fate={fate.value}", chosen == fate.value))
    return found


def read_line(row: ReadRow) -> RowLine:
    """A row of a file that was read."""
    return _line(row.number, said_by(row.number, row.words), Fate(row.fate), row.sentence)


def waiting_line(row: WaitingRow) -> RowLine:
    """A row that waits, with the way to settle it."""
    url = reverse("monitoring:settle_row", args=[row.file.public_id, row.number])
    return _line(row.number, row.said, Fate(row.fate), row.sentence, url)


def _line(number: int, said: Mapping[str, object], fate: Fate, sentence: str, url: str = "") -> RowLine:
    def text(name: str) -> str:
        return str(said.get(name) or "")

    code = text("analyte")
    test = words.test_in_words(code) if code else text("test") or text("code")
    value = f"{text('comparator')}{text('value')} {words.unit_on_screen(text('unit'))}".strip()
    return RowLine(
        number=number,
        who=" · ".join(part for part in (text("name"), _numbers(said)) if part),
        born=_day(text("born_on")),
        test=test[:80],
        value=value[:80],
        taken=_day(text("taken_on")),
        fate=fate.label,
        chip=chip_of(fate),
        sentence=words.units_on_screen(sentence),
        settle_url=url,
    )


def _numbers(said: Mapping[str, object]) -> str:
    identifiers = said.get("identifiers")
    pairs = identifiers if isinstance(identifiers, list) else []
    return ", ".join(str(pair[1]) for pair in pairs)


def _day(written: str) -> str:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return written[:40]
    return f"{day.day} {day:%b %Y}"


def file_line(file: LabFile, waiting: int, zone: str) -> FileLine:
    """A file of the list, its moment in the clinic's zone."""
    came = file.received_at.astimezone(ZoneInfo(zone))
    state = LabFileState(file.state)
    chips = {LabFileState.READ: "waiting", LabFileState.IMPORTED: "given", LabFileState.REFUSED: "failed"}
    door = LabDoor(file.came_by).label if file.came_by else "the watched folder or a command"
    who = file.received_by.display_name if file.received_by else door
    return FileLine(
        name=file.name,
        url=reverse("monitoring:lab_file", args=[file.public_id]),
        came=f"{came.day} {came:%b %Y, %H:%M} by {who}",
        state=str(state.label),
        chip=chips[state],
        said=file.refusal or counts_in_words(file.counts),
        waiting=waiting,
    )


def counts_in_words(counts: Mapping[str, int]) -> str:
    """ "12 new, 1 no unit"."""
    told = [f"{counts[fate.value]:,} {fate.label.lower()}" for fate in Fate if counts.get(fate.value)]
    return ", ".join(told)


def errors_csv(rows: Iterable[Refused]) -> Iterator[str]:
    """The refused rows as a file that no spreadsheet runs: (number, fate, sentence, what it says) each."""
    yield _csv_line(ERROR_COLUMNS)
    for number, fate, sentence, said in rows:
        test = said.get("analyte") or said.get("test") or said.get("code")
        value = f"{said.get('comparator') or ''}{said.get('value') or ''}"
        cells = (fate, sentence, _numbers(said), said.get("name"), said.get("born_on"), test, value)
        more = (said.get("unit"), said.get("taken_on"))
        yield _csv_line((str(number), *(guarded(str(cell or "")) for cell in (*cells, *more))))


def refused_row(row: ReadRow) -> Refused:
    """What `errors_csv` takes, of a row that was weighed."""
    return row.number, Fate(row.fate).label, row.sentence, said_by(row.number, row.words)


def waiting_in_words(waiting: Waiting, now: datetime) -> str:
    """That rows of files became no result and wait, with the age of the oldest; empty where none does."""
    if waiting.oldest_at is None:
        return ""
    since = words.age(waiting.oldest_at, now)
    if waiting.count == 1:
        return f"1 row of a laboratory's file became no result and waits to be settled; it came {since} ago."
    return (
        f"{waiting.count} rows of laboratories' files became no result and wait to be settled; "
        f"the oldest came {since} ago."
    )


def weighed_in_words(file: LabFile) -> str:
    """The day on which the rows of a file were weighed."""
    return f"{file.weighed_on.day} {file.weighed_on:%b %Y}" if file.weighed_on else ""


def _csv_line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
