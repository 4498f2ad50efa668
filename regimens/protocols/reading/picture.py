"""The interpreted picture: everything that selection and the safety rules ask of a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from b12clinic.vocabulary import Classification
from monitoring.interpretation.measured import Measured, Results
from monitoring.interpretation.response import ResponseFlag

from ..facts import PatientFacts
from ..policy import Policy
from .diagnosis import Diagnosis
from .signs import Signs


@dataclass(frozen=True)
class Reading:
    """One patient on one day, read with one guideline's cut-offs.

    `family` is the guideline's family (`uk`, `us`, `nl`). `results` answers for any analyte: the latest usable value, the
    baseline (up to and on the day of the first dose), what came on treatment. `sentences` tell the class in words;
    `missing` names the baseline tests that are not there (they warn, they block nothing). Nothing here depends on a
    plan: whether a dose of a running course is late is asked of the draft.
    """

    facts: PatientFacts
    policy: Policy
    family: str
    results: Results
    signs: Signs
    diagnosis: Diagnosis
    medicines: frozenset[str]
    hb_limit: Decimal
    anaemic: bool
    low_white_cells: bool
    low_platelets: bool
    cobalamin_allergy: bool
    cobalt_allergy: bool
    cobalt_block: bool
    age_excluded: bool
    inr_high: bool
    platelets_bar_im: bool
    renal_aluminium: bool
    irreversible_cause: bool
    antibody_invalid: tuple[Measured, ...]
    first_dose_on: date | None
    last_dose_on: date | None
    response: tuple[ResponseFlag, ...]
    missing: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def classification(self) -> Classification:
        """The class of the contract."""
        return self.diagnosis.classification

    @property
    def neuro_urgent(self) -> bool:
        """NEURO_URGENT fires."""
        return self.signs.neuro_urgent

    @property
    def scd(self) -> bool:
        """SCD_EMERGENCY fires."""
        return bool(self.signs.cord_signs)

    @property
    def optic(self) -> bool:
        """OPTIC_URGENT fires."""
        return bool(self.signs.optic_signs)

    @property
    def neurological(self) -> bool:
        """The neurological scheme applies."""
        return self.signs.neurological

    @property
    def leber(self) -> bool:
        """The Leber scheme applies; `leber_risk` is wider: no cyanocobalamin."""
        return self.signs.leber

    @property
    def leber_risk(self) -> bool:
        """Leber optic neuropathy in the patient or the family: no cyanocobalamin by any route."""
        return self.signs.leber_risk

    @property
    def prophylaxis(self) -> bool:
        """Lost absorption with nothing that shows a deficiency: the prophylactic scheme, no loading."""
        return self.diagnosis.prophylaxis

    @property
    def b12_low(self) -> bool:
        """A B12 or active B12 below the deficient cut-off."""
        return self.diagnosis.b12_low

    @property
    def b12_indeterminate(self) -> bool:
        """A B12 or active B12 between the cut-offs and none below."""
        return self.diagnosis.b12_indeterminate

    @property
    def mma_raised(self) -> bool:
        """Methylmalonic acid above its limit, whatever the kidneys."""
        return self.diagnosis.mma_raised

    @property
    def unit_unresolved(self) -> bool:
        """A doubt about the unit of the B12 that decides the class."""
        return bool(self.diagnosis.unresolved_units)

    @property
    def recent_b12(self) -> bool:
        """A B12 result sampled soon after a dose."""
        return bool(self.diagnosis.recent_b12)

    @property
    def ifa_invalid(self) -> bool:
        """An intrinsic factor antibody drawn too soon after an injection."""
        return bool(self.antibody_invalid)

    @property
    def im_barred(self) -> bool:
        """INR_HIGH or PLT_LOW_BLOCK_IM: no intramuscular injection for now."""
        return self.inr_high or self.platelets_bar_im

    @property
    def allergy_block(self) -> bool:
        """An allergy that withholds the plan."""
        return self.cobalamin_allergy or self.cobalt_block

    @property
    def inadequate_response(self) -> bool:
        """INADEQUATE_RESPONSE fires."""
        return bool(self.response)

    @property
    def course_begun(self) -> bool:
        """At least one dose has been given in this course, or tablets have begun."""
        return self.first_dose_on is not None

    @property
    def hb_g_per_l(self) -> Decimal | None:
        """The latest haemoglobin in g/L."""
        return self.results.number("haemoglobin")

    @property
    def dx_not_confirmed(self) -> bool:
        """DX_NOT_CONFIRMED: nothing supports the diagnosis, no dose was given and no prophylaxis applies.

        A B12 whose unit is in doubt does not withhold treatment from a patient with neurological or optic signs.
        """
        if self.course_begun or self.prophylaxis or self.diagnosis.supports:
            return False
        return not (self.unit_unresolved and self.signs.neuro_or_optic)

    @property
    def plan_withheld_by(self) -> tuple[str, ...]:
        """The codes for which no plan is drafted; empty where one may be."""
        withheld: list[str] = []
        if self.age_excluded:
            withheld.append("AGE_EXCLUDED")
        if self.cobalamin_allergy:
            withheld.append("ALLERGY_COBALAMIN")
        if self.cobalt_block:
            withheld.append("ALLERGY_COBALT")
        if self.unit_unresolved and not self.signs.neuro_or_optic:
            withheld.extend(self.diagnosis.unresolved_units)
        if self.dx_not_confirmed:
            withheld.append("DX_NOT_CONFIRMED")
        return tuple(withheld)

    def below(self, analyte: str, limit: Decimal) -> bool:
        """Whether the latest usable value is surely below the limit (canonical unit); false where there is none."""
        return self.results.below(analyte, limit)

    def above(self, analyte: str, limit: Decimal) -> bool:
        """Whether the latest usable value is surely above the limit (canonical unit); false where there is none."""
        return self.results.above(analyte, limit)

    def has(self, codes: frozenset[str]) -> bool:
        """Whether any of the conditions is present."""
        return bool(self.facts.conditions & codes)

    def takes(self, codes: frozenset[str]) -> bool:
        """Whether any of the medicines is taken."""
        return bool(self.medicines & codes)
