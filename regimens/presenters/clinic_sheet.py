"""The clinic sheet in words: rows for paper, cells for the file, and the fate of each row that came back."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from b12clinic.accounts.models import Clinic
from b12clinic.vocabulary import Drug, Route
from regimens.clinic_sheet import READ_BACK, csv_line
from regimens.presenters.due_list import allergies_words, last_words, number_of, order_words
from regimens.presenters.due_risks import risks_of
from regimens.presenters.words import dose_count
from regimens.queries.due_list import Asked
from regimens.queries.due_rows import Beside, DueDose
from regimens.sealed_csv import Cell
from regimens.sheet_check import Fate, Weighed

_CHIPS = {
    Fate.GIVEN: ("given", "Given"),
    Fate.NOT_GIVEN: ("not_given", "Not given"),
    Fate.EMPTY: ("planned", "Empty"),
    Fate.ALREADY: ("waiting", "Recorded already"),
    Fate.REFUSED: ("failed", "Not recorded"),
}


def sheet_code(clinic: Clinic, at: datetime) -> str:
    """What names a sheet on each of its rows: the clinic's local moment at which it was made."""
    return f"{at.astimezone(ZoneInfo(clinic.time_zone)):%Y-%m-%d %H:%M:%S}"


def cells_of(dose: DueDose, found: Beside, code: str, as_of: date) -> list[Cell]:
    """A row of the file, in the order of its printed columns."""
    return [
        f"Sheet {code}",
        str(dose.public_id),
        dose.patient_name,
        dose.born_on,
        number_of(dose, found),
        "; ".join([*(chip["text"] for chip in risks_of(dose, found)), *_allergies(dose, found)]),
        Drug.label_of(dose.drug),
        dose.dose_mcg,
        Route.label_of(dose.route),
        dose_count(dose.kind, dose.number, dose.doses_wanted),
        dose.due_on,
        dose.earliest_on,
        date.fromordinal(dose.overdue_on.toordinal() - 1),
        order_words(found.directions.get(dose.regimen_id), as_of)[0],
        last_words(dose.last, as_of),
    ]


def _allergies(dose: DueDose, found: Beside) -> list[str]:
    return [words] if (words := allergies_words(dose, found)) else []


def fate_lines(weighed: Sequence[Weighed]) -> list[dict[str, object]]:
    """Every row with its fate, those that are refused first."""
    order = [Fate.REFUSED, Fate.GIVEN, Fate.NOT_GIVEN, Fate.ALREADY, Fate.EMPTY]
    return [
        {
            "line": str(each.row.line),
            "name": each.dose.patient.name if each.dose else each.row.name or "no name",
            "chip": _CHIPS[each.fate][0],
            "fate": _CHIPS[each.fate][1],
            "sentence": each.sentence,
            "offers_second": each.second and each.fate is Fate.ALREADY,
            "is_second": each.second and each.is_ready,
            "said": " · ".join(part for part in (each.row.on, each.row.time, each.row.lot) if part),
        }
        for each in sorted(weighed, key=lambda each: (order.index(each.fate), each.row.line))
    ]


def fate_counts(weighed: Sequence[Weighed]) -> list[dict[str, object]]:
    """How many rows meet each fate; none is left out for being zero."""
    return [
        {"label": label, "chip": chip, "count": sum(each.fate is fate for each in weighed)}
        for fate, (chip, label) in _CHIPS.items()
    ]


def errors_csv(weighed: Sequence[Weighed]) -> Iterator[bytes]:
    """The rows that are refused, as they came, each with what is wrong; put right, the file can be read again."""
    refused = [each for each in weighed if each.fate is Fate.REFUSED]
    kept = [name for name in READ_BACK if all(getattr(each.row, name) is not None for each in refused)]
    yield ("\ufeff" + csv_line([*(READ_BACK[name] for name in kept), "What is wrong"])).encode()
    for each in refused:
        yield csv_line([*(getattr(each.row, name) for name in kept), each.sentence]).encode()


def file_name(asked: Asked, what: str = "clinic-sheet") -> str:
    """A name made of a date alone: nothing of a clinic's or patient's name reaches a header."""
    return f"{what}-{asked.as_of.isoformat()}.csv"
