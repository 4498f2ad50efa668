"""All that the page of a new patient sends, and that of an entry's details."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from b12clinic.accounts.forms.set_up import time_zones
from b12clinic.accounts.models import Clinic
from b12clinic.patients.forms.health import HealthForms
from b12clinic.patients.forms.identifiers import identifier_rows
from b12clinic.patients.forms.page import ErrorSummary, all_valid
from b12clinic.patients.forms.patient import PatientForm
from b12clinic.patients.models import Patient
from b12clinic.patients.services.health import HealthGiven
from b12clinic.patients.services.refusals import IdentifierTaken, PatientRefused


class ReasonForm(forms.Form):
    """Why a patient who looks like another is somebody else."""

    despite = forms.CharField(
        label="How do you know that this is somebody else?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say how you know; the reason is kept on the audit trail."},
    )


class EntryForms:
    """Details and numbers of a patient, and for a new one their health where the user may note it."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        clinic: Clinic,
        today: date,
        patient: Patient | None = None,
        with_health: bool = False,
        checked: bool = True,
    ) -> None:
        shown = PatientForm.values_of(patient) if patient else None
        self.patient = PatientForm(data, initial=shown, today=today, checked=checked)
        self.identifiers = identifier_rows(data, clinic=clinic, patient=patient, checked=checked)
        self.health = HealthForms(data, today=today, checked=checked) if with_health else None

    def is_valid(self) -> bool:
        """Whether everything can be handed on; every error is found."""
        entry, health = (
            all_valid([self.patient, self.identifiers]),
            self.health is None or self.health.is_valid(),
        )
        return entry and health

    @property
    def time_zones(self) -> list[str]:
        """The names offered beside the patient's time zone."""
        return time_zones()

    @property
    def summary(self) -> ErrorSummary:
        """All errors, for the top of the page."""
        forms = (self.patient, *self.identifiers.forms, *(self.health.every_form if self.health else ()))
        return ErrorSummary(forms, (self.identifiers, *(self.health.every_set if self.health else ())))

    @property
    def health_given(self) -> HealthGiven | None:
        """What applies to a new patient; None where the user may not note it."""
        return self.health.given if self.health else None

    def refuse(self, refused: PatientRefused) -> None:
        """Put what a service refused beside its field, else on top."""
        if isinstance(refused, IdentifierTaken):
            self.identifiers.refuse(refused.scheme, refused.sentence)
        else:
            self.patient.add_error(
                refused.field if refused.field in self.patient.fields else None, refused.sentence
            )
