"""The shape of an attempt to reach a patient, and of what the address of the calls asks for; nothing is saved here."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from b12clinic.vocabulary import NotGivenReason
from regimens.forms.administration import a_date, with_blank
from regimens.models import ContactAttempt
from regimens.protocols.vocabulary import ContactChannel, ContactOutcome
from regimens.queries.calls import Filter
from regimens.services.record_contact_attempt import Attempt

Place = tuple[int, date, int]


class ContactForm(forms.Form):
    """How somebody tried, what came of it, and what happens next. What an outcome wants is asked by the service."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(label="How", choices=ContactChannel.choices())
    outcome = forms.ChoiceField(
        label="What came of it",
        choices=with_blank(ContactOutcome.choices(), "Choose the outcome"),
        error_messages={"required": "Choose what came of it."},
    )
    next_action_on = a_date(
        "Next day",
        required=False,
        help_text=(
            "The day agreed on, or the day to try again. Wanted for “Agreed to come” and “Call again later”. "
            "With a day, nobody is reminded of the dose until it has passed; a wrong number postpones nothing."
        ),
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        help_text="Wanted for “Not to be called about this”: the reason.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    on = a_date("Date of the attempt")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": today, "form_key": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def attempt(self) -> Attempt:
        """What was typed, as the service wants it."""
        return Attempt(**{name: value for name, value in self.cleaned_data.items() if name != "form_key"})


def not_given_from(last: ContactAttempt | None) -> dict[str, str]:
    """What a refusal on the telephone already tells of an injection not given; nothing after any other outcome."""
    if last is None or last.outcome != ContactOutcome.DECLINED:
        return {}
    return {"not_given_reason": NotGivenReason.DECLINED.value, "reason": last.note}


def read_part(given: Mapping[str, str]) -> Filter:
    """The part of the list asked for; whom to call where none is named."""
    part = given.get("part", "")
    return Filter(part) if part in {known.value for known in Filter} else Filter.TO_CALL


def read_text(given: Mapping[str, str]) -> str:
    """The words to search by, at most 80 characters."""
    return given.get("q", "").replace("\x00", "").strip()[:80]


def read_place(given: Mapping[str, str]) -> tuple[Place | None, str]:
    """Where the page begins, and a sentence when that could not be read."""
    cursor = given.get("after")
    if not cursor:
        return None, ""
    try:
        rank, on, dose_id = cursor.split(".")
        return (int(rank), date.fromisoformat(on), int(dose_id)), ""
    except ValueError:
        return None, "That place in the list could not be read; it begins at the top."
