"""Is there a deficiency, and how is it known (evidence sections 2a, 2c and 6)?"""

from __future__ import annotations

from dataclasses import dataclass

from b12clinic.vocabulary import Cause, Classification, Condition, PhaseKind
from monitoring.interpretation.bands import Band, Bands, MmaUpper, band_of, mma_raised
from monitoring.interpretation.lab_value import LabValue
from monitoring.interpretation.measured import POSITIVE, Measured, Results

from ..facts import PatientFacts
from ..policy import Policy
from .exposure import B12_ANALYTES
from .signs import Signs

PROPHYLAXIS_CAUSES = frozenset({Cause.TOTAL_GASTRECTOMY, Cause.ILEAL_RESECTION, Cause.BARIATRIC_SURGERY})
_STAGE_BELOW_60 = frozenset({Condition.CKD_3, Condition.CKD_4, Condition.CKD_5})


@dataclass(frozen=True, slots=True)
class B12Value:
    """A serum B12 that decides the class: the value, its band (None: cannot be banded), whether a dose has spoilt it."""

    measured: Measured
    band: Band | None
    recent_dose: bool


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the results say of the deficiency, before any plan."""

    b12_values: tuple[B12Value, ...]
    b12_low: bool
    b12_indeterminate: bool
    b12_above_cut_off: bool
    b12_unknown: bool
    unresolved_units: tuple[str, ...]
    recent_b12: tuple[LabValue, ...]
    mma: Measured | None
    mma_raised: bool
    mma_reliable: bool
    homocysteine_raised: bool
    renal_impairment: bool
    antibody: Measured | None
    antibody_positive: bool
    prophylaxis: bool
    supports: tuple[str, ...]
    classification: Classification

    @property
    def mma_shows_deficiency(self) -> bool:
        """Methylmalonic acid above its limit where the kidneys allow it to be read."""
        return self.mma_raised and self.mma_reliable

    @property
    def shown(self) -> bool:
        """Deficiency shown by B12, active B12 or methylmalonic acid."""
        return self.b12_low or self.mma_shows_deficiency


def kidneys_impaired(facts: PatientFacts, results: Results, policy: Policy) -> bool:
    """eGFR below 60; without an eGFR, a recorded kidney disease of stage 3 or more, which is the same by definition."""
    egfr = results.latest("egfr")
    if egfr is not None:
        return egfr.below(policy.egfr_mma_reliable)
    return bool(facts.conditions & _STAGE_BELOW_60)


def diagnose(
    facts: PatientFacts,
    results: Results,
    signs: Signs,
    *,
    bands: Bands,
    upper: MmaUpper,
    policy: Policy,
    spoilt: frozenset[LabValue],
) -> Diagnosis:
    """Put the results together. `spoilt` are the B12 results that a recent dose made unreadable."""
    values = tuple(_deciding_values(results, bands, spoilt))
    recent = tuple(lab for name in B12_ANALYTES for lab in results.labs(name) if lab in spoilt)
    found = [one.band for one in values]
    low = Band.DEFICIENT in found
    indeterminate = not low and Band.INDETERMINATE in found
    mma = results.baseline("methylmalonic_acid") or results.latest("methylmalonic_acid")
    raised = mma is not None and mma_raised(mma, upper, facts.age)
    homocysteine = results.baseline("homocysteine") or results.latest("homocysteine")
    antibody = _telling_antibody(results)
    impaired = kidneys_impaired(facts, results, policy)
    picture = _Picture(
        facts=facts,
        signs=signs,
        low=low,
        indeterminate=indeterminate,
        spoilt=any(one.recent_dose for one in values),
        recent=bool(recent),
        unresolved=() if low else _unresolved(values, course_begun=facts.treatment_began_on is not None),
        known=any(one.band is not None for one in values),
        mma=raised and not impaired,
        homocysteine=homocysteine is not None and homocysteine.above(policy.homocysteine_high),
        antibody=antibody is not None and antibody.word == POSITIVE,
    )
    return Diagnosis(
        b12_values=values,
        b12_low=low,
        b12_indeterminate=indeterminate,
        b12_above_cut_off=not low and any(one.band is not None and not one.recent_dose for one in values),
        b12_unknown=not low and all(one.band is None or one.recent_dose for one in values),
        unresolved_units=picture.unresolved,
        recent_b12=recent,
        mma=mma,
        mma_raised=raised,
        mma_reliable=not impaired,
        homocysteine_raised=picture.homocysteine,
        renal_impairment=impaired,
        antibody=antibody,
        antibody_positive=picture.antibody,
        prophylaxis=picture.prophylaxis,
        supports=picture.supports(),
        classification=picture.classification(),
    )


def _deciding_values(results: Results, bands: Bands, spoilt: frozenset[LabValue]) -> list[B12Value]:
    """Per analyte the last value that no dose has spoilt, else the last of all; one with an unreadable unit included."""
    values = []
    for name in B12_ANALYTES:
        every = results.labs(name)
        if every:
            lab = next((one for one in reversed(every) if one not in spoilt), every[-1])
            chosen = results.measured(lab)
            values.append(B12Value(chosen, band_of(chosen, bands), lab in spoilt))
    return values


def _unresolved(values: tuple[B12Value, ...], *, course_begun: bool) -> tuple[str, ...]:
    """Doubts about a unit that the class hangs on. In a course that has begun, a value after a dose decides nothing."""
    deciding = [one.measured for one in values if not (course_begun and one.recent_dose)]
    return tuple(dict.fromkeys(doubt.code for one in deciding if one.blocked for doubt in one.doubts))


def _telling_antibody(results: Results) -> Measured | None:
    """The last positive result, since a negative one does not exclude; else the last of all."""
    every = [one for one in results.all("intrinsic_factor_antibody") if one.word is not None]
    positive = [one for one in every if one.word == POSITIVE]
    telling = positive or every
    return telling[-1] if telling else None


@dataclass(frozen=True, slots=True)
class _Picture:
    facts: PatientFacts
    signs: Signs
    low: bool
    indeterminate: bool
    spoilt: bool
    recent: bool
    unresolved: tuple[str, ...]
    known: bool
    mma: bool
    homocysteine: bool
    antibody: bool

    @property
    def prophylaxis(self) -> bool:
        """PROPHYLAXIS_NO_LOAD: absorption is lost and nothing shows a deficiency, so no loading is needed.

        A loading that has begun is finished, and nitrous oxide or an optic sign takes the neurological scheme first.
        """
        loading_begun = any(dose.phase == PhaseKind.LOADING for dose in self.facts.doses_given)
        at_risk = self.facts.cause in PROPHYLAXIS_CAUSES
        return at_risk and not (self.low or self.mma or self.signs.neurological or loading_begun)

    def supports(self) -> tuple[str, ...]:
        """What supports the diagnosis, in words (DX_NOT_CONFIRMED); fatigue, brain fog and anaemia are no support."""
        nerve = self.signs.neuro_or_optic
        reasons = {
            "B12 below the cut-off": self.low,
            "methylmalonic acid above its upper limit": self.mma,
            "homocysteine raised with nitrous oxide": self.homocysteine and self.signs.nitrous_oxide,
            "indeterminate B12 with a neurological or optic sign": self.indeterminate and nerve,
            "a neurological or optic sign while a recent dose hides the B12": self.recent and nerve,
            "intrinsic factor antibody positive": self.antibody,
        }
        return tuple(reason for reason, holds in reasons.items() if holds)

    def classification(self) -> Classification:
        """The class of the contract. Nitrous oxide is functional where serum B12 is not low: it is unreliable there."""
        if self.unresolved:
            return Classification.UNINTERPRETABLE
        if self.low:
            return Classification.CONFIRMED_DEFICIENCY
        if self.signs.nitrous_oxide and (self.mma or self.homocysteine):
            return Classification.FUNCTIONAL_DEFICIENCY
        if self.mma and self.indeterminate:
            return Classification.INDETERMINATE_MMA_RAISED
        if self.mma and self.known:
            return Classification.FUNCTIONAL_DEFICIENCY
        if self.prophylaxis:
            return Classification.PROPHYLAXIS
        return self._by_band()

    def _by_band(self) -> Classification:
        if not self.known:
            return Classification.NOT_CLASSIFIED
        if self.spoilt:
            return Classification.UNINTERPRETABLE
        return Classification.INDETERMINATE if self.indeterminate else Classification.UNLIKELY
