"""A recommendation made into dates for one clinic: what the preview shows is what the signature saves."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from b12clinic.accounts.models import Clinic
from b12clinic.vocabulary import PhaseKind, Severity
from regimens.calendars import calendar_of
from regimens.facts import facts_from_json
from regimens.models import Assessment
from regimens.packs import load_packs
from regimens.protocols.facts import PatientFacts
from regimens.protocols.findings import FindingRaised
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT, Policy
from regimens.protocols.recommendation import Recommendation
from regimens.protocols.schedule import PhaseForecast, forecast
from regimens.protocols.selection import Candidate, candidates, recommend_protocol

YEAR_AHEAD = timedelta(days=364)
PACKS_COMPARED = ("uk", "us-label", "us-practice", "nl")


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a clinician changed of a protocol: first day, weekdays that suit, maintenance interval with its reason.

    weekdays: Monday is 0; None means every day on which the clinic is open.
    """

    starts_on: date
    weekdays: frozenset[int] | None = None
    maintenance: Interval | None = None
    reason: str = ""


def policy_for(clinic: Clinic) -> Policy:
    """The local policy that a new plan of a clinic is made under."""
    return DEFAULT


def pack_choices() -> list[tuple[str, str]]:
    """The guidelines that offer protocols, by code and title."""
    return [(pack.code, pack.title) for pack in load_packs().values() if pack.protocols]


def facts_on(assessment: Assessment, today: date) -> PatientFacts:
    """What was judged, for a plan made on a day: dates count from there, never from the day of an older assessment."""
    facts = facts_from_json(assessment.facts)
    return replace(facts, as_of=max(facts.as_of, today))


def candidates_for(assessment: Assessment, today: date) -> tuple[Candidate, ...]:
    """Every pack's first choice and alternatives for an assessment, the clinic's own pack first."""
    packs = load_packs()
    compared = {code: packs[code] for code in PACKS_COMPARED if code in packs}
    found = candidates(facts_on(assessment, today), compared, policy_for(assessment.clinic))
    own = assessment.clinic.default_pack
    return tuple(sorted(found, key=lambda candidate: candidate.recommendation.pack.code != own))


def recommendation_for(assessment: Assessment, protocol_code: str, today: date) -> Recommendation:
    """One protocol worked out for an assessment as a plan made today. Raises KeyError for a code that no pack holds."""
    return recommend_protocol(
        facts_on(assessment, today), load_packs(), protocol_code, policy_for(assessment.clinic)
    )


def first_day(recommendation: Recommendation) -> date | None:
    """The first date the core proposes; None for a plan without dates (by mouth, or deferred)."""
    return next((dose.due_on for phase in recommendation.phases for dose in phase.doses), None)


def specs_of(recommendation: Recommendation, adjustment: Adjustment) -> tuple[PhaseSpec, ...]:
    """The phases still to give, with the clinician's maintenance interval in place of the protocol's."""
    return tuple(_adjusted(phase.spec, len(phase.doses), adjustment) for phase in recommendation.phases)


def _adjusted(spec: PhaseSpec, listed: int, adjustment: Adjustment) -> PhaseSpec:
    if spec.doses is not None and listed:
        spec = replace(spec, doses=listed)  # doses already given in this course are counted, not repeated
    if adjustment.maintenance is not None and spec.kind is PhaseKind.MAINTENANCE:
        spec = replace(spec, interval=adjustment.maintenance, gaps=(), lead=None)
    return spec


def preview(
    specs: tuple[PhaseSpec, ...], clinic: Clinic, adjustment: Adjustment, policy: Policy
) -> tuple[PhaseForecast, ...]:
    """Every date of the first year on the days that suit clinic and patient; an open loading shows its horizon only."""
    open_loading = any(spec.is_open_ended and spec.kind is not PhaseKind.MAINTENANCE for spec in specs)
    return forecast(
        specs,
        start_on=adjustment.starts_on,
        calendar=calendar_of(clinic, adjustment.weekdays),
        policy=policy,
        until=None if open_loading else adjustment.starts_on + YEAR_AHEAD,
    )


def blocks(recommendation: Recommendation) -> tuple[FindingRaised, ...]:
    """The findings that a prescriber must override in writing before signing."""
    return tuple(finding for finding in recommendation.alerts if finding.severity is Severity.BLOCK)
