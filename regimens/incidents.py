"""What somebody must look at after an injection was recorded: too early, too late, expired, not as ordered, a reaction."""

from collections.abc import Iterator
from dataclasses import dataclass

from b12clinic.vocabulary import ReactionGrade, Severity
from regimens.models import Administration, Dose
from regimens.protocols.windows import LateAction, LateAdvice

LATE_DOSE = "LATE_DOSE_DECISION"
SEVERE_GRADES = frozenset({ReactionGrade.GRADE_3, ReactionGrade.GRADE_4, ReactionGrade.GRADE_5})


@dataclass(frozen=True, slots=True)
class Incident:
    """A rule's name, how hard it speaks, the sentence and where that comes from."""

    rule: str
    severity: Severity
    sentence: str
    source: str


def incidents(
    dose: Dose, given: Administration, advice: LateAdvice, *, decided: bool = False
) -> list[Incident]:
    """Every incident of one injection of a planned dose; `dose` with its phase, its window as it stood before.

    decided: a clinician decided before that the dose be given late.
    """
    return [*_timing(dose, given, advice, decided), *_product(given), *_order(dose, given), *_reaction(given)]


def _timing(dose: Dose, given: Administration, advice: LateAdvice, decided: bool) -> Iterator[Incident]:
    if advice.action is LateAction.CLINICIAN_REVIEW and not decided:
        yield Incident(LATE_DOSE, Severity.WARN, advice.sentence, advice.source)
    if given.given_on < dose.earliest_on:
        sentence = (
            f"Given on {given.given_on:%d %b %Y}, before the window opened on {dose.earliest_on:%d %b %Y}."
        )
        yield Incident("EARLY_DOSE", Severity.WARN, sentence, "Local policy: on-time windows")


def _product(given: Administration) -> Iterator[Incident]:
    if given.expires_on is not None and given.expires_on < given.given_on:
        sentence = (
            f"The product given on {given.given_on:%d %b %Y} had expired on {given.expires_on:%d %b %Y}."
        )
        yield Incident("EXPIRED_GIVEN", Severity.URGENT, sentence, "Local policy: expired products")


def _order(dose: Dose, given: Administration) -> Iterator[Incident]:
    phase = dose.phase
    if (given.drug, given.dose_mcg, given.route) != (phase.drug, phase.dose_mcg, phase.route):
        was = f"{given.get_drug_display()} {given.dose_mcg} mcg {given.get_route_display().lower()}"
        ordered = f"{phase.get_drug_display()} {phase.dose_mcg} mcg {phase.get_route_display().lower()}"
        yield Incident(
            "GIVEN_NOT_AS_ORDERED", Severity.WARN, f"Given {was}; ordered {ordered}.", "The signed regimen"
        )


def _reaction(given: Administration) -> Iterator[Incident]:
    if given.reaction_grade in SEVERE_GRADES:
        grade = given.get_reaction_grade_display()
        sentence = (
            f"Reaction after the injection of {given.given_on:%d %b %Y}: {grade}. {given.reaction}".strip()
        )
        yield Incident(
            "REACTION_SEVERE", Severity.URGENT, sentence, "Local policy: reactions of grade 3 and above"
        )
