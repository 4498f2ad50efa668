"""How treatment stands: the response, what to reassess where it fails, and which test finds the cause, from a chart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Cause, Certainty, Pregnancy, Route
from monitoring.interpretation.trajectory import ResponseAssessment, Verdict
from regimens.facts import Judgement, dose_given, facts_of
from regimens.models import Assessment, Phase
from regimens.packs import load_packs
from regimens.policies import policy_from
from regimens.protocols.cause_finding import NextTest, next_tests
from regimens.protocols.facts import DoseGiven
from regimens.protocols.normal_b12 import Pathway, pathway_of
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import DEFAULT
from regimens.protocols.reassessment import ChecklistItem, Record, Spacing, checklist
from regimens.protocols.response import response_of
from regimens.protocols.situation import Situation
from regimens.queries.chart import Chart
from regimens.safety_check import judgement_of


@dataclass(frozen=True, slots=True)
class Standing:
    """`response` is None before the first day of treatment; `checklist` is empty unless the response is inadequate.

    `situation` is the picture that all of it was read from; None for a patient whom nobody has assessed. `pathway` is
    what comes before any change of dose where symptoms go on with a B12 that is not low.
    """

    response: ResponseAssessment | None
    checklist: tuple[ChecklistItem, ...]
    next_tests: tuple[NextTest, ...]
    situation: Situation | None = None
    pathway: Pathway | None = None


NOT_JUDGED = Judgement(
    cause=Cause.UNKNOWN.value,
    certainty=Certainty.UNKNOWN.value,
    cause_detail="",
    neuro=None,
    pregnancy=Pregnancy.NONE.value,
    gestation_weeks=None,
    findings=frozenset(),
    continues_course=True,
)
NOTHING_JUDGED = Standing(None, (), ())


def standing_of(chart: Chart, patient: Patient, today: date) -> Standing:
    """What a chart says on a day; nothing for a patient whom nobody has assessed. Asks the database for nothing more."""
    situation = situation_of(chart, patient, today)
    if situation is None:
        return NOTHING_JUDGED
    response = response_of(situation)
    inadequate = response is not None and response.verdict is Verdict.INADEQUATE
    return Standing(
        response,
        checklist(situation.reading, record_of(chart, today)) if inadequate else (),
        next_tests(situation.reading),
        situation,
        pathway_of(situation, record_of(chart, today)) if situation.facts.symptoms else None,
    )


def questions_of(standing: Standing) -> tuple[ChecklistItem, ...]:
    """The questions that a conclusion goes through: the checklist, or those of the pathway that a clinician answers."""
    if standing.checklist or standing.pathway is None:
        return standing.checklist
    return tuple(
        ChecklistItem(step.code, step.question, None, step.source)
        for step in standing.pathway.open_steps
        if not step.tests
    )


def tests_to_ask(patient: Patient, today: date) -> tuple[NextTest, ...]:
    """What finds the cause, by the last assessment; before the first one nothing is known of it."""
    last = Assessment.objects.filter(patient=patient).first()
    pack = load_packs().get(last.facts["guideline"] if last else patient.clinic.default_pack)
    if pack is None:
        return ()
    judgement = judgement_of(last, continues_course=True) if last else NOT_JUDGED
    facts = facts_of(patient, judgement, guideline=pack.code, as_of=today)
    return next_tests(Situation.of(facts, pack, DEFAULT).reading)


def situation_of(chart: Chart, patient: Patient, today: date) -> Situation | None:
    """The patient read by the guideline that the plan was signed by, else the one that was assessed with."""
    assessment, signed, packs = chart.assessment, chart.signed, load_packs()
    if assessment is None:
        return None
    guideline = signed.pack if signed else assessment.facts["guideline"]
    if guideline not in packs:
        return None
    facts = facts_of(
        patient,
        judgement_of(assessment, continues_course=True),
        guideline=guideline,
        as_of=today,
        results=chart.results,
        injections=_given(chart),
        scores=chart.scores,
        phases=_running_phases(chart),
    )
    kept = signed.policy_snapshot if signed else None
    return Situation.of(facts, packs[guideline], policy_from(kept))


def _running_phases(chart: Chart) -> list[Phase]:
    """The phases of the running regimen, each with it at hand."""
    running = chart.running
    if running is None:
        return []
    phases = chart.phases.get(running.pk, [])
    for phase in phases:
        phase.regimen = running
    return phases


def _given(chart: Chart) -> list[DoseGiven]:
    kinds = {pk: phase.kind for pk, phase in chart.phase_by_pk.items()}
    return [dose_given(one, kinds[one.fulfils.phase_id] if one.fulfils else None) for one in chart.injections]


def record_of(chart: Chart, today: date) -> Record:
    """What the rows say of the course: doses missed or late, and how they were given."""
    given = chart.injections
    late = [(one.given_on - one.fulfils.due_on).days for one in given if one.fulfils and one.is_late]
    return Record(
        doses_missed=sum(dose.overdue_on <= today for doses in chart.owed.values() for dose in doses)
        if chart.running
        else None,
        doses_late=len(late),
        longest_late_days=max(late, default=0),
        sites=tuple(dict.fromkeys(one.site for one in given if one.site)),
        by_skin=sum(one.route == Route.SC for one in given),
        expired=sum(one.expires_on is not None and one.expires_on < one.given_on for one in given),
        in_date=sum(one.expires_on is not None and one.expires_on >= one.given_on for one in given),
        spacings=tuple(_spacings(chart, today)),
    )


def _spacings(chart: Chart, today: date) -> Iterator[Spacing]:
    """Every phase of the running regimen from whose doses a gap can be told, its lead-in and a gap still open included."""
    last = None
    for phase in _running_phases(chart):
        given = [one for one in chart.injections if one.fulfils and one.fulfils.phase_id == phase.pk]
        waited = any(dose.overdue_on <= today for dose in chart.owed.get(phase.pk, []))
        days = [*([last] if last else []), *(one.given_on for one in given), *([today] if waited else [])]
        if (given or waited) and len(days) > 1:
            longest = max((after - before).days for before, after in pairwise(days))
            late = waited or any(one.is_late for one in given)
            yield Spacing(PhaseSpec.from_dict(phase.spec), longest, late)
        last = given[-1].given_on if given else last
