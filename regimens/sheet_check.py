"""What will become of each row of a clinic sheet, before anything is written."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from b12clinic.accounts.models import Clinic
from regimens.clinic_sheet import SheetRow
from regimens.models import Administration, Dose
from regimens.queries.chair import who_may_give
from regimens.queries.doses import products_in_use
from regimens.sheet_row import Fate, House, Weighed, Weighing

__all__ = ["Fate", "Weighed", "weigh"]


def weigh(
    rows: Sequence[SheetRow], clinic: Clinic, *, at: datetime, today: date, also: Collection[int] = ()
) -> list[Weighed]:
    """The fate of every row. `also`: the lines of which somebody says that a second injection was given too."""
    house = House(clinic, at, today, products_in_use(clinic), who_may_give(clinic))
    doses = _doses(rows, clinic)
    weighing = [Weighing(row, house, doses.get(row.dose.casefold()), row.line in also) for row in rows]
    keys = [key for each in weighing for key in (each.form_key, each.extra_key) if key]
    known = set(Administration.objects.filter(form_key__in=keys).values_list("form_key", flat=True))
    seen: set[UUID] = set()
    found = []
    for each in weighing:
        weighed = each.weighed(known, seen)
        # One that was recorded from the sheet before is taken too: the line that doubles it was not.
        if (weighed.is_ready or weighed.fate is Fate.ALREADY) and weighed.dose is not None:
            seen.add(weighed.dose.public_id)
        found.append(weighed)
    return found


def _doses(rows: Iterable[SheetRow], clinic: Clinic) -> dict[str, Dose]:
    ids = [found for row in rows if (found := _uuid(row.dose))]
    doses = Dose.objects.filter(clinic=clinic, public_id__in=ids).select_related(
        "clinic",
        "patient__clinic",
        "phase__regimen__clinic",
        "phase__regimen__assessment",
        "phase__regimen__patient",
        "given_as__recorded_by",
    )
    return {str(dose.public_id): dose for dose in doses}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
