"""The shape of a clinic's own words, and the choice of a patient to preview them on."""

from typing import Any

from django import forms

from b12clinic.accounts.models import Clinic
from b12clinic.messages.default_wordings import Text
from b12clinic.messages.models.wording_template import LONGEST_BODY, LONGEST_SHORT, LONGEST_SUBJECT
from b12clinic.messages.services.change_wording import Place
from b12clinic.messages.wording_rules import find_problems

SAYS_SOMETHING = {"required": "Write what it says, or go back to the product's words."}


class WordingForm(forms.Form):
    """Subject, sentences and text message; `version` is the one that was shown, 0 for the product's words."""

    subject = forms.CharField(max_length=LONGEST_SUBJECT, error_messages=SAYS_SOMETHING, label="Subject")
    body = forms.CharField(
        max_length=LONGEST_BODY,
        error_messages=SAYS_SOMETHING,
        label="What it says",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Between the greeting and how to answer, which stay as they are.",
    )
    short = forms.CharField(
        max_length=LONGEST_SHORT,
        error_messages=SAYS_SOMETHING,
        label="As a text message",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="After the clinic's name and before how to answer; two text messages at the most.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, clinic: Clinic, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic, self.place = clinic, place

    @property
    def text(self) -> Text:
        """What was typed, once it is valid."""
        return Text(*(self.cleaned_data[name].replace("\r\n", "\n") for name in ("subject", "body", "short")))

    def clean(self) -> dict[str, Any]:
        """Say what the service would refuse, all at once and beside its field."""
        if not self.errors:
            place = {"kind": self.place.kind, "language": self.place.language}
            for field, sentence in find_problems(self.text, clinic=self.clinic, **place):
                self.add_error(field, sentence)
        return self.cleaned_data


class PreviewForm(forms.Form):
    """On whom to preview; nothing typed means the patient whose message goes next."""

    q = forms.CharField(
        max_length=100,
        required=False,
        label="Patient",
        help_text="Name, date of birth or number. Empty: whoever gets such a message next.",
    )
