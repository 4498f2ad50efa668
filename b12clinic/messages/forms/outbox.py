"""The filters of the outbox, and the reason for sending again."""

from django import forms

from b12clinic.messages.models import Audience
from b12clinic.vocabulary import Channel

GROUPS: dict[str, tuple[str, ...]] = {
    "decision": ("failed", "uncertain"),
    "waiting": ("owed", "sending"),
    "sent": ("sent",),
    "withdrawn": ("withdrawn",),
}
"""The states behind each tab, by the word in the address."""


class OutboxFilter(forms.Form):
    """How a message goes and whom it is for; anything the address says that is no choice is left out."""

    channel = forms.ChoiceField(label="How", required=False, choices=[("", "Any way"), *Channel.choices()])
    to = forms.ChoiceField(label="For", required=False, choices=[("", "Anybody"), *Audience.choices])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class RetryForm(forms.Form):
    """Why a message should be sent again."""

    reason = forms.CharField(
        label="Why should it be sent again?",
        max_length=500,
        error_messages={"required": "Say why it should be sent again."},
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
