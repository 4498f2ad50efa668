"""What the safety rules say of a running regimen today, with the labs, medicines and injections as they are now."""

from datetime import date

from b12clinic.vocabulary import Severity
from monitoring.models import Alert
from regimens.alert_origins import origins_of_rule
from regimens.facts import Judgement, facts_of
from regimens.incidents import LATE_DOSE, REACTION_RULES
from regimens.lateness import advice_for, is_decided, too_early_sentence
from regimens.models import Assessment, Dose, Neuro, Regimen, Revision, RevisionKind
from regimens.packs import load_packs
from regimens.policies import policy_of
from regimens.protocols.findings import FindingRaised
from regimens.protocols.selection import recommend_protocol
from regimens.protocols.windows import LateAction

LATE_RULES = frozenset({"LATE_LOADING", "LATE_MAINT"})
SEVERE_ENOUGH = frozenset({Severity.BLOCK, Severity.URGENT, Severity.WARN})


def judgement_of(assessment: Assessment, *, continues_course: bool) -> Judgement:
    """The clinician's judgement as it was written down."""
    return Judgement(
        cause=assessment.cause,
        certainty=assessment.certainty,
        cause_detail=assessment.cause_detail,
        neuro={Neuro.YES: True, Neuro.NO: False}.get(Neuro(assessment.neuro)),
        pregnancy=assessment.pregnancy,
        gestation_weeks=assessment.gestation_weeks,
        nitrous_oxide_planned=assessment.nitrous_oxide_planned,
        findings=frozenset(assessment.findings),
        continues_course=continues_course,
    )


def findings_for(regimen: Regimen, today: date) -> tuple[FindingRaised, ...]:
    """Every finding of the rules for a regimen as of today, hardest first."""
    signed = Revision.objects.filter(regimen=regimen, kind=RevisionKind.SIGNED).latest("number")
    facts = facts_of(
        regimen.patient,
        judgement_of(regimen.assessment, continues_course=True),
        guideline=signed.pack,
        as_of=today,
    )
    return recommend_protocol(facts, load_packs(), signed.protocol, policy_of(regimen)).alerts


def check_before_giving(dose: Dose, today: date) -> list[FindingRaised]:
    """What a nurse must know before this dose is given: timing first, then the rules that block, urge or warn."""
    regimen = dose.phase.regimen
    rules = [finding for finding in findings_for(regimen, today) if finding.severity in SEVERE_ENOUGH]
    timing = _timing(dose, today)
    if timing:  # the sharper sentence about the same day speaks alone
        rules = [finding for finding in rules if finding.code not in LATE_RULES]
    return [*_waiting_reviews(dose), *timing, *rules]


def _waiting_reviews(dose: Dose) -> list[FindingRaised]:
    """A reaction that a prescriber has not looked at yet: the next dose waits for that (evidence section 9)."""
    waiting = Alert.objects.filter(patient_id=dose.patient_id, rule__in=REACTION_RULES, ended_at=None)
    return [
        FindingRaised(
            alert.rule,
            Severity.BLOCK,
            alert.sentence,
            alert.source,
            overridable=True,
            reach="dose",
            local_policy=True,
            origins=origins_of_rule(alert.rule),
        )
        for alert in waiting.order_by("raised_at")
    ]


def _timing(dose: Dose, today: date) -> list[FindingRaised]:
    if today >= dose.overdue_on:
        return _late(dose, today)
    if today >= dose.earliest_on:
        return []
    return [
        FindingRaised(
            "EARLY_DOSE",
            Severity.WARN,
            too_early_sentence(dose),
            "Local policy: on-time windows",
            overridable=True,
            local_policy=True,
            origins=origins_of_rule("EARLY_DOSE"),
        )
    ]


def _late(dose: Dose, today: date) -> list[FindingRaised]:
    """So late that a clinician decides: said before the injection, in the words of the alert that would follow it."""
    regimen = dose.phase.regimen
    advice = advice_for(dose, regimen, today)
    if advice.action is not LateAction.CLINICIAN_REVIEW or is_decided(dose, regimen, today):
        return []
    return [
        FindingRaised(
            LATE_DOSE,
            Severity.WARN,
            advice.sentence,
            advice.source,
            overridable=True,
            local_policy=advice.local_policy,
            origins=advice.origins,
        )
    ]
