"""The filters of the outbox, and the reason for sending again."""

from django import forms

from b12clinic.messages.models import Audience
from b12clinic.messages.wording import KINDS
from b12clinic.vocabulary import Channel

GROUPS: dict[str, tuple[str, ...]] = {
    "decision": ("failed", "uncertain"),
    "waiting": ("owed", "sending"),
    "sent": ("sent",),
    "merged": ("merged",),
    "withdrawn": ("withdrawn",),
}
"""The states behind each tab, by the word in the address."""

FOR_US = "us"
"""The tab of what lies in the clinic's inbox for the roles of whoever looks."""


class OutboxFilter(forms.Form):
    """What a message is about, how it goes and for whom; anything the address says that is no choice is left out."""

    kind = forms.ChoiceField(label="About", required=False, choices=[("", "Anything"), *KINDS.items()])
    channel = forms.ChoiceField(label="How", required=False, choices=[("", "Any way"), *Channel.choices()])
    to = forms.ChoiceField(label="For", required=False, choices=[("", "Anybody"), *Audience.choices])

    q = forms.CharField(required=False, max_length=100)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    @property
    def selects(self) -> list[forms.BoundField]:
        """The filters beside the search."""
        return [self[name] for name in ("kind", "channel", "to")]


class RetryForm(forms.Form):
    """Why a message should be sent again."""

    reason = forms.CharField(
        label="Why should it be sent again?",
        max_length=500,
        error_messages={"required": "Say why it should be sent again."},
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
