"""The follow-up report in words for the page, and in cells for the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from b12clinic.accounts.models import Clinic
from b12clinic.patients.identifiers import grouped
from b12clinic.patients.models import IdentifierScheme
from b12clinic.vocabulary import Cause, Drug, PhaseKind, Route
from monitoring.interpretation.analytes import ANALYTES
from monitoring.presenters.words import tests_in_words, value_in_words
from regimens.models import RegimenState
from regimens.presenters.words import day, days, dose_count, drug_line
from regimens.queries.follow_up import FollowUpAsked, FollowUpRow
from regimens.queries.follow_up_details import ANALYTES_SHOWN, LastResult
from regimens.sealed_csv import Cell

_SCHEMES = dict(IdentifierScheme.choices)
_STATES = dict(RegimenState.choices)
_SHORT = {"haemoglobin": "Hb", "mcv": "MCV", "methylmalonic_acid": "MMA"}

COLUMNS = (
    "Identifier scheme",
    "Identifier",
    "Name",
    "Date of birth",
    "Cause",
    "Guideline",
    "Guideline version",
    "Protocol",
    "Protocol title",
    "Plan state",
    "Lifelong",
    "Phase",
    "Drug",
    "Dose (mcg)",
    "Route",
    "Doses given in phase",
    "Doses wanted in phase (empty: open-ended)",
    "Doses given in all",
    "Last injection",
    "Days late (negative: early)",
    "Next due",
    "Days overdue",
    "Times not given",
    *(
        f"{ANALYTES[analyte].label}{part}"
        for analyte in ANALYTES_SHOWN
        for part in (" comparator", "", " unit", " taken")
    ),
    "Next recheck",
    "Recheck tests",
    "Recheck overdue",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One row of the page; `status` is a chip."""

    name: str
    chart_url: str
    born: str
    number: str
    cause: str
    protocol: str
    protocol_note: str
    phase: str
    phase_note: str
    last: str
    last_note: str
    status: str
    standing: str
    due: str
    not_given: int
    results: list[dict[str, str]]
    recheck: str
    recheck_note: str
    recheck_overdue: bool


def lines_of(rows: Iterable[FollowUpRow], asked: FollowUpAsked) -> list[ReportLine]:
    """The rows as the page shows them."""
    return [_line(row, asked) for row in rows]


def _line(row: FollowUpRow, asked: FollowUpAsked) -> ReportLine:
    status, standing, due = _standing(row, asked)
    phase, protocol = row.phase, row.protocol
    return ReportLine(
        name=row.name,
        chart_url=reverse("regimens:chart", args=[row.patient_public_id]),
        born=_plain(row.born_on),
        number=_number(row),
        cause=Cause.label_of(row.cause),
        protocol=protocol.title if protocol else "not recorded",
        protocol_note=f"{protocol.pack} {protocol.version}" + (" · lifelong" if row.lifelong else "")
        if protocol
        else "",
        phase=_counted(row),
        phase_note=drug_line(phase.drug, phase.dose_mcg, phase.route) if phase else "",
        last=day(row.last.given_on, asked.as_of) if row.last else "none",
        last_note=_late(row),
        status=status,
        standing=standing,
        due=due,
        not_given=row.not_given,
        results=[
            {
                "label": _SHORT[analyte],
                "name": ANALYTES[analyte].label,
                "value": _value(result),
                "day": _plain(result.taken_on),
            }
            for analyte in ANALYTES_SHOWN
            if (result := row.results.get(analyte))
        ],
        recheck=day(row.recheck.due_on, asked.as_of) if row.recheck else "none planned",
        recheck_note=tests_in_words(row.recheck.tests) if row.recheck else "",
        recheck_overdue=_recheck_overdue(row, asked.as_of),
    )


def _standing(row: FollowUpRow, asked: FollowUpAsked) -> tuple[str, str, str]:
    """The chip, its words and the due date."""
    if row.state != RegimenState.ACTIVE:
        return "waiting", _STATES.get(row.state, row.state), ""
    if row.due_on is None:
        return "planned", "No injection planned", ""
    due = f"due {day(row.due_on, asked.as_of)}"
    if row.days_overdue:
        return "overdue", f"Overdue {days(row.days_overdue)}", due
    if row.due_on <= asked.as_of:
        return "due", "Due now", due
    return "soon", f"In {days((row.due_on - asked.as_of).days)}", due


def _counted(row: FollowUpRow) -> str:
    """ "Loading 3 of 6", or "Maintenance 4, open-ended": doses given, not the next one."""
    if row.phase is None:
        return ""
    if row.phase.route == Route.ORAL:
        return PhaseKind.label_of(row.phase.kind)
    return dose_count(row.phase.kind, row.given, row.phase.wanted)


def _late(row: FollowUpRow) -> str:
    late = row.last.days_late if row.last else None
    if late is None:
        return "outside the plan" if row.last else ""
    if late == 0:
        return "on its day"
    return f"{days(late)} late" if late > 0 else f"{days(-late)} early"


def _number(row: FollowUpRow) -> str:
    return grouped(row.identifier.scheme, row.identifier.value) if row.identifier else ""


def _value(result: LastResult) -> str:
    number = "" if result.number is None else format(result.number.normalize(), "f")
    return value_in_words(number, result.comparator, result.unit, result.coded)


def _plain(on: date) -> str:
    return f"{on.day} {on:%b %Y}"


def _recheck_overdue(row: FollowUpRow, as_of: date) -> bool:
    """A recheck is due the whole of its day; overdue begins on the next."""
    return row.recheck is not None and row.recheck.due_on < as_of


def about(clinic: Clinic, asked: FollowUpAsked, at: datetime) -> list[Cell]:
    """The first line of the file: what it is, of which clinic and day, with which filters, made when (UTC)."""
    return [
        "Follow-up report",
        clinic.name,
        "As of",
        asked.as_of,
        "Phase",
        PhaseKind.label_of(asked.phase) if asked.phase else "all",
        "Patients",
        "overdue only" if asked.only_overdue else "all",
        "Made (UTC)",
        f"{at:%Y-%m-%dT%H:%M:%SZ}",
    ]


def cells_of(row: FollowUpRow, asked: FollowUpAsked) -> list[Cell]:
    """A row of the file, in the order of COLUMNS; numbers stay numbers."""
    return [
        _SCHEMES.get(row.identifier.scheme, row.identifier.scheme) if row.identifier else None,
        row.identifier.value if row.identifier else None,
        row.name,
        row.born_on,
        Cause.label_of(row.cause),
        *(row.protocol if row.protocol else (None,) * 4),
        _STATES.get(row.state, row.state),
        "yes" if row.lifelong else "no",
        *_phase_cells(row),
        row.given_in_all,
        row.last.given_on if row.last else None,
        row.last.days_late if row.last else None,
        row.due_on,
        row.days_overdue,
        row.not_given,
        *(cell for analyte in ANALYTES_SHOWN for cell in _result_cells(row.results.get(analyte))),
        row.recheck.due_on if row.recheck else None,
        tests_in_words(row.recheck.tests) if row.recheck else None,
        ("yes" if _recheck_overdue(row, asked.as_of) else "no") if row.recheck else None,
    ]


def _phase_cells(row: FollowUpRow) -> list[Cell]:
    phase = row.phase
    if phase is None:
        return [None, None, None, None, row.given, None]
    return [
        PhaseKind.label_of(phase.kind),
        Drug.label_of(phase.drug),
        phase.dose_mcg,
        Route.label_of(phase.route),
        row.given,
        phase.wanted,
    ]


def _result_cells(result: LastResult | None) -> list[Cell]:
    if result is None:
        return [None, None, None, None]
    return [result.comparator, result.coded or result.number, result.unit, result.taken_on]


def file_name(asked: FollowUpAsked, at: datetime) -> str:
    """A name made of dates alone: nothing of a clinic's or patient's name reaches a header."""
    return f"follow-up-{asked.as_of:%Y-%m-%d}-made-{at:%Y%m%dT%H%M%SZ}.csv"
