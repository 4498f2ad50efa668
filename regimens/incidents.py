"""What somebody must look at after an injection was recorded: too early, too late, expired, not as ordered, a reaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from b12clinic.vocabulary import Medicine, ReactionGrade, Severity
from regimens.models import Administration, Dose
from regimens.protocols.policy import Policy
from regimens.protocols.prechecks import Question, denied_of_record, lacks_inr, speaks_against
from regimens.protocols.reactions import Consequence, consequence_of
from regimens.protocols.windows import LateAction, LateAdvice
from regimens.queries.formulary import is_outside_formulary

LATE_DOSE = "LATE_DOSE_DECISION"
REACTION_RULES = ("REACTION_REVIEW", "REACTION_SEVERE", "REACTION_ANAPHYLAXIS")
"""The alerts that the next dose waits for."""

OF_AN_INJECTION = (
    *REACTION_RULES,
    "EARLY_DOSE",
    "EXPIRED_GIVEN",
    "GIVEN_NOT_AS_ORDERED",
    "GIVEN_AGAINST_ANSWER",
    "GIVEN_DESPITE_BLOCK",
    "PSD_NOT_IN_FORCE",
    "DOUBLE_INJECTION",
    "EXTRA_INJECTION",
)
"""The alerts that speak of an injection as it was recorded: they fall with it."""

SEVERE_GRADES = frozenset({ReactionGrade.GRADE_3, ReactionGrade.GRADE_4, ReactionGrade.GRADE_5})
_IN_WORDS = {
    Question.ALLERGY: "a reaction to B12 or an injection was told of",
    Question.UNWELL: "unwell on the day",
    Question.PREGNANT: "pregnant, or may be",
    Question.ANTICOAGULANT: "INR above the limit",
    Question.CONSENT: "no consent",
}


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
    """What speaks of the plan in one injection of a planned dose; `dose` with its phase, its window as it stood before.

    decided: a clinician decided before that the dose be given late.
    """
    return [*_timing(dose, given, advice, decided), *_order(dose, given)]


def incidents_of_any(
    given: Administration,
    policy: Policy,
    *,
    blocks: Sequence[str] = (),
    without_direction: bool = False,
    outside_formulary: bool | None = None,
) -> list[Incident]:
    """What speaks of any injection, planned or not.

    blocks: the sentences of blocking rules that the nurse had before them. without_direction: said to be given under a
    patient-specific direction when none was in force. outside_formulary: whether the clinic's formulary lacks the product,
    where the caller has looked.
    """
    return [
        *_product(given),
        *_not_in_formulary(given, outside_formulary),
        *_reaction(given),
        *_answers(given, policy),
        *_blocks(given, blocks),
        *(_no_direction(given) if without_direction else ()),
    ]


def double_incident(given: Administration, first: Administration) -> Incident:
    """A second injection of one dose by somebody who did not know of the first."""
    who = first.given_by.display_name if first.given_by else "elsewhere"
    sentence = (
        f"Two injections for one dose: given on {first.given_on:%d %b %Y} ({who}), and on {given.given_on:%d %b %Y} "
        "on top of the plan."
    )
    return Incident("DOUBLE_INJECTION", Severity.URGENT, sentence, "Local policy: never two for one dose")


def unplanned_incident(given: Administration) -> Incident:
    """An injection of a dose that was no longer planned when it was recorded."""
    sentence = f"Given on {given.given_on:%d %b %Y}, though the dose was no longer planned; recorded on top of the plan."
    return Incident("GIVEN_NOT_PLANNED", Severity.WARN, sentence, "The signed regimen")


def extra_incidents(given: Administration, last_on: date | None, gap_days: int) -> list[Incident]:
    """An injection on top of the plan that came too soon after the one before it.

    last_on: the nearest other injection at or before it. gap_days: the minimum between two.
    """
    if last_on is not None and (given.given_on - last_on).days < max(gap_days, 1):
        sentence = (
            f"An injection on top of the plan on {given.given_on:%d %b %Y}, "
            f"{_days((given.given_on - last_on).days)} after that of {last_on:%d %b %Y}: the minimum is {_days(gap_days)}."
        )
        severity = Severity.URGENT if given.given_on == last_on else Severity.WARN
        return [Incident("EXTRA_INJECTION", severity, sentence, "Local policy: minimum intervals")]
    return []


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


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


def _not_in_formulary(given: Administration, outside: bool | None) -> Iterator[Incident]:
    """Of what this clinic gave itself; elsewhere they have their own products."""
    if not given.product or given.given_by_id is None:
        return
    if is_outside_formulary(given.clinic_id, given.product) if outside is None else outside:
        sentence = f"The product given on {given.given_on:%d %b %Y} is not in the clinic's formulary: {given.product}."
        yield Incident("PRODUCT_UNKNOWN", Severity.WARN, sentence, "Local policy: the clinic's formulary")


def _order(dose: Dose, given: Administration) -> Iterator[Incident]:
    phase = dose.phase
    if (given.drug, given.dose_mcg, given.route) != (phase.drug, phase.dose_mcg, phase.route):
        was = f"{given.get_drug_display()} {given.dose_mcg} mcg {given.get_route_display().lower()}"
        ordered = f"{phase.get_drug_display()} {phase.dose_mcg} mcg {phase.get_route_display().lower()}"
        yield Incident(
            "GIVEN_NOT_AS_ORDERED", Severity.WARN, f"Given {was}; ordered {ordered}.", "The signed regimen"
        )


def _reaction(given: Administration) -> Iterator[Incident]:
    consequence = consequence_of(given.reaction_grade, given.reactions or ())
    grade = given.get_reaction_grade_display()
    told = f"after the injection of {given.given_on:%d %b %Y}: {grade}. {given.reaction}".rstrip(" .") + "."
    if consequence is Consequence.EMERGENCY:
        yield Incident(
            "REACTION_ANAPHYLAXIS",
            Severity.URGENT,
            f"Anaphylactic reaction {told} The allergy is on record and a running regimen paused: review before any further dose.",
            "Local policy: anaphylactic reactions",
        )
    elif given.reaction_grade in SEVERE_GRADES:
        yield Incident(
            "REACTION_SEVERE",
            Severity.URGENT,
            f"Reaction {told}",
            "Local policy: reactions of grade 3 and above",
        )
    elif consequence is Consequence.REVIEW:
        yield Incident(
            "REACTION_REVIEW",
            Severity.WARN,
            f"Reaction {told} The next dose waits for a prescriber's review.",
            "Local policy: reactions of grade 2 and generalised ones",
        )


def _answers(given: Administration, policy: Policy) -> Iterator[Incident]:
    answers = given.prechecks or {}
    against = speaks_against(answers, policy.inr_limit, given.route)
    words = [_IN_WORDS[question] for question in against]
    words += ["last INR not known"] if lacks_inr(answers, given.route) else []
    words += [f"on record: {Medicine.label_of(code).lower()}, denied" for code in denied_of_record(answers)]
    if words:
        told = ", ".join(words)
        severity = Severity.URGENT if {Question.ALLERGY, Question.CONSENT} & set(against) else Severity.WARN
        sentence = f"Given on {given.given_on:%d %b %Y} although: {told}."
        yield Incident("GIVEN_AGAINST_ANSWER", severity, sentence, "Local policy: questions before giving")


def _blocks(given: Administration, blocks: Sequence[str]) -> Iterator[Incident]:
    if blocks:
        sentence = f"Given on {given.given_on:%d %b %Y} although a rule blocked it: {' '.join(blocks)}"
        yield Incident("GIVEN_DESPITE_BLOCK", Severity.URGENT, sentence, "The safety rules")


def _no_direction(given: Administration) -> Iterator[Incident]:
    sentence = f"Given on {given.given_on:%d %b %Y} under a patient-specific direction, but none was in force on that day."
    yield Incident("PSD_NOT_IN_FORCE", Severity.WARN, sentence, "Local policy: directions to give")
