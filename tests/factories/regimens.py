"""Running regimens made by hand, without a guideline: the shortest way to a dose that is owed."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from b12clinic.accounts.models import User
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from monitoring.interpretation.entry import Entry
from monitoring.services.record_results import record_results
from regimens.facts import Judgement, facts_of, facts_to_json
from regimens.models import Assessment, Dose, Phase, Regimen, Revision, RevisionKind
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT
from regimens.services.record_administration import Injection, Recorded, record_given
from regimens.services.redate import redate

SIX_DOSES = PhaseSpec(
    kind=PhaseKind.LOADING,
    drug=Drug.HYDROXOCOBALAMIN,
    dose_mcg=1000,
    route=Route.IM,
    interval=Interval(2, IntervalUnit.DAY),
    gaps=(2, 2, 3),
    doses=6,
    ends_when="Six doses given.",
)
EVERY_THREE_MONTHS = PhaseSpec(
    kind=PhaseKind.MAINTENANCE,
    drug=Drug.HYDROXOCOBALAMIN,
    dose_mcg=1000,
    route=Route.IM,
    interval=Interval(3, IntervalUnit.MONTH),
    ends_when="Never, while the cause remains.",
)
WEEKLY = PhaseSpec(
    kind=PhaseKind.LOADING,
    drug=Drug.CYANOCOBALAMIN,
    dose_mcg=1000,
    route=Route.IM,
    interval=Interval(1, IntervalUnit.WEEK),
    doses=4,
    ends_when="Four doses given.",
)

JUDGED = Judgement(
    cause="autoimmune_gastritis",
    certainty="confirmed",
    cause_detail="",
    neuro=False,
    pregnancy="none",
    gestation_weeks=None,
    findings=frozenset({"fatigue"}),
    continues_course=False,
)


def an_assessment(patient: Patient, by: User, **fields: Any) -> Assessment:
    """Confirmed autoimmune gastritis without neurological involvement, judged on 5 January 2026."""
    given = {
        "cause": "autoimmune_gastritis",
        "certainty": "confirmed",
        "neuro": "no",
        "pregnancy": "none",
        "findings": ["fatigue"],
        "as_of": date(2026, 1, 5),
        "facts": facts_to_json(facts_of(patient, JUDGED, guideline="uk", as_of=date(2026, 1, 5))),
        "at": datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
    } | fields
    return Assessment.objects.create(patient=patient, clinic=patient.clinic, by=by, **given)


def a_regimen(
    patient: Patient,
    by: User,
    *specs: PhaseSpec,
    starts_on: date = date(2026, 1, 5),
    **fields: Any,
) -> Regimen:
    """Six loading doses from Monday 5 January 2026, then one every three months, unless other phases are given."""
    regimen = Regimen.objects.create(
        patient=patient,
        clinic=patient.clinic,
        assessment=an_assessment(patient, by),
        starts_on=starts_on,
        **fields,
    )
    for ordinal, spec in enumerate(specs or (SIX_DOSES, EVERY_THREE_MONTHS)):
        Phase.objects.create(
            regimen=regimen,
            ordinal=ordinal,
            kind=spec.kind,
            drug=spec.drug,
            dose_mcg=spec.dose_mcg,
            route=spec.route,
            interval_count=spec.interval.count,
            interval_unit=spec.interval.unit,
            doses_wanted=spec.doses,
            ends_by=spec.ends_when,
            spec=spec.to_dict(),
        )
    revision = Revision.objects.create(
        regimen=regimen,
        number=1,
        kind=RevisionKind.SIGNED,
        by=by,
        at=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
        pack="uk",
        pack_version="2026.1",
        protocol="uk/standard",
        protocol_snapshot={},
        policy_snapshot=DEFAULT.to_dict(),
    )
    redate(regimen=regimen, revision=revision, policy=DEFAULT)
    return regimen


def confirm_deficiency(patient: Patient, by: User) -> None:
    """A B12 low enough that no rule asks for the diagnosis any more."""
    record_results(
        patient=patient,
        taken_on=date(2026, 1, 5),
        entries=[Entry(analyte="total_b12", value="85", unit="ng/L")],
        by=by,
        at=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
        today=date(2026, 1, 5),
    )


def next_dose(regimen: Regimen) -> Dose:
    """The dose that the patient waits for."""
    return Dose.objects.select_related("phase__regimen", "clinic", "patient").get(
        phase__regimen=regimen, is_next=True
    )


def an_injection(given_on: date, **fields: Any) -> Injection:
    """One milligram of hydroxocobalamin into the left deltoid at ten in the morning, UTC."""
    given = {
        "given_on": given_on,
        "given_at": datetime(given_on.year, given_on.month, given_on.day, 10, 0, tzinfo=UTC),
        "drug": "hydroxocobalamin",
        "dose_mcg": 1000,
        "route": "im",
        "product": "Hydroxocobalamin 1 mg/mL",
        "lot": "A123",
        "expires_on": date(2027, 6, 30),
        "site": "deltoid",
        "side": "left",
        "authority": "prescription",
        "reaction_grade": "none",
    } | fields
    return Injection(**given)


def give(regimen: Regimen, by: User, given_on: date, **fields: Any) -> Recorded:
    """Record the dose waited for as given on a day, at noon of that day."""
    return record_given(
        dose=next_dose(regimen),
        injection=an_injection(given_on, **fields),
        form_key=uuid4(),
        by=by,
        at=datetime(given_on.year, given_on.month, given_on.day, 12, 0, tzinfo=UTC),
        today=given_on,
    )


ANSWERS = {
    "identity": ["name", "born_on"],
    "allergy": "no",
    "unwell": "no",
    "pregnant": "not_applicable",
    "anticoagulant": "no",
    "consent": "yes",
}
"""What is answered before an injection that nothing speaks against, as the form sends it."""
