"""What a neurological review of an open loading asks for."""

from typing import Any

from django import forms

from regimens.protocols.policy import Policy
from regimens.protocols.vocabulary import NeuroChange
from regimens.services.review_loading import Examined

GOES_ON, ENDS = "goes_on", "ends"


def _words(label: str, help_text: str = "", **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        **options,
    )


class NeuroReviewForm(forms.Form):
    """Symptoms, signs and gait, how they stand against the last time, and whether the loading goes on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    symptoms = _words("Symptoms", "Tingling, numbness, weakness, pain, bladder and bowel, memory and mood.")
    signs = _words("Signs", "Reflexes, vibration and joint position, power, plantar responses, Romberg.")
    gait = _words("Gait", "How the patient walks, with or without help.")
    change = forms.ChoiceField(
        label="Against the last examination",
        choices=NeuroChange.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it improves, stands still or is worse."},
    )
    what_changed = _words("What changed?")
    decision = forms.ChoiceField(
        label="What is decided?",
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the loading goes on."},
    )
    next_in_days = forms.IntegerField(label="Days until the next review", required=False)
    reason = _words(
        "Why does the loading end though it improves, is worse, or its first review is not due yet?",
        "Needed only then: the loading is meant to go on until there is no further improvement.",
        required=False,
    )

    def __init__(self, *args: Any, policy: Policy, next_phase: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shortest, self.longest = policy.neuro_extension_min_days, policy.neuro_extension_max_days
        days = self.fields["next_in_days"]
        days.initial = self.longest
        days.help_text = (
            f"{self.shortest} to {self.longest} days (local policy); needed when the loading goes on."
        )
        days.widget.attrs.update({"min": self.shortest, "max": self.longest})
        ending = (
            f"End the loading: {next_phase}" if next_phase else "End the loading and complete the regimen"
        )
        choices = [(GOES_ON, "Go on with the loading"), (ENDS, ending)]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A loading that goes on has its next review within the policy's days."""
        data = super().clean() or {}
        days = data.get("next_in_days")
        allowed = days is not None and self.shortest <= days <= self.longest
        if data.get("decision") == GOES_ON and not allowed and "next_in_days" not in self.errors:
            self.add_error("next_in_days", f"Choose {self.shortest} to {self.longest} days.")
        return data

    def examined(self) -> Examined:
        """What was found."""
        names = ("symptoms", "signs", "gait", "change", "what_changed")
        return Examined(**{name: self.cleaned_data[name] for name in names})

    @property
    def days_to_next(self) -> int | None:
        """Days until the next review; None where the loading ends."""
        goes_on = self.cleaned_data["decision"] == GOES_ON
        return self.cleaned_data["next_in_days"] if goes_on else None
