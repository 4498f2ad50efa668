"""Record what a filled clinic sheet says, row by row, through the same two services as the recording pages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from regimens.clinic_sheet import SheetRow
from regimens.services.record_administration import (
    AlreadyRecorded,
    NotRecorded,
    record_given,
    record_not_given,
)
from regimens.services.record_extra import record_extra
from regimens.sheet_check import Fate, Weighed, weigh


class NotImported(ValueError):
    """Why nothing of the sheet was recorded; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of every row in the end."""

    rows: list[Weighed]

    def count(self, fate: Fate) -> int:
        """How many rows met this fate."""
        return sum(row.fate is fate for row in self.rows)


def import_sheet(
    *,
    rows: Sequence[SheetRow],
    clinic: Clinic,
    partly: bool,
    sha256: str,
    by: User,
    at: datetime,
    today: date,
    also: Collection[int] = (),
) -> Imported:
    """Record the rows that can be; each in a transaction of its own, so that a lost race costs one row.

    The same file twice changes nothing. `also`: the lines of which somebody says that a second injection was given, though
    the dose is recorded already. Raises NotImported when rows are refused and `partly` was not chosen, or when
    nothing is left to record.
    """
    weighed = weigh(rows, clinic, at=at, today=today, also=also)
    if not any(row.is_ready for row in weighed):
        raise NotImported("Nothing on this sheet is left to record.")
    if not partly and any(row.fate is Fate.REFUSED for row in weighed):
        raise NotImported(
            "Some rows cannot be recorded; choose to record the others, or put the sheet right first."
        )
    imported = Imported([_record(row, by, at, today) if row.is_ready else row for row in weighed])
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action="clinic_sheet.imported",
        subject=f"file:{sha256}",
        after={fate.value: imported.count(fate) for fate in Fate},
    )
    return imported


def _record(row: Weighed, by: User, at: datetime, today: date) -> Weighed:
    assert row.dose is not None and row.form_key is not None  # noqa: S101  a row that is ready has both
    asked: dict[str, Any] = {"form_key": row.form_key, "by": by, "at": at, "today": today}
    try:
        if row.second and row.injection is not None:
            done = record_extra(
                patient=row.dose.patient, instead_of=row.dose.given_as, injection=row.injection, **asked
            )
        elif row.injection is not None:
            done = record_given(dose=row.dose, injection=row.injection, blocks=row.blocks, **asked)
        else:
            done = record_not_given(dose=row.dose, **asked, **(row.not_given or {}))
    except AlreadyRecorded:
        return replace(row, fate=Fate.ALREADY, sentence="Somebody recorded this dose meanwhile.")
    except NotRecorded as refused:
        return replace(row, fate=Fate.REFUSED, sentence=str(refused))
    if done.repeat:
        return replace(row, fate=Fate.ALREADY, sentence="Recorded already from this sheet.")
    return replace(row, sentence=_done(row), second=False)


def _done(row: Weighed) -> str:
    if row.second:
        return "Recorded as a second injection, with an alert."
    return "Recorded as given." if row.fate is Fate.GIVEN else "Recorded as not given."
