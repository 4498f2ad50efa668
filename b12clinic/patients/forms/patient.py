"""The shape of who a patient is, how to reach them and what they agreed to."""

from typing import Any

from django import forms

from b12clinic.patients.forms.page import DayInput, PageForm
from b12clinic.patients.models import Patient
from b12clinic.patients.services.details import PatientDetails, find_problems
from b12clinic.vocabulary import Language, Sex


class PatientForm(PageForm):
    """Identity, contact and consent. Once valid, `details` is what the services take."""

    name = forms.CharField(
        label="Full name",
        max_length=160,
        help_text="First names first, last name last.",
        error_messages={"required": "Write the name."},
    )
    born_on = forms.DateField(
        label="Date of birth",
        widget=DayInput,
        error_messages={"required": "Give the date of birth.", "invalid": "Give a day that exists."},
    )
    sex = forms.ChoiceField(
        label="Sex",
        choices=[("", "Choose…"), *Sex.choices()],
        error_messages={"required": "Choose the sex, or “Not known”."},
    )
    weight_kg = forms.DecimalField(
        label="Weight in kg",
        max_digits=4,
        decimal_places=1,
        required=False,
        help_text="Leave empty if not known.",
    )
    email = forms.EmailField(label="E-mail address", required=False)
    phone = forms.CharField(
        label="Telephone", max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    postal_address = forms.CharField(
        label="Postal address", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    consents_to_email = forms.BooleanField(label="Agrees to e-mail messages", required=False)
    consents_to_sms = forms.BooleanField(label="Agrees to text messages", required=False)
    consents_to_letter = forms.BooleanField(label="Agrees to letters", required=False)
    consent_noted_on = forms.DateField(
        label="Agreed on",
        required=False,
        widget=DayInput,
        help_text="The day on which the patient last said yes. Needed with any of the three.",
    )

    consents_to_detail = forms.BooleanField(
        label="Agrees that messages say what they are about",
        required=False,
        help_text="“Your B12 injection” or “your blood test”; otherwise “an appointment” or “a routine check”.",
    )
    language = forms.ChoiceField(
        label="Language of messages",
        required=False,
        choices=[
            ("", Language.ENGLISH.label),
            *((code, label) for code, label in Language.choices() if code != Language.ENGLISH),
        ],
    )
    time_zone = forms.CharField(
        label="Time zone",
        max_length=64,
        required=False,
        help_text="Where the patient lives, as in Europe/London. Empty: the clinic's.",
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )

    @classmethod
    def values_of(cls, patient: Patient) -> dict[str, Any]:
        """What the form shows of a patient."""
        return {field: getattr(patient, field) for field in cls.base_fields}

    @property
    def details(self) -> PatientDetails:
        """The details as the services take them."""
        return PatientDetails(**self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        """Say what the service would refuse, all at once and beside its field."""
        if not self.errors and self.today:
            for field, sentence in find_problems(PatientDetails(**self.cleaned_data), self.today):
                self.add_error(field, sentence)
        return self.cleaned_data
