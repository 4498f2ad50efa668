"""What the late-dose rules say of a planned dose given, or about to be given, on a day."""

from datetime import date

from regimens.models import Dose, DoseState, Regimen
from regimens.policies import policy_of
from regimens.protocols.schema import PhaseSpec
from regimens.protocols.windows import LateAdvice, late_advice


def advice_for(dose: Dose, regimen: Regimen, given_on: date) -> LateAdvice:
    """The advice of the regimen's policy, counted from the last dose that was given in it."""
    last = (
        Dose.objects.filter(phase__regimen=regimen, state=DoseState.GIVEN)
        .order_by("-given_as__given_on")
        .values_list("given_as__given_on", flat=True)
        .first()
    )
    return late_advice(
        PhaseSpec.from_dict(dose.phase.spec),
        due_on=dose.due_on,
        given_on=given_on,
        last_given_on=last,
        neurological=regimen.neurological,
        policy=policy_of(regimen),
    )
