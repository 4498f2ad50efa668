"""One patient, one guideline: what the patient needs and which route comes first (evidence section 5a)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from b12clinic.vocabulary import CauseDetail, Condition, Drug, Pregnancy
from regimens.protocols.facts import PatientFacts
from regimens.protocols.pack import Indication, Pack
from regimens.protocols.policy import Policy
from regimens.protocols.reading import Reading, detail_is, read
from regimens.protocols.reading.exposure import is_oral

AGAINST_TABLETS = (
    Condition.DEMENTIA,
    Condition.FRAILTY,
    Condition.POOR_ADHERENCE,
    Condition.SWALLOWING_PROBLEM,
)
MIXED_DEFICIENCY_HB = Decimal(100)
"""g/L below which a mixed nutritional deficiency is injected first [local policy]."""


@dataclass(frozen=True)
class Situation:
    """The patient as read with a pack's cut-offs. `of` reads; everything else follows from the reading."""

    facts: PatientFacts
    reading: Reading
    pack: Pack
    policy: Policy

    @classmethod
    def of(cls, facts: PatientFacts, pack: Pack, policy: Policy) -> Situation:
        return cls(facts, read(facts, pack.bands, pack.mma_upper, policy), pack, policy)

    @property
    def withheld_by(self) -> tuple[str, ...]:
        """The codes for which no plan is made."""
        return self.reading.plan_withheld_by

    @property
    def leber(self) -> bool:
        """The Leber scheme applies: Leber optic neuropathy, or tobacco amblyopia, which has the same licensed scheme."""
        return self.reading.leber or Condition.TOBACCO_AMBLYOPIA in self.facts.conditions

    @property
    def is_pregnant_or_breastfeeding(self) -> bool:
        return self.facts.pregnancy in (Pregnancy.PREGNANT, Pregnancy.BREASTFEEDING)

    @cached_property
    def indication(self) -> Indication:
        """What the patient needs, whatever the route: Leber, nerves, prophylaxis, standard, in this order."""
        if self.leber:
            return Indication.LEBER
        if self.reading.neurological:
            return Indication.NEUROLOGICAL
        return Indication.PROPHYLAXIS if self.reading.prophylaxis else Indication.STANDARD

    @cached_property
    def injections_begun(self) -> bool:
        """A course of injections is running."""
        return any(not is_oral(dose) for dose in self.facts.doses_given)

    @cached_property
    def against_tablets(self) -> tuple[str, ...]:
        """Why injections come first even where tablets otherwise would; empty where nothing stands against them."""
        return tuple(self._against_tablets())

    def _against_tablets(self) -> Iterator[str]:
        if self.reading.neurological:
            yield "neurological or optic signs"
        if self.reading.below("haemoglobin", self.policy.severe_anaemia_hb):
            yield f"haemoglobin below {self.policy.severe_anaemia_hb} g/L"
        if self.is_pregnant_or_breastfeeding:
            yield Pregnancy.label_of(self.facts.pregnancy).lower()
        for condition in AGAINST_TABLETS:
            if condition in self.facts.conditions:
                yield condition.label.lower()
        if detail_is(self.facts, CauseDetail.MIXED_NUTRITIONAL) and self._blood_count_is_poor:
            yield "a mixed nutritional deficiency with a poor blood count"

    @property
    def _blood_count_is_poor(self) -> bool:
        """Low platelets, low white cells, or haemoglobin below 100 g/L."""
        return (
            self.reading.below("platelets", self.policy.platelets_low)
            or self.reading.below("white_cells", self.policy.white_cells_low)
            or self.reading.below("haemoglobin", MIXED_DEFICIENCY_HB)
        )

    @cached_property
    def tablets_first(self) -> bool:
        """The guideline puts tablets before injections for this patient."""
        return self._tablets_fit and not self.leber

    @property
    def _tablets_fit(self) -> bool:
        if self.injections_begun or self.against_tablets:
            return False
        return self.pack.oral.is_first_for(self.facts.cause)

    @property
    def drug_but_for_leber(self) -> Drug:
        """What the guideline would give first here without Leber: its tablets, which are cyanocobalamin, or its injection."""
        return Drug.CYANOCOBALAMIN if self._tablets_fit else self.pack.default_drug

    @property
    def tablets_may_serve(self) -> bool:
        """Tablets may at least be offered: by the cause, or in pregnancy at 1 mg a day or more."""
        oral = self.pack.oral
        return (
            oral.is_first_for(self.facts.cause)
            or self.facts.cause in oral.alternative_for
            or self.is_pregnant_or_breastfeeding
        )
