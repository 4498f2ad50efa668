"""A recheck that a person asks for."""

from datetime import date
from typing import Any

from django import forms

from b12clinic.vocabulary import RecheckTest
from monitoring.interpretation.analytes import ANALYTES
from monitoring.presenters.words import test_in_words

TESTS = (*RecheckTest.codes(), *ANALYTES)


class WantedTestsForm(forms.Form):
    """Which tests, by when, and why."""

    due_on = forms.DateField(
        label="By",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Enter the day by which they are wanted."},
    )
    why = forms.CharField(
        label="Why are they wanted?",
        max_length=500,
        help_text="It stands on the request form.",
        error_messages={"required": "Say why the tests are wanted."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"due_on": today})
        choices = sorted(((code, test_in_words(code)) for code in TESTS), key=lambda pair: pair[1])
        self.fields["tests"] = forms.MultipleChoiceField(
            label="Tests wanted",
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one test."},
        )
        self.order_fields(["tests", "due_on", "why"])
