"""What the late-dose rules say of a planned dose given, or about to be given, on a day."""

from datetime import date

from b12clinic.prepared import PreparedObjects
from regimens.models import Dose, DoseState, Regimen, Revision, RevisionKind
from regimens.policies import policy_of
from regimens.protocols.policy import Policy
from regimens.protocols.schema import PhaseSpec
from regimens.protocols.vocabulary import LateChoice
from regimens.protocols.windows import LateAdvice, late_advice, window_of

ANSWERING = (RevisionKind.GIVEN, RevisionKind.CORRECTED, RevisionKind.RESUMED, RevisionKind.DECIDED)
"""What opens or closes the question of a late dose: the last of these says whether it was decided."""


def advice_for(
    dose: Dose,
    regimen: Regimen,
    given_on: date,
    *,
    policy: Policy | None = None,
    last_given_on: date | None = None,
) -> LateAdvice:
    """The advice of the regimen's policy, counted from the last dose that was given in it.

    Where the caller hands in the policy, it has read the last day as well; else both are read.
    """
    return late_advice(
        PhaseSpec.from_dict(dose.phase.spec),
        due_on=dose.due_on,
        given_on=given_on,
        last_given_on=_last_given_on(regimen) if policy is None else last_given_on,
        neurological=regimen.neurological,
        policy=policy or policy_of(regimen),
    )


def too_early_sentence(dose: Dose) -> str:
    """What is said of a dose before its window."""
    return f"Too early: the window of this dose opens on {dose.earliest_on:%d %b %Y}."


def _last_given_on(regimen: Regimen) -> date | None:
    return (
        Dose.objects.filter(phase__regimen=regimen, state=DoseState.GIVEN)
        .order_by("-given_as__given_on")
        .values_list("given_as__given_on", flat=True)
        .first()
    )


def is_decided(dose: Dose, regimen: Regimen, on: date, policy: Policy | None = None) -> bool:
    """Whether a clinician has decided that this late dose is to be given as it stands, and that still holds on a day."""
    answered = _LAST_ANSWER.of(regimen.pk)
    if not answered:
        return False
    [last] = answered
    return decision_holds(dose, last, regimen.clinic.local_date(last.at), on, policy or policy_of(regimen))


_LAST_ANSWER = PreparedObjects(
    Revision,
    lambda regimen: Revision.objects.filter(regimen=regimen, kind__in=ANSWERING).order_by("-number")[:1],
)


def decision_holds(dose: Dose, last: Revision, decided_on: date, on: date, policy: Policy) -> bool:
    """A decision to go on bears the dose's own window, counted from the day on which it was taken (local policy)."""
    if last.kind != RevisionKind.DECIDED or last.choice != LateChoice.CONTINUE:
        return False
    return on < window_of(PhaseSpec.from_dict(dose.phase.spec), decided_on, policy).overdue_on
