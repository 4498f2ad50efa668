"""What a nurse must know before drawing up, as chips with a word each: allergies first, then what bars or bleeds."""

from collections.abc import Iterator
from functools import lru_cache

from b12clinic.patients.presenters.banner import ANTICOAGULANTS, CONDITION_RISKS
from b12clinic.vocabulary import ANTIPLATELETS, Allergen, Medicine, Pregnancy, Severity
from regimens.queries.due_rows import Beside, DueDose

Chip = dict[str, str]
BLOCK, WARN = Severity.BLOCK.value, Severity.WARN.value
_PREGNANCY = {one.value: one.label for one in (Pregnancy.PREGNANT, Pregnancy.BREASTFEEDING)}


@lru_cache(maxsize=512)
def _chip(kind: str, text: str) -> Chip:
    return {"kind": kind, "text": text}


def risks_of(dose: DueDose, found: Beside) -> list[Chip]:
    """The chips of a row; an allergy blocks, as does Leber optic neuropathy, the rest warns."""
    return list(_chips(dose, found))


def _chips(dose: DueDose, found: Beside) -> Iterator[Chip]:
    for substance in found.allergies.get(dose.patient_id, ()):
        yield _chip(BLOCK, f"Allergy: {Allergen.label_of(substance)}")
    for code in found.conditions.get(dose.patient_id, ()):
        if code in CONDITION_RISKS:
            severity, label = CONDITION_RISKS[code]
            yield _chip(severity.value, label)
    medicines = found.medicines.get(dose.patient_id, ())
    for code in medicines:
        if code in ANTICOAGULANTS:
            yield _chip(WARN, f"Anticoagulant: {Medicine.label_of(code).lower()}")
    antiplatelets = [Medicine.label_of(code).lower() for code in medicines if code in ANTIPLATELETS]
    if len(antiplatelets) > 1:
        yield _chip(WARN, f"Bleeding risk: {' and '.join(antiplatelets)}")
    if dose.pregnancy in _PREGNANCY:
        yield _chip(WARN, _PREGNANCY[dose.pregnancy])
    if dose.neurological:
        yield _chip(WARN, "Neurological")
