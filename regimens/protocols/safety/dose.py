"""The amount: slips of a thousand, and a scheme that does not fit its vial."""

from __future__ import annotations

from b12clinic.vocabulary import Drug, Severity

from ..reading import PlanDraft, Reading
from ..reading.exposure import is_oral
from . import sources
from .rule import Said, rule

LABEL_DOSE_MCG = 100
HIGH_DOSE_MCG = 1000


@rule("DOSE_HIGH", Severity.WARN, sources=(sources.LOCAL,), reach="dose")
def dose_high(reading: Reading, draft: PlanDraft | None) -> Said | None:
    planned = [spec.dose_mcg for spec in draft.specs if spec.is_injected] if draft else []
    given = [dose.dose_mcg for dose in reading.facts.doses_given if not is_oral(dose)]
    highest = max([*planned, *given], default=0)
    figures = reading.policy
    if highest <= figures.dose_warn_above_mcg:
        return None
    severity = Severity.BLOCK if highest > figures.dose_block_above_mcg else Severity.WARN
    return Said(
        severity, f"{highest} mcg in one injection is more than usual: was milligram meant, or microgram?"
    )


@rule("DOSE_LOW_FORM", Severity.WARN, sources=(sources.LOCAL,))
def dose_does_not_fit(reading: Reading, draft: PlanDraft | None) -> str | None:
    if draft is None:
        return None
    doses = [spec.dose_mcg for spec in draft.specs if spec.is_injected]
    if Drug.HYDROXOCOBALAMIN in (draft.drug, reading.facts.requested_drug) and any(
        d <= LABEL_DOSE_MCG for d in doses
    ):
        return "A 100 mcg scheme with hydroxocobalamin: the scheme is cyanocobalamin's; check drug and dose."
    if draft.vial_mcg_per_ml == LABEL_DOSE_MCG and any(dose >= HIGH_DOSE_MCG for dose in doses):
        return "A 1 mg scheme with a vial of 100 mcg/mL would take 10 mL: use a vial of 1000 mcg/mL."
    return None
