"""What the symptoms, signs and conditions say of nerves and eyes (evidence section 6)."""

from __future__ import annotations

from dataclasses import dataclass

from b12clinic.vocabulary import Cause, Condition, Finding, Medicine

from ..facts import PatientFacts

NEURO_URGENT_FINDINGS = frozenset(
    {
        Finding.PARAESTHESIA_FEET,
        Finding.PARAESTHESIA_HANDS_FEET,
        Finding.NUMBNESS,
        Finding.WEAKNESS,
        Finding.REDUCED_ANKLE_JERKS,
        Finding.IMPAIRED_VIBRATION_SENSE,
        Finding.IMPAIRED_PROPRIOCEPTION,
        Finding.ATAXIC_GAIT,
        Finding.ROMBERG_POSITIVE,
        Finding.LHERMITTE,
        Finding.SPASTICITY,
        Finding.SPHINCTER_DISTURBANCE,
    }
)
# Vibration or position loss with gait change is the seventh trigger; the gait change itself is already here.
CORD_FINDINGS = frozenset(
    {
        Finding.ATAXIC_GAIT,
        Finding.ROMBERG_POSITIVE,
        Finding.LHERMITTE,
        Finding.WEAKNESS,
        Finding.SPASTICITY,
        Finding.SPHINCTER_DISTURBANCE,
    }
)
OPTIC_FINDINGS = frozenset(
    {Finding.BLURRED_VISION, Finding.VISUAL_LOSS, Finding.SCOTOMA, Finding.OPTIC_ATROPHY}
)
UNSURE_NEURO_FINDINGS = frozenset(
    {Finding.BRAIN_FOG, Finding.COGNITIVE_CHANGE, Finding.PSYCHOSIS, Finding.DEPRESSION, Finding.FALLS}
)


@dataclass(frozen=True, slots=True)
class Signs:
    """Nerves and eyes. `neuro_signs` and the like are the findings themselves, in the order of the alphabet."""

    neuro_signs: tuple[str, ...]
    cord_signs: tuple[str, ...]
    optic_signs: tuple[str, ...]
    unsure_signs: tuple[str, ...]
    neuro_answer: bool | None
    leber: bool
    leber_risk: bool
    nitrous_oxide: bool
    nitrous_oxide_cause: bool

    @property
    def neuro_urgent(self) -> bool:
        """A sensory or motor sign, or the clinician's yes. A clinician's no does not take back a sign."""
        return bool(self.neuro_signs) or self.neuro_answer is True

    @property
    def neuro_unanswered(self) -> bool:
        """Findings that may or may not be neurological, and nobody has said which."""
        return bool(self.unsure_signs) and not self.neuro_urgent and self.neuro_answer is None

    @property
    def neuro_or_optic(self) -> bool:
        """A neurological or an optic sign."""
        return self.neuro_urgent or bool(self.optic_signs)

    @property
    def neurological(self) -> bool:
        """Whether the neurological scheme applies: NEURO_URGENT, SCD_EMERGENCY or OPTIC_URGENT, nitrous oxide always."""
        return self.neuro_or_optic or self.nitrous_oxide_cause


def read_signs(facts: PatientFacts) -> Signs:
    """Sort the findings. A Leber family history with an optic sign is read as early Leber optic neuropathy."""
    optic = _sorted(facts.findings & OPTIC_FINDINGS)
    family = Condition.LEBER_FAMILY_HISTORY in facts.conditions
    leber = Condition.LEBER_HEREDITARY_OPTIC_NEUROPATHY in facts.conditions or (family and bool(optic))
    gas_as_cause = facts.cause == Cause.NITROUS_OXIDE
    return Signs(
        neuro_signs=_sorted(facts.findings & NEURO_URGENT_FINDINGS),
        cord_signs=_sorted(facts.findings & CORD_FINDINGS),
        optic_signs=optic,
        unsure_signs=_sorted(facts.findings & UNSURE_NEURO_FINDINGS),
        neuro_answer=facts.neuro_answer,
        leber=leber,
        leber_risk=leber or family,
        nitrous_oxide=gas_as_cause or any(one.code == Medicine.NITROUS_OXIDE for one in facts.medications),
        nitrous_oxide_cause=gas_as_cause,
    )


def _sorted(codes: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(str(code) for code in codes))
