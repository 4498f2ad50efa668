"""What a clinician answers before a late dose is decided on."""

from typing import Any

from django import forms

from regimens.protocols.vocabulary import LateChoice

YES_NO = [("no", "No"), ("yes", "Yes")]


class LateDoseForm(forms.Form):
    """New neurological symptoms first: they outrank every choice. Then one of the ways to go on, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    new_neuro = forms.ChoiceField(
        label="Are there new neurological symptoms?",
        choices=YES_NO,
        widget=forms.RadioSelect,
        help_text="Tingling, numbness, weakness, unsteady gait, or signs that were not there before.",
        error_messages={"required": "Answer whether there are new neurological symptoms."},
    )
    choice = forms.ChoiceField(label="What is decided?", choices=LateChoice.choices(), required=False)
    reason = forms.CharField(
        label="Why?",
        max_length=1000,
        help_text="Kept with the decision, and shown in the patient's history.",
        error_messages={"required": "Say why you decide so."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Without new symptoms one of the ways must be chosen."""
        data = super().clean() or {}
        if data.get("new_neuro") == "no" and not data.get("choice") and "choice" not in self.errors:
            self.add_error("choice", "Choose one of the ways to go on.")
        return data

    @property
    def finds_new_symptoms(self) -> bool:
        return bool(self.cleaned_data["new_neuro"] == "yes")
