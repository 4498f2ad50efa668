"""From a laboratory's words to a row: the test, the days, the standing. The same for every kind of file."""

from __future__ import annotations

from datetime import date

from .bounds import LONGEST_CELL
from .codes import Named, UnknownTest, named_by
from .days import BadDay, clinic_day, clinic_when
from .fates import Fate
from .rows import LabRow, Layout, RowError, Said
from .statuses import CORRECTED, FINAL, NOT_FINAL, NOTHING, STATUSES, WITHDRAWN

_NOT_TAKEN = {
    NOT_FINAL: (Fate.NOT_FINAL, "The laboratory calls this result preliminary; the final one is waited for."),
    NOTHING: (Fate.NOT_FINAL, "The laboratory says that there is no result for this test."),
    WITHDRAWN: (
        Fate.WITHDRAWN,
        "The laboratory takes this result back: if it is on file, mark it as entered in error.",
    ),
}


def understood(number: int, said: Said, layout: Layout) -> LabRow | RowError:
    """The row that was meant, or why it cannot be told."""
    for text in said:
        if len(text) > LONGEST_CELL:
            return row_error(number, said, Fate.UNREADABLE, "A part of this row is too long to be a result.")
    standing = STATUSES.get(said.status.strip().casefold(), "") if said.status else FINAL
    if not standing:
        return row_error(
            number, said, Fate.UNREADABLE, f"“{said.status[:20]}” is no standing of a result known here."
        )
    if standing in _NOT_TAKEN:
        return row_error(number, said, *_NOT_TAKEN[standing])
    try:
        named = named_by(said.code, said.test, said.system, layout.codes)
        if not named.analyte:
            return row_error(number, said, Fate.LEFT_OUT, "The laboratory's profile leaves this test out.")
        return _row(number, said, layout, named)
    except UnknownTest as unknown:
        return row_error(number, said, Fate.UNKNOWN_TEST, str(unknown))
    except BadDay as bad:
        return row_error(number, said, Fate.BAD_DATE, str(bad))


def row_error(number: int, said: Said, fate: Fate, sentence: str) -> RowError:
    """What is kept of a row that is not read: its words, each cut at the length of a cell."""
    kept: dict[str, object] = {
        name: str(value)[:LONGEST_CELL] for name, value in said._asdict().items() if name != "identifiers"
    }
    kept["identifiers"] = [[scheme[:40], number_[:80]] for scheme, number_ in said.identifiers[:8]]
    return RowError(number, fate, sentence, kept)


def _row(number: int, said: Said, layout: Layout, named: Named) -> LabRow:
    taken = clinic_when(said.taken_on, layout.day_first, layout.zone, layout.clinic_zone)
    return LabRow(
        number=number,
        identifiers=said.identifiers,
        name=said.name,
        born_on=_born_on(said.born_on, layout),
        analyte=named.analyte,
        code=said.code,
        code_unit=named.code_unit,
        value=said.value,
        comparator=said.comparator,
        unit=said.unit or layout.units.get(named.analyte, ""),
        taken_on=taken.day,
        low=said.low,
        high=said.high,
        source_id=said.source_id,
        corrected=STATUSES.get(said.status.strip().casefold()) == CORRECTED if said.status else None,
        flag=said.flag,
        taken_at=taken.moment,
        decimal_mark=layout.decimal_mark,
    )


def _born_on(written: str, layout: Layout) -> date | None:
    """A birth date has no zone: only its day counts, so that a midnight in UTC makes nobody a day younger."""
    if not written.strip():
        return None
    text = written.strip()
    day = text[:8] if text[:8].isdigit() else text.split("T")[0]
    return clinic_day(day, layout.day_first, "", "UTC")
