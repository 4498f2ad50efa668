"""Short forms that ask why, or what was found."""

from datetime import date
from typing import Any

from django import forms

from monitoring.interpretation.recheck_matching import answered_by_note
from monitoring.models import Recheck
from monitoring.presenters.words import test_in_words
from monitoring.services.answer_rechecks import missing_parts


class WhyForm(forms.Form):
    """Why a recorded value is wrong."""

    why = forms.CharField(
        label="Why is the recorded value wrong?",
        max_length=500,
        error_messages={"required": "Say why the recorded value is wrong."},
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )


class DropForm(forms.Form):
    """Why a recheck is no longer wanted."""

    reason = forms.CharField(
        label="Why is it no longer wanted?",
        max_length=500,
        error_messages={"required": "Say why this recheck is no longer wanted."},
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )


class EndAlertForm(forms.Form):
    """What was done about an alert."""

    how = forms.CharField(
        label="What was done about it?",
        max_length=500,
        error_messages={"required": "Say what was done; the alert ends with your name."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """What a review or an examination found."""

    test = forms.ChoiceField()
    on = forms.DateField(
        label="Done on",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Enter the day of the review."},
    )
    note = forms.CharField(
        label="What was found",
        max_length=2000,
        help_text="Your name is put under it.",
        error_messages={"required": "Write what was found; your name is put under it."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, recheck: Recheck, today: date) -> None:
        waiting = [part for part in missing_parts(recheck) if answered_by_note(part)]
        super().__init__(data, initial={"on": today, "test": waiting[0] if waiting else None})
        self.fields["test"] = forms.ChoiceField(
            label="Which one",
            choices=[(part, test_in_words(part)) for part in waiting],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose which one was done."},
        )
