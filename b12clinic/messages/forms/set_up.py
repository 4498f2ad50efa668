"""The shape of what a clinic sets of its reminders: hours, a rung of the ladder, and why all messages wait."""

from collections.abc import Mapping
from typing import Any

from django import forms

from b12clinic.accounts.models import Clinic
from b12clinic.messages.default_wordings import PATIENT_KINDS
from b12clinic.messages.hours import messaging_of
from b12clinic.messages.ladder import Step
from b12clinic.messages.models import Audience
from b12clinic.messages.services.change_ladder import BEFORE, LATEST, RungRefused, check_rung
from b12clinic.messages.services.set_up_messaging import MessagingDetails
from b12clinic.vocabulary import Channel


class ClockField(forms.TimeField):
    """A time of day, as browsers ask for it."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    default_error_messages = {"required": "Give a time.", "invalid": "Give a time as in 08:00."}


class HoursForm(forms.Form):
    """When reminders are worked out and sent; `version` is the one that was shown."""

    sweeps_from = ClockField(
        label="Work out reminders from", help_text="By the clinic's clock; the morning summary goes then too."
    )
    sends_from = ClockField(
        label="Write to patients from", help_text="By the clock of where the patient lives."
    )
    sends_until = ClockField(label="until")
    daily_digest = forms.BooleanField(
        label="Send the clinic a summary each morning",
        required=False,
        help_text="Numbers only, never a name; on a day without anything to say, none.",
    )
    may_link = forms.BooleanField(
        label="Messages to patients may hold links",
        required=False,
        help_text="Off, so that patients learn to trust no link in a clinic's name.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    @classmethod
    def showing(cls, clinic: Clinic) -> "HoursForm":
        """The form filled with what is stored, else with what comes with the product."""
        stored = messaging_of(clinic)
        return cls(initial={name: getattr(stored, name) for name in cls.base_fields})

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.cleaned_data["sends_from"] >= self.cleaned_data["sends_until"]:
            self.add_error("sends_until", "The hours of sending end after they begin.")
        return self.cleaned_data

    @property
    def details(self) -> MessagingDetails:
        """What was typed, once it is valid."""
        return MessagingDetails(
            **{name: value for name, value in self.cleaned_data.items() if name != "version"}
        )


class RungForm(forms.Form):
    """One rung: after how many days whom it tells and how. Its kind, phase and code are the page's."""

    days = forms.IntegerField(min_value=0, max_value=LATEST)
    audience = forms.ChoiceField(label="Whom", choices=Audience.choices)
    channel = forms.ChoiceField(
        label="How",
        required=False,
        choices=[("", "Whichever the patient agreed to; the clinic in its inbox"), *Channel.choices()],
    )
    urgent = forms.BooleanField(
        label="Urgent",
        required=False,
        help_text="Waits neither for the hours of sending nor for another day.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, clinic: Clinic, rung: Step, version: int
    ) -> None:
        shown = {
            "days": abs(rung.days),
            "audience": rung.audience,
            "channel": rung.channel,
            "urgent": rung.urgent,
            "version": version,
        }
        super().__init__(data, initial=shown)
        self.clinic, self.place = clinic, rung
        self.fields["days"].label = "Days before" if rung.kind in BEFORE else "Days after"
        if rung.kind not in list(PATIENT_KINDS):
            self.fields["audience"].choices = [  # type: ignore[attr-defined]
                choice for choice in Audience.choices if choice[0] != Audience.PATIENT
            ]

    @property
    def rung(self) -> Step:
        """The rung as it was typed, once it is valid."""
        typed, place = self.cleaned_data, self.place
        days = -typed["days"] if place.kind in BEFORE else typed["days"]
        return Step(
            place.kind, place.phase, place.code, days, typed["audience"], typed["channel"], typed["urgent"]
        )

    def clean(self) -> dict[str, Any]:
        """Say what the service would refuse beside its field."""
        if not self.errors:
            try:
                check_rung(self.rung, self.clinic)
            except RungRefused as refused:
                self.add_error(refused.field or None, str(refused))
        return self.cleaned_data


class PauseForm(forms.Form):
    """Why all messages of the clinic wait."""

    why = forms.CharField(
        label="Why do all messages wait?",
        max_length=200,
        error_messages={"required": "Say why all messages wait."},
    )
