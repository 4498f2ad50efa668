"""The shape of what a nurse writes down; it saves nothing."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from b12clinic.vocabulary import NotGivenReason


def with_blank(choices: list[tuple[str, str]], ask: str) -> list[tuple[str, str]]:
    """Choices that begin with a question, so that nothing is chosen by default."""
    return [("", ask), *choices]


def a_date(label: str, **options: Any) -> forms.DateField:
    """A date field with the browser's own picker."""
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class NotGivenForm(forms.Form):
    """An attempt that led to no injection, with its reason and what happens next."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    on = a_date("Date of the attempt")
    not_given_reason = forms.ChoiceField(
        label="Why it was not given",
        choices=with_blank(NotGivenReason.choices(), "Choose the reason"),
        error_messages={"required": "Choose why it was not given."},
    )
    reason = forms.CharField(label="In your words", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    next_action_on = a_date(
        "Try again on",
        required=False,
        help_text="The dose stays on the due list in any case. With a day, nobody is reminded of it until that day has passed.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        kwargs["initial"] = {"on": today, "form_key": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """ "Other" wants words; the next try cannot lie before the attempt."""
        data = super().clean() or {}
        if data.get("not_given_reason") == NotGivenReason.OTHER.value and not data.get("reason", "").strip():
            self.add_error("reason", "Say why it was not given.")
        if data.get("on") and data.get("next_action_on") and data["next_action_on"] < data["on"]:
            self.add_error("next_action_on", "The next try cannot lie before this one.")
        return data


class ErrorForm(forms.Form):
    """Why an entry is an error."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reason = forms.CharField(
        label="Why this entry is an error",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why this entry is an error."},
    )
