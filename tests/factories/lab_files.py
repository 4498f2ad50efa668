"""Laboratory files as tests send them: plainly fictional, with as few words as they need."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from b12clinic.accounts.models import Clinic, User
from monitoring.models import LabFile, LabProfile, WaitingRow
from monitoring.services.receive_lab_file import receive_lab_file

AT = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
_files = count(1)
HEADINGS = (
    "identifier",
    "name",
    "born_on",
    "code",
    "value",
    "unit",
    "taken_on",
    "range",
    "source_id",
    "status",
)


def a_row(**cells: str) -> dict[str, str]:
    """Haemoglobin 92 g/L of 5 January 2026 of the woman with the record number R-1, unless told otherwise."""
    filled = {
        "identifier": "R-1",
        "name": "Ada Example",
        "born_on": "1948-03-02",
        "code": "718-7",
        "value": "92",
        "unit": "g/L",
        "taken_on": "2026-01-05",
        "range": "115-165",
    }
    return filled | cells


def a_csv(*rows: dict[str, str], headings: Iterable[str] = HEADINGS, separator: str = ",") -> bytes:
    """These rows under our own headings."""
    text = io.StringIO()
    sheet = csv.DictWriter(text, list(headings), restval="", delimiter=separator)
    sheet.writeheader()
    sheet.writerows(rows)
    return text.getvalue().encode()


def received(
    clinic: Clinic,
    content: bytes,
    *,
    by: User | None = None,
    profile: LabProfile | None = None,
    name: str = "results.csv",
    **moment: Any,
) -> LabFile:
    """The file as it was taken in on 14 January 2026."""
    given = {"at": AT, "today": TODAY} | moment
    return receive_lab_file(clinic=clinic, name=name, content=content, profile=profile, by=by, **given)


def a_waiting_row(clinic: Clinic, *, came_at: datetime = AT, **fields: Any) -> WaitingRow:
    """The first row of a file of its own, whose patient is not known here."""
    number = next(_files)
    file = LabFile.objects.create(
        clinic=clinic,
        name=f"results-{number}.csv",
        digest=f"{number:064}",
        content=b"",
        state="imported",
        received_at=came_at,
        imported_at=came_at,
    )
    given = {"fate": "unknown_patient", "sentence": "Nobody here has this number.", "said": {}} | fields
    return WaitingRow.objects.create(file=file, number=1, **given)
