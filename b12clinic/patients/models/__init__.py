from .health import PatientAllergy, PatientCondition, PatientMedicine
from .identifier import IdentifierScheme, PatientIdentifier
from .patient import Patient, name_keys

__all__ = [
    "IdentifierScheme",
    "Patient",
    "PatientAllergy",
    "PatientCondition",
    "PatientIdentifier",
    "PatientMedicine",
    "name_keys",
]
