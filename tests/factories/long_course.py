"""Ten years of treatment: an injection and a full set of labs every month, symptoms scored twice a year."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from b12clinic.accounts.models import User
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from monitoring.interpretation.entry import Entry, read_entry
from monitoring.models import Result, SymptomScore
from regimens.models import Administration, Dose, DoseMove, Regimen, Revision, RevisionKind
from regimens.protocols.intervals import Interval, add_months
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT
from regimens.seeding.courses import protocol_of
from regimens.services.redate import redate
from tests.factories.regimens import a_regimen

BEGAN = date(2016, 1, 4)
MONTHS = 120
MONTHLY = PhaseSpec(
    kind=PhaseKind.MAINTENANCE,
    drug=Drug.HYDROXOCOBALAMIN,
    dose_mcg=1000,
    route=Route.IM,
    interval=Interval(1, IntervalUnit.MONTH),
    ends_when="Never, while the cause remains.",
)
LABS = (
    ("haemoglobin", "92", "131", "g/L"),
    ("mcv", "118", "92", "fL"),
    ("reticulocytes", "20", "60", "10*9/L"),
    ("platelets", "130", "240", "10*9/L"),
    ("potassium", "4.1", "4.3", "mmol/L"),
    ("total_b12", "110", "900", "ng/L"),
    ("methylmalonic_acid", "900", "210", "nmol/L"),
    ("homocysteine", "32", "11", "umol/L"),
)


def ten_years(patient: Patient, by: User) -> Regimen:
    """A regimen begun on 4 January 2016 with 120 injections, every tenth a fortnight late, and 121 sets of eight labs."""
    regimen = a_regimen(patient, by, MONTHLY, starts_on=BEGAN, lifelong=True)
    days = [add_months(BEGAN, month) for month in range(MONTHS)]
    _inject(regimen, by, days)
    _measure(patient, [BEGAN - timedelta(days=1), *(day + timedelta(days=3) for day in days)])
    SymptomScore.objects.bulk_create(
        _scored(patient, by, on) for on in [BEGAN - timedelta(days=1), *days[6::6]]
    )
    kept = protocol_of("uk/standard")[1].to_dict()
    Revision.objects.filter(regimen=regimen, number=1).update(protocol_snapshot=kept)
    last = regimen.revisions.latest("number")
    redate(regimen=regimen, revision=last, policy=DEFAULT)
    return regimen


def _inject(regimen: Regimen, by: User, days: list[date]) -> None:
    phase = regimen.phases.get()
    Dose.objects.filter(phase=phase).delete()
    given = Administration.objects.bulk_create(_given(regimen, by, n, day) for n, day in enumerate(days))
    doses = Dose.objects.bulk_create(
        Dose(
            phase=phase,
            clinic=regimen.clinic,
            patient=regimen.patient,
            number=n + 1,
            earliest_on=day - timedelta(days=7),
            due_on=day,
            overdue_on=day + timedelta(days=8),
            state="given",
            given_as=one,
        )
        for n, (day, one) in enumerate(zip(days, given, strict=True))
    )
    revisions = Revision.objects.bulk_create(
        Revision(regimen=regimen, number=n + 2, kind=RevisionKind.GIVEN, by=by, at=_at(day))
        for n, day in enumerate(days)
    )
    DoseMove.objects.bulk_create(
        DoseMove(
            revision=revision, dose=dose, was_due_on=dose.due_on, due_on=dose.due_on + timedelta(days=14)
        )
        for n, (revision, dose) in enumerate(zip(revisions, doses, strict=True))
        if n % 10 == 9
    )
    Regimen.objects.filter(pk=regimen.pk).update(version=len(days) + 1)
    regimen.refresh_from_db()


def _given(regimen: Regimen, by: User, number: int, day: date) -> Administration:
    return Administration(
        patient=regimen.patient,
        clinic=regimen.clinic,
        regimen=regimen,
        outcome="given",
        given_on=day + timedelta(days=14 if number % 10 == 9 else 0),
        drug="hydroxocobalamin",
        dose_mcg=1000,
        route="im",
        site="deltoid",
        side="left",
        recorded_by=by,
        form_key=uuid4(),
    )


def _measure(patient: Patient, days: list[date]) -> None:
    first = {analyte: _read(analyte, before, unit) for analyte, before, _, unit in LABS}
    later = {analyte: _read(analyte, after, unit) for analyte, _, after, unit in LABS}
    Result.objects.bulk_create(
        Result(patient=patient, analyte=analyte, taken_on=day, **(later if n else first)[analyte])
        for n, day in enumerate(days)
        for analyte, *_ in LABS
    )


def _read(analyte: str, value: str, unit: str) -> dict[str, object]:
    read = read_entry(Entry(analyte=analyte, value=value, unit=unit))
    return {
        "reported_value": read.text,
        "unit": read.unit,
        "number": read.number,
        "canonical": read.canonical,
    }


def _scored(patient: Patient, by: User, on: date) -> SymptomScore:
    return SymptomScore(
        patient=patient,
        clinic=patient.clinic,
        on=on,
        fatigue=3 if on > BEGAN else 8,
        numbness=1 if on > BEGAN else 4,
        balance=0 if on > BEGAN else 3,
        cognition=1 if on > BEGAN else 5,
        by=by,
        at=_at(on),
    )


def _at(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
