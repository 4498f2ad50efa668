"""The plan that the rules look at beside the patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..phasespec import PhaseSpec


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What has been drafted for the patient, before it is anyone's decision.

    `drug` and `route` are what the plan now says. `default_drug` is the drug of the plan before any finding changed it
    (None: the same), and `parenteral` says whether that plan was by injection: when a finding changes drug or route, the
    other findings stay those of the plan that it replaced. `allowed` is false for a withheld plan, which is drafted
    with what is known. `specs` are the phases still to be given.

    `running_kind`, `running_due_on` and `running_overdue_on` describe the next dose of a course that has begun, as it
    stood before it was moved to the day of the question: its phase, the day it was due by the pattern, and the first day
    outside its window. `running_advice` is what the table of late doses says of giving it today. `first_due_on` is the
    first dose that the draft lists.

    The last fields are for orders and pre-checks: `site`, `vial_mcg_per_ml`, `hours_since_last_dose` (when both moments
    are known), `interval_reason` (why maintenance is closer than usual), `stopping` with `stop_reason`.
    """

    pack_code: str
    drug: str
    route: str
    parenteral: bool
    allowed: bool
    specs: tuple[PhaseSpec, ...] = ()
    default_drug: str | None = None
    first_due_on: date | None = None
    running_kind: str | None = None
    running_due_on: date | None = None
    running_overdue_on: date | None = None
    running_advice: str = ""
    site: str | None = None
    vial_mcg_per_ml: int | None = None
    hours_since_last_dose: float | None = None
    interval_reason: str = ""
    stopping: bool = False
    stop_reason: str = ""

    @property
    def drug_before_swap(self) -> str:
        """The drug of the plan before any finding changed it."""
        return self.default_drug or self.drug
