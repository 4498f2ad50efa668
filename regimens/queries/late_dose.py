"""What a late-dose decision is taken on: the doses given and the doses still owed."""

from dataclasses import dataclass

from regimens.models import Dose, DoseState, Regimen


@dataclass(frozen=True, slots=True)
class CourseDoses:
    """A regimen's doses with their phases: given, oldest first, and owed, in the order in which they are waited for."""

    given: list[Dose]
    owed: list[Dose]


def doses_of_course(regimen: Regimen) -> CourseDoses:
    """The doses of a regimen, in one query."""
    rows = (
        Dose.objects.filter(phase__regimen=regimen)
        .exclude(state=DoseState.WITHDRAWN)
        .select_related("phase", "given_as")
        .order_by("phase__ordinal", "number")
    )
    doses = list(rows)
    given = [(one.given_as.given_on, place, one) for place, one in enumerate(doses) if one.given_as]
    return CourseDoses(
        given=[one for _, _, one in sorted(given)],
        owed=[one for one in doses if one.state == DoseState.OWED],
    )
