from django import forms

from b12clinic.patients.forms.page import DayInput


class ReturnForm(forms.Form):
    """Why somebody noted as gone is in the clinic's care after all."""

    reason = forms.CharField(
        label="Why?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Noted by mistake, or come back. Kept on the audit trail.",
        error_messages={"required": "Say why; the reason is kept on the audit trail."},
    )


class MoveForm(forms.Form):
    """From which day somebody else cares for the patient, and who."""

    on = forms.DateField(
        label="Moved away on", widget=DayInput, error_messages={"required": "Say on which day."}
    )
    reason = forms.CharField(
        label="Where to?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Who cares for them now, as far as it is known. Kept on the audit trail.",
        error_messages={"required": "Say where to, or that it is not known."},
    )


class DeathForm(forms.Form):
    """On which day the patient died, and how the clinic knows."""

    on = forms.DateField(label="Died on", widget=DayInput, error_messages={"required": "Say on which day."})
    reason = forms.CharField(
        label="How is it known?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Relatives, hospital letter, register. Kept on the audit trail.",
        error_messages={"required": "Say how the clinic knows."},
    )
