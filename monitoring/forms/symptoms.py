"""How a patient fares, in four short questions."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from monitoring.interpretation.symptom_trend import ANCHORS, DOMAINS, HIGHEST, LOWEST, Scores

SCALE = [
    (point, f"{point}: {ANCHORS[point]}" if point in ANCHORS else str(point))
    for point in range(LOWEST, HIGHEST + 1)
]


class SymptomForm(forms.Form):
    """The day, four scores by the patient's own word, and a note."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(
        label="Day",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Enter the day of the scores."},
    )
    note = forms.CharField(
        label="Anything in the patient's own words?",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, today: date, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"on": today, "form_key": uuid4()} | (initial or {}))
        for domain, label in DOMAINS.items():
            self.fields[domain] = forms.TypedChoiceField(
                label=label,
                coerce=int,
                choices=[("", "Choose"), *SCALE],
                error_messages={"required": f"Choose a score for {label.lower()}; 0 means none."},
            )
        self.order_fields(["form_key", "on", *DOMAINS, "note"])

    def scores(self) -> Scores:
        """What was chosen, once the form is valid."""
        data = self.cleaned_data
        return Scores(data["on"], **{domain: data[domain] for domain in DOMAINS})


class SymptomCorrectionForm(SymptomForm):
    """The same, with why the recorded scores are wrong; `in_error` says that they were never this patient's."""

    in_error = forms.BooleanField(label="These were never this patient's scores", required=False)
    why = forms.CharField(
        label="Why are the recorded scores wrong?",
        max_length=500,
        error_messages={"required": "Say why the recorded scores are wrong."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
