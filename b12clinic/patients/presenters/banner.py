"""Who a page is about: what stands at its top, in words, before anything is decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from b12clinic.patients.models import Patient
from b12clinic.patients.presenters import lines
from b12clinic.patients.queries import open_allergies, open_conditions, open_medicines
from b12clinic.vocabulary import (
    ANTIPLATELETS,
    DIRECT_ORAL_ANTICOAGULANTS,
    HEPARINS,
    Condition,
    Medicine,
    Severity,
    Sex,
)

ADULT_AGE = 18
ANTICOAGULANTS = DIRECT_ORAL_ANTICOAGULANTS | HEPARINS | {Medicine.WARFARIN}
CONDITION_RISKS: dict[str, tuple[Severity, str]] = {
    Condition.LEBER_HEREDITARY_OPTIC_NEUROPATHY: (
        Severity.BLOCK,
        "Leber optic neuropathy: no cyanocobalamin",
    ),
    Condition.LEBER_FAMILY_HISTORY: (
        Severity.BLOCK,
        "Leber optic neuropathy in the family: no cyanocobalamin",
    ),
    Condition.HAEMOPHILIA: (Severity.WARN, "Bleeding disorder: haemophilia"),
    Condition.VON_WILLEBRAND: (Severity.WARN, "Bleeding disorder: von Willebrand disease"),
    Condition.POLYCYTHAEMIA_VERA: (Severity.WARN, "Polycythaemia vera"),
}


@dataclass(frozen=True, slots=True)
class Risk:
    """Something that bars or changes an injection, with how hard it speaks."""

    severity: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BannerFacts:
    """What the banner says of a patient; whoever knows of plans adds the regimen and the next dose.

    `allergies` lists substances with their reactions, or says that none is known; empty while nobody has asked.
    """

    name: str
    born: str
    age: str
    sex: str
    identifier: str
    allergies: str
    allergy_alert: bool
    risks: tuple[Risk, ...]
    died: str

    @property
    def allergies_sentence(self) -> str:
        """The allergies where no label stands before them."""
        if self.allergy_alert:
            return f"ALLERGY: {self.allergies}"
        return self.allergies or "Allergies not asked"


def banner_facts(patient: Patient, today: date) -> BannerFacts:
    """The banner of a patient; without a query for one who was read through `queries.with_health`, else with four."""
    allergies = [lines.allergy(row) for row in open_allergies(patient)]
    none = "No known allergies" if patient.allergies_asked_on else ""
    return BannerFacts(
        name=patient.name,
        born=lines.day(patient.born_on),
        age=lines.age(patient, today),
        sex=Sex.label_of(patient.sex),
        identifier=lines.numbers(patient),
        allergies="; ".join(allergies) or none,
        allergy_alert=bool(allergies),
        risks=tuple(_risks(patient, today)),
        died=lines.left_care(patient),
    )


def _risks(patient: Patient, today: date) -> Iterator[Risk]:
    if patient.age_on(today) < ADULT_AGE:
        yield Risk(Severity.BLOCK, f"Under {ADULT_AGE}: the planner is for adults")
    for condition in open_conditions(patient):
        if condition.code in CONDITION_RISKS:
            yield Risk(*CONDITION_RISKS[condition.code])
    medicines = open_medicines(patient)
    for row in medicines:
        if row.code in ANTICOAGULANTS:
            yield Risk(Severity.WARN, f"Anticoagulant: {lines.medicine(row)}")
    antiplatelets = [Medicine.label_of(row.code) for row in medicines if row.code in ANTIPLATELETS]
    if len(antiplatelets) > 1:
        yield Risk(Severity.WARN, f"Dual antiplatelet: {' and '.join(antiplatelets).lower()}")
