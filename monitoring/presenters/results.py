"""A patient's results, analyte by analyte, newest first, with what was corrected under each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.clinic_ranges import ClinicRange
from monitoring.interpretation.lab_value import LabValue
from monitoring.interpretation.reference import NO_RANGE, against_range
from monitoring.models import Result
from monitoring.presenters import words

SHOWN_OF_EACH = 6
FLAGS = {"low": "Low", "high": "High", "normal": "In range", "unclear": "Cannot tell"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One result ready to print: the day, the value as reported with its conversion, and what it replaced."""

    taken: str
    value: str
    converted: str
    range: str
    flag: str
    flag_label: str
    recorded: str
    confirmed: str
    fallen: str
    was: tuple[str, ...]
    correct_url: str
    error_url: str


@dataclass(frozen=True, slots=True)
class AnalyteLines:
    """The results of one analyte; `more_url` leads to those left out, `more` counts them."""

    code: str
    label: str
    lines: tuple[ResultLine, ...]
    more: int = 0


def results_by_analyte(
    results: Sequence[Result],
    *,
    ranges: Mapping[int, ClinicRange],
    today: date,
    zone: str,
    only: str = "",
    may_change: bool,
) -> list[AnalyteLines]:
    """Every analyte that has results, in the order of the list of analytes; `only` shows one of them whole.

    `ranges` are the clinic's own by result, `zone` is the clinic's, in which the times of samples are told.
    """
    replaced = {row.supersedes_id: row for row in results if row.supersedes_id}
    by_id = {row.pk: row for row in results}
    tails: dict[str, list[Result]] = {}
    for row in results:
        if row.pk not in replaced and (not only or row.analyte == only):
            tails.setdefault(row.analyte, []).append(row)
    shown = None if only else SHOWN_OF_EACH
    return [
        AnalyteLines(
            code=analyte,
            label=words.test_in_words(analyte),
            lines=tuple(
                _line(row, by_id, ranges.get(row.pk), today=today, zone=zone, may_change=may_change)
                for row in rows[:shown]
            ),
            more=len(rows) - len(rows[:shown]),
        )
        for analyte, rows in sorted(tails.items(), key=lambda pair: _place(pair[0]))
    ]


def value_as_reported(result: Result) -> str:
    """ "<150 pmol/L", "Positive"."""
    return words.value_in_words(result.reported_value, result.comparator, result.unit, result.coded)


def lab_in_words(lab: LabValue) -> str:
    """The same of a value as the rules read it."""
    coded = lab.text if lab.value is None else ""
    return words.value_in_words(lab.text, lab.comparator or "", lab.unit or "", coded)


def last_values(latest: Iterable[Result], today: date) -> dict[str, str]:
    """For each analyte the newest value with its day, "205 pg/mL, Tue 17 Nov"."""
    return {row.analyte: f"{value_as_reported(row)}, {words.day(row.taken_on, today)}" for row in latest}


def range_of(row: Result, own: ClinicRange | None) -> str:
    """The laboratory's range, else the clinic's own with its source; empty where there is neither, and for words."""
    told = "" if row.coded else words.range_in_words(row.reference_low, row.reference_high)
    if told or own is None:
        return told
    return words.clinic_range_in_words(own, row.unit)


def side_of(row: Result, own: ClinicRange | None) -> str:
    """The side of that range on which a value lies; empty where there is none."""
    if row.number is None:
        return NO_RANGE
    low, high = (own.low, own.high) if own else (row.reference_low, row.reference_high)
    return against_range(row.number, row.comparator, low, high)


def _line(
    row: Result,
    by_id: dict[int, Result],
    own: ClinicRange | None,
    *,
    today: date,
    zone: str,
    may_change: bool,
) -> ResultLine:
    flag = side_of(row, own)
    may_change = may_change and not row.entered_in_error and row.analyte in ANALYTES
    return ResultLine(
        taken=words.sampled(row.taken_on, row.taken_at, zone, today),
        value=value_as_reported(row),
        converted=words.conversions(row.analyte, row.number, row.unit, row.comparator),
        range="–" if row.coded else range_of(row, own) or "not given",
        flag=flag,
        flag_label=FLAGS.get(flag, ""),
        recorded=row.recorded_by.display_name if row.recorded_by else "Import",
        confirmed=row.unit_confirmed_because,
        fallen=f"Entered in error: {row.why}" if row.entered_in_error else "",
        was=tuple(_was(row, by_id, today)),
        correct_url=reverse("monitoring:correct", args=[row.public_id]) if may_change else "",
        error_url=reverse("monitoring:entered_in_error", args=[row.public_id]) if may_change else "",
    )


def _was(row: Result, by_id: dict[int, Result], today: date) -> Iterable[str]:
    """What stood before, the latest first: "Was 19 g/L of Mon 2 Nov; corrected by Mina Example: the report says 91"."""
    while row.supersedes_id:
        older = by_id[row.supersedes_id]
        if not row.entered_in_error:
            who = row.recorded_by.display_name if row.recorded_by else "an import"
            of = words.day(older.taken_on, today)
            yield f"Was {value_as_reported(older)} of {of}; corrected by {who}: {row.why}"
        row = older


def _place(analyte: str) -> tuple[int, str]:
    known = list(ANALYTES)
    return (known.index(analyte) if analyte in ANALYTES else len(known), analyte)
