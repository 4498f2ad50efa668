"""Short forms of a prescriber's decisions on a running regimen."""

from datetime import date, timedelta
from typing import Any

from django import forms

from regimens.forms.administration import a_date


class PauseForm(forms.Form):
    """Until when a regimen rests, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    from_on = a_date("From", help_text="Today, or the first day of a journey to come.")
    until_on = a_date(
        "Goes on again on", help_text="The first day on which the patient waits for a dose again."
    )
    reason = forms.CharField(
        label="Why is it paused?",
        max_length=500,
        error_messages={"required": "Say why the regimen is paused."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"from_on": today} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["from_on"].widget.attrs["min"] = today.isoformat()
        self.fields["until_on"].widget.attrs["min"] = (today + timedelta(days=1)).isoformat()

    def clean_from_on(self) -> date:
        """Days gone by cannot be paused any more."""
        from_on: date = self.cleaned_data["from_on"]
        if from_on < self.today:
            raise forms.ValidationError("A pause begins today or later.")
        return from_on


class ResumeForm(forms.Form):
    """Why a regimen goes on before its day, if there is something to say."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Anything to note?",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DirectionForm(forms.Form):
    """From when and until when nurses may give under the direction."""

    from_on = a_date("In force from")
    until_on = a_date("In force until", help_text="The last day on which a dose may be given under it.")
