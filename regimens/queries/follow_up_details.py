"""What stands beside the rows of the follow-up report: each function is one query for a whole batch."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.fields.json import KT
from django.db.models.functions import RowNumber

from b12clinic.patients.models import PatientIdentifier
from monitoring.models import Recheck, RecheckState, Result
from regimens.models import Administration, Dose, DoseState, Outcome, Phase, Revision, RevisionKind

ANALYTES_SHOWN = ("haemoglobin", "mcv", "methylmalonic_acid")


class Identifier(NamedTuple):
    """The number by which the clinic knows the patient, with the scheme it belongs to."""

    scheme: str
    value: str


class SignedProtocol(NamedTuple):
    """What was signed last: pack and protocol by code, the pack's version, the protocol's title as signed."""

    pack: str
    version: str
    code: str
    title: str


class PhaseNow(NamedTuple):
    """A phase of a regimen; `wanted` is None while it is open-ended."""

    key: int
    kind: str
    drug: str
    dose_mcg: int
    route: str
    wanted: int | None


class NextDose(NamedTuple):
    """The dose still to give."""

    phase_key: int
    due_on: date
    overdue_on: date

    def days_overdue(self, as_of: date) -> int:
        """Days past the due date, 0 inside the on-time window."""
        return (as_of - self.due_on).days if as_of >= self.overdue_on else 0


class LastInjection(NamedTuple):
    """The last injection, and the day on which the dose that it fulfilled was due; None for one outside the plan."""

    given_on: date
    was_due_on: date | None

    @property
    def days_late(self) -> int | None:
        """Days after the due date, negative when early."""
        return (self.given_on - self.was_due_on).days if self.was_due_on else None


class NextRecheck(NamedTuple):
    """The earliest recheck still wanted."""

    due_on: date
    tests: list[str]


class LastResult(NamedTuple):
    """A result as the laboratory reported it: a number with its unit, or a word."""

    comparator: str
    number: Decimal | None
    coded: str
    unit: str
    taken_on: date


def identifiers(patients: Collection[int]) -> dict[int, Identifier]:
    """The first number recorded of each patient."""
    rows = PatientIdentifier.objects.filter(patient__in=patients).order_by("-id")
    return {
        patient: Identifier(scheme, value)
        for patient, scheme, value in rows.values_list("patient_id", "scheme", "value")
    }


def signed_protocols(regimens: Collection[int]) -> dict[int, SignedProtocol]:
    """What the last signature of each regimen put in force."""
    rows = (
        Revision.objects.filter(regimen__in=regimens, kind=RevisionKind.SIGNED)
        .annotate(title=KT("protocol_snapshot__title"))
        .order_by("number")
        .values_list("regimen_id", "pack", "pack_version", "protocol", "title")
    )
    return {
        regimen: SignedProtocol(pack, version, code, title or code)
        for regimen, pack, version, code, title in rows
    }


def still_to_give(as_of: date, *, looks_back: bool) -> Q:
    """Which doses were still to give on the day: those owed now, and on a day in the past those given since."""
    owed = Q(state=DoseState.OWED)
    return owed | Q(state=DoseState.GIVEN, given_as__given_on__gt=as_of) if looks_back else owed


def next_doses(regimens: Collection[int], still: Q) -> dict[int, NextDose]:
    """The first dose of each regimen that was still to give."""
    first = Window(
        RowNumber(),
        partition_by=F("phase__regimen_id"),
        order_by=[F("phase__ordinal").asc(), F("number").asc()],
    )
    rows = (
        Dose.objects.filter(still, phase__regimen__in=regimens)
        .annotate(place=first)
        .filter(place=1)
        .order_by()
        .values_list("phase__regimen_id", "phase_id", "due_on", "overdue_on")
    )
    return {regimen: NextDose(phase, due_on, overdue_on) for regimen, phase, due_on, overdue_on in rows}


def phases(regimens: Collection[int]) -> dict[int, list[PhaseNow]]:
    """The phases of each regimen in order."""
    rows = Phase.objects.filter(regimen__in=regimens).order_by("ordinal")
    found: dict[int, list[PhaseNow]] = defaultdict(list)
    for regimen, key, kind, drug, dose_mcg, route, wanted in rows.values_list(
        "regimen_id", "pk", "kind", "drug", "dose_mcg", "route", "doses_wanted"
    ):
        found[regimen].append(PhaseNow(key, kind, drug, dose_mcg, route, wanted))
    return found


def phase_now(of_regimen: list[PhaseNow], dose: NextDose | None) -> PhaseNow | None:
    """The phase of the dose still to give, or the last one where there is none."""
    last = of_regimen[-1] if of_regimen else None
    return next((phase for phase in of_regimen if dose and phase.key == dose.phase_key), last)


def doses_given(regimens: Collection[int], as_of: date) -> dict[int, dict[int, int]]:
    """How many doses of each phase were given by the day, by regimen."""
    rows = (
        Dose.objects.filter(phase__regimen__in=regimens, state=DoseState.GIVEN, given_as__given_on__lte=as_of)
        .order_by()
        .values_list("phase__regimen_id", "phase_id")
        .annotate(doses=Count("pk"))
    )
    counted: dict[int, dict[int, int]] = defaultdict(dict)
    for regimen, phase, doses in rows:
        counted[regimen][phase] = doses
    return counted


def attempts_not_given(patients: Collection[int], as_of: date) -> dict[int, int]:
    """How often an injection was attempted by the day and not given, by regimen."""
    rows = (
        _standing(patients, as_of)
        .filter(outcome=Outcome.NOT_GIVEN, regimen__isnull=False)
        .order_by()
        .values_list("regimen_id")
        .annotate(attempts=Count("pk"))
    )
    return dict(rows)


def last_injections(patients: Collection[int], as_of: date) -> dict[int, LastInjection]:
    """The last injection of each patient by the day, in the plan or outside it."""
    newest = Window(
        RowNumber(), partition_by=F("patient_id"), order_by=[F("given_on").desc(), F("pk").desc()]
    )
    rows = (
        _standing(patients, as_of)
        .filter(outcome=Outcome.GIVEN)
        .annotate(place=newest)
        .filter(place=1)
        .order_by()
        .values_list("patient_id", "given_on", "dose__due_on")
    )
    return {patient: LastInjection(given_on, due_on) for patient, given_on, due_on in rows}


def next_rechecks(patients: Collection[int], as_of: date) -> dict[int, NextRecheck]:
    """The earliest recheck of each patient that was still wanted on the day."""
    earliest = Window(RowNumber(), partition_by=F("patient_id"), order_by=[F("due_on").asc(), F("pk").asc()])
    rows = (
        Recheck.objects.filter(Q(state=RecheckState.WANTED) | Q(ended_on__gt=as_of), patient__in=patients)
        .annotate(place=earliest)
        .filter(place=1)
        .order_by()
        .values_list("patient_id", "due_on", "tests")
    )
    return {patient: NextRecheck(due_on, tests) for patient, due_on, tests in rows}


def last_results(patients: Collection[int], as_of: date) -> dict[int, dict[str, LastResult]]:
    """The last result of each analyte shown that was taken by the day, by patient."""
    newest = Window(
        RowNumber(),
        partition_by=[F("patient_id"), F("analyte")],
        order_by=[F("taken_on").desc(), F("pk").desc()],
    )
    on_file = Result.objects.filter(patient__in=patients, analyte__in=ANALYTES_SHOWN)
    superseded = on_file.filter(supersedes__isnull=False).values("supersedes")
    rows = (
        on_file.filter(taken_on__lte=as_of, entered_in_error=False)
        .exclude(pk__in=superseded)
        .annotate(place=newest)
        .filter(place=1)
        .order_by()
        .values_list("patient_id", "analyte", "comparator", "number", "coded", "unit", "taken_on")
    )
    found: dict[int, dict[str, LastResult]] = defaultdict(dict)
    for patient, analyte, comparator, number, coded, unit, taken_on in rows:
        found[patient][analyte] = LastResult(comparator, number, coded, unit, taken_on)
    return found


def _standing(patients: Collection[int], as_of: date) -> QuerySet[Administration]:
    """What was recorded of the chair by the day and still stands: not corrected, not entered in error.

    The corrections are looked up among these patients alone; a join would read everybody's.
    """
    recorded = Administration.objects.filter(patient__in=patients)
    corrected = recorded.filter(corrects__isnull=False).order_by().values("corrects")
    return recorded.filter(given_on__lte=as_of, entered_in_error=False).exclude(pk__in=corrected)
