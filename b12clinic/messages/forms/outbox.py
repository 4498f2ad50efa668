"""The filters of the outbox, the reason for sending again, and what a person knows of a message."""

from typing import Any

from django import forms

from b12clinic.messages.models import Audience, Message, MessageState
from b12clinic.messages.services.settle_by_hand import ByHand
from b12clinic.messages.wording import KINDS
from b12clinic.vocabulary import Channel

GROUPS: dict[str, tuple[str, ...]] = {
    "decision": ("failed", "uncertain"),
    "waiting": ("owed", "sending"),
    "sent": ("sent",),
    "merged": ("merged",),
    "withdrawn": ("withdrawn", "ended"),
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


class SettleForm(forms.Form):
    """What a person knows of a message that failed, or of which no word came back, and how they know."""

    how = forms.ChoiceField(
        label="What do you know?",
        choices=[
            (ByHand.ARRIVED.value, "It arrived"),
            (
                ByHand.TOLD.value,
                "It need not go out: they were told in another way, or it is no longer needed",
            ),
        ],
        error_messages={"required": "Say what you know of it."},
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="How do you know?",
        max_length=500,
        help_text="For example: told on the telephone today. Kept on the audit trail.",
        error_messages={"required": "Say how you know."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if message.state != MessageState.UNCERTAIN:
            del self.fields["how"]  # one that failed did not arrive: nothing is left to choose

    @property
    def ended(self) -> ByHand:
        """What was said, once it is valid."""
        return ByHand(self.cleaned_data.get("how", ByHand.TOLD))
