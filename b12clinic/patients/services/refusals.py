"""Why the register does not take something, each with one sentence for the person who asked."""

from b12clinic.patients.models import IdentifierScheme, Patient
from b12clinic.patients.queries import LookAlike


class PatientRefused(Exception):
    """What was asked cannot be written down. `field` names what is wrong, empty when it is no single field."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class IdentifierTaken(PatientRefused):
    """Another patient of the clinic already has this number."""

    def __init__(self, scheme: str, holder: Patient | None) -> None:
        label = IdentifierScheme(scheme).label
        whose = f"{holder.name}, born {holder.born_on:%-d %b %Y}" if holder else "another patient"
        super().__init__(f"This {label} belongs to {whose} already.", field="identifiers")
        self.scheme = scheme
        self.holder = holder


class LooksLikeAnother(Exception):
    """Someone in the register may be the same person, and no reason was given to go on regardless."""

    def __init__(self, look_alikes: tuple[LookAlike, ...]) -> None:
        super().__init__("Someone in the register may be the same person.")
        self.look_alikes = look_alikes


class ChangedMeanwhile(Exception):
    """Somebody else saved this patient after the page was opened. `patient` is the entry as it is now."""

    def __init__(self, patient: Patient) -> None:
        super().__init__("Somebody else changed this patient after you opened the page; nothing was saved.")
        self.patient = patient
