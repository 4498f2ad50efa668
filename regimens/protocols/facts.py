"""What is known of a patient on one day: all that the rules may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monitoring.interpretation.lab_value import LabValue
from monitoring.interpretation.symptom_trend import ScoredSymptoms

__all__ = ["AllergyNoted", "DoseGiven", "LabValue", "MedicationTaken", "PatientFacts", "ScoredSymptoms"]


@dataclass(frozen=True, slots=True)
class MedicationTaken:
    """A medicine taken now. `dose` is text: `<n> mg/day` and `<n> mcg/day` are read, anything else is present, dose unknown."""

    code: str
    dose: str | None = None
    since: date | None = None
    inr_target: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class AllergyNoted:
    """A substance that the patient reacted to, with the reactions that were seen (none: not recorded)."""

    substance: str
    reactions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """A dose already given in this course. `route` is None where it was not said: an injection."""

    given_on: date
    drug: str
    dose_mcg: int | Decimal
    phase: str
    route: str | None = None


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """The patient as the rules see them on `as_of`. Codes outside the vocabulary are kept as plain strings.

    `neuro_answer` is the clinician's explicit yes or no to "is the nervous system involved?"; None means that it was
    not asked, and the findings decide. `severity` is the clinician's own word and fires no rule.
    `symptoms_unchanged` says whether no symptom score is better since the first dose (None: not scored before and after
    it); `symptoms` says by which scores, of which day; it stands alone where they were scored after the first dose only.
    `neuro_reviewed_on` is the last neurological review of a running open-ended phase.
    `nitrous_oxide_anaesthesia_planned` says that surgery with nitrous oxide is planned.
    `tablets_since` is the first day of tablets that the clinic planned and that go on; no dose of them is recorded.
    """

    guideline: str
    as_of: date
    age: int | Decimal | None = None
    sex: str = "unknown"
    weight_kg: Decimal | int | None = None
    pregnancy: str = "none"
    gestation_weeks: int | Decimal | None = None
    cause: str = "unknown"
    certainty: str = "unknown"
    cause_detail: str | None = None
    findings: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    medications: tuple[MedicationTaken, ...] = ()
    allergies: tuple[AllergyNoted, ...] = ()
    labs: tuple[LabValue, ...] = ()
    doses_given: tuple[DoseGiven, ...] = ()
    requested_drug: str | None = None
    neuro_answer: bool | None = None
    severity: str | None = None
    symptoms_unchanged: bool | None = None
    symptoms: ScoredSymptoms | None = None
    neuro_reviewed_on: date | None = None
    nitrous_oxide_anaesthesia_planned: bool = False
    tablets_since: date | None = None

    @property
    def treatment_began_on(self) -> date | None:
        """The first day of treatment whatever the route: of an injection given, or of tablets; None before it."""
        days = [dose.given_on for dose in self.doses_given]
        return min([*days, self.tablets_since] if self.tablets_since else days, default=None)
