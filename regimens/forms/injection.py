"""The shape of an injection as a nurse writes it down; it saves nothing."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from b12clinic.accounts.models import User
from b12clinic.vocabulary import Drug, Route, Side, Site
from regimens.box_code import is_box_code
from regimens.chair import Chair
from regimens.forms.administration import a_date, with_blank
from regimens.forms.prechecks import ASK, ASK_AND_NOTE, SAY_WHICH, PrecheckFields
from regimens.forms.reaction import ReactionFields
from regimens.forms.unusual import unusual
from regimens.models.administration import Authority
from regimens.order_check import AtHand
from regimens.protocols.giving import volume_of
from regimens.protocols.prechecks import ON_RECORD, THINNER, anticoagulants_among, kind_is_open, unanswered
from regimens.services.record_administration import Injection

SCAN = "scan"
"""The code of the error of a field that a scan was typed into."""
INJECTED = [(route.value, route.label) for route in (Route.IM, Route.SC)]
# Last, since it is the one to avoid; the page says why.
SITES = [
    *(one for one in Site.choices() if one[0] != Site.DORSOGLUTEAL),
    (Site.DORSOGLUTEAL.value, f"{Site.DORSOGLUTEAL.label}, not recommended"),
]
AS_TYPED = (
    "given_on",
    "drug",
    "dose_mcg",
    "route",
    "product",
    "lot",
    "expires_on",
    "site",
    "side",
    "needle",
    "authority",
    "observed_minutes",
    "reaction_grade",
    "reaction",
    "given_elsewhere",
    "self_administered",
    "reason",
)
"""The fields that an injection takes over as they were typed."""


class InjectionForm(PrecheckFields, ReactionFields):
    """An injection given: what was asked before, what, when, where, by whom and by which authority, how it was borne."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    code = forms.CharField(
        label="Scan the box",
        required=False,
        max_length=300,
        help_text="Put the cursor here and scan the square code: product, lot and expiry are filled in.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-scan": "", "spellcheck": "false"}),
    )
    given_elsewhere = forms.BooleanField(
        label="Given elsewhere, not by this clinic",
        required=False,
        help_text="Then the questions, product, lot, expiry, site, side, time, authority and reaction may stay empty: not known.",
    )
    self_administered = forms.BooleanField(
        label="The patient gave it",
        required=False,
        help_text="It counts for the plan; the lot and the reaction may be unknown.",
    )
    given_on = a_date("Date given")
    given_time = forms.TimeField(
        label="Time given", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    clock = forms.CharField(required=False, max_length=5, widget=forms.HiddenInput)
    given_by = forms.ChoiceField(label="Given by", required=False)
    checked_by = forms.ChoiceField(label="Checked by", required=False)
    product = forms.CharField(
        label="Product",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "formulary", "autocomplete": "off"}),
    )
    lot = forms.CharField(
        label="Lot number",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "lots", "autocomplete": "off"}),
    )
    expires_on = a_date("Expiry date", required=False)
    drug = forms.ChoiceField(label="Drug", choices=Drug.choices())
    dose_mcg = forms.IntegerField(label="Dose in mcg", min_value=1, max_value=100_000)
    route = forms.ChoiceField(label="Route", choices=INJECTED)
    site = forms.ChoiceField(label="Site", choices=with_blank(SITES, "Choose the site"), required=False)
    side = forms.ChoiceField(
        label="Side", choices=with_blank(Side.choices(), "Choose the side"), required=False
    )
    needle = forms.CharField(
        label="Needle",
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"list": "needles", "autocomplete": "off"}),
    )
    authority = forms.ChoiceField(
        label="Authority to give",
        choices=with_blank(list(Authority.choices), "Choose the authority"),
        required=False,
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        help_text="Wanted when something spoke against it: an answer, the day, the product, the order.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    NEEDED_HERE = {
        "given_time": "Enter the time it was given.",
        "product": "Enter the product that was given.",
        "lot": "Enter the lot number from the ampoule.",
        "expires_on": "Enter the expiry date from the ampoule.",
        "site": "Choose where it was given.",
        "side": "Choose the side.",
        "authority": "Choose what entitled you to give it.",
        "reaction_grade": "Say whether there was a reaction.",
    }

    def __init__(self, *args: Any, chair: Chair, **kwargs: Any) -> None:
        self.chair = chair
        self.zone = ZoneInfo(chair.clinic.time_zone)
        kwargs["initial"] = self._begun(chair) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.asked = self.ask_by(chair.patient.sex)
        self.on_record = anticoagulants_among(chair.medicines)
        self.fields["reaction_grade"].required = False
        self._name_people(chair)

    def _begun(self, chair: Chair) -> dict[str, Any]:
        phase = chair.dose.phase if chair.dose else None
        ordered = {name: getattr(phase, name) for name in ("drug", "dose_mcg", "route")} if phase else {}
        clock = chair.at.astimezone(self.zone).strftime("%H:%M")
        moment = {
            "given_on": chair.today,
            "given_time": clock,
            "clock": clock,
            "given_by": str(chair.user.pk),
            "form_key": uuid4(),
        }
        return ordered | moment

    def _name_people(self, chair: Chair) -> None:
        people = {str(one.pk): one for one in (chair.user, *chair.people)}
        names = [(key, one.display_name) for key, one in people.items()]
        self.people: dict[str, User] = people
        for name, choices in (("given_by", names), ("checked_by", [("", "Nobody"), *names])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Ask for what this clinic must know of its own injections, and for a reason where something is unusual."""
        data = super().clean() or {}
        self._ask_for(self._needed(data) if self.is_ours else {})
        self._confirm_time(data)
        self.check_reaction(data)
        if data.get("checked_by") and data["checked_by"] == (data.get("given_by") or str(self.chair.user.pk)):
            self.add_error("checked_by", "Whoever gives an injection cannot check it too.")
        self.accounts_for(self.unusual())
        return data

    def _needed(self, data: dict[str, Any]) -> dict[str, str]:
        """What this clinic must know of its own injections: today the answers too, of another day not the time."""
        needed = dict(self.NEEDED_HERE)
        if data.get("given_on") != self.chair.today:
            needed.pop("given_time", None)
            return needed
        told = self.answers()
        needed |= {one.value: ASK.get(one, ASK_AND_NOTE) for one in unanswered(told, self.asked)}
        return needed | ({THINNER: SAY_WHICH} if kind_is_open(told) else {})

    def _confirm_time(self, data: dict[str, Any]) -> None:
        """The time at which the page was opened is not silently that of another day; sent once more, it is confirmed."""
        on, clock, typed = data.get("given_on"), data.get("clock"), data.get("given_time")
        if not on or on == self.chair.today or not clock or typed is None or f"{typed:%H:%M}" != clock:
            return
        again = cast(QueryDict, self.data).copy()
        again["clock"] = ""
        self.data = again
        self.add_error(
            "given_time",
            f"{clock} is when this page was opened. Was it given at that time on {on:%d %b %Y}? Change it, empty it,"
            " or record once more to confirm.",
        )

    def clean_product(self) -> str:
        """A name, not a scan."""
        return self._no_scan("product", "product's name")

    def clean_lot(self) -> str:
        """A lot, not a scan."""
        return self._no_scan("lot", "lot number")

    def clean_needle(self) -> str:
        """A needle, not a scan."""
        return self._no_scan("needle", "needle")

    def _no_scan(self, name: str, what: str) -> str:
        typed: str = self.cleaned_data[name]
        if is_box_code(typed):
            raise forms.ValidationError(
                f"This is the code of a box, not the {what}: empty this field and scan the box again.",
                code=SCAN,
            )
        return typed

    def misplaced(self) -> list[str]:
        """What is said of a scan that was typed into another field."""
        errors = (error for name in ("product", "lot", "needle") for error in self._errors_of(name))
        return [str(error.message) for error in errors if error.code == SCAN]

    def _errors_of(self, name: str) -> list[forms.ValidationError]:
        return self.errors[name].as_data() if name in self.errors else []

    def unusual(self) -> list[str]:
        """All that is unusual about it, where it was given here; what others gave is not ours to judge."""
        return unusual(self.chair, self.cleaned_data) if self.is_ours else []

    @property
    def is_ours(self) -> bool:
        """Whether it was given here by one of us."""
        data = self.cleaned_data
        return not (data.get("given_elsewhere") or data.get("self_administered"))

    def _ask_for(self, sentences: dict[str, str]) -> None:
        for name, sentence in sentences.items():
            empty = not self.cleaned_data.get(name) or name == "identity"
            if empty and name not in self.errors:
                self.add_error(name, sentence)

    def at_hand(self) -> AtHand:
        """The injection as far as it has been typed; on a fresh form the moment it was opened and the box filled in."""
        data = getattr(self, "cleaned_data", None) or self.initial
        given_on = data.get("given_on") or self.chair.today
        known = self.chair.product_named(data.get("product", ""))
        return AtHand(
            given_on=given_on,
            given_at=self._moment(given_on, data.get("given_time")),
            route=data.get("route", ""),
            site=data.get("site", ""),
            vial_mcg_per_ml=known.mcg_per_ml if known else None,
            holds_benzyl_alcohol=known.holds_benzyl_alcohol if known else None,
        )

    def accounts_for(self, sentences: list[str]) -> bool:
        """Whether nothing speaks against it or the reason is written; else the reason is asked for."""
        if not sentences or self.cleaned_data.get("reason", "").strip():
            return True
        self.add_error("reason", f"{' '.join(sentences)} If it was given all the same, write the reason.")
        return False

    def _moment(self, on: date, typed: time | str | None) -> datetime | None:
        at = time.fromisoformat(typed) if isinstance(typed, str) and typed else typed or None
        return datetime.combine(on, at, tzinfo=self.zone) if isinstance(at, time) else None

    def _volume(self) -> Decimal | None:
        known = self.chair.product_named(self.cleaned_data["product"])
        return volume_of(self.cleaned_data["dose_mcg"], known.mcg_per_ml).ml if known else None

    def _answered(self) -> dict[str, Any] | None:
        told = self.answers()
        return told if set(told) - {ON_RECORD} else None

    def injection(self) -> Injection:
        """What was typed, as the service wants it."""
        data = self.cleaned_data
        return Injection(
            given_at=self._given_at(),
            given_by=self.people.get(data["given_by"]),
            checked_by=self.people.get(data["checked_by"]) if self.is_ours else None,
            volume_ml=self._volume(),
            prechecks=self._answered(),
            reactions=tuple(data["reactions"]),
            **{name: data[name] for name in AS_TYPED} | ({} if self.is_ours else {"authority": ""}),
        )

    def _given_at(self) -> datetime | None:
        """The moment that was typed; of an injection elsewhere the hour at which this page was opened says nothing."""
        data = self.cleaned_data
        typed = data["given_time"]
        if typed and not self.is_ours and f"{typed:%H:%M}" == data.get("clock"):
            return None
        return self._moment(data["given_on"], typed)


def as_typed(posted: MultiValueDict[str, str]) -> dict[str, Any]:
    """What stands in the fields, to show it again without judging it."""
    several = {"identity", "reactions"}
    return {
        name: posted.getlist(name) if name in several else posted[name]
        for name in InjectionForm.base_fields
        if name in posted
    }
