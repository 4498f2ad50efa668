"""The shape of what a nurse writes down; it saves nothing."""

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms

from b12clinic.vocabulary import Drug, NotGivenReason, ReactionGrade, Route, Side, Site
from regimens.models import Administration, Dose, Product
from regimens.models.administration import Authority
from regimens.order_check import AtHand
from regimens.services.record_administration import Injection

INJECTED = [(route.value, route.label) for route in (Route.IM, Route.SC)]


def with_blank(choices: list[tuple[str, str]], ask: str) -> list[tuple[str, str]]:
    """Choices that begin with a question, so that nothing is chosen by default."""
    return [("", ask), *choices]


def a_date(label: str, **options: Any) -> forms.DateField:
    """A date field with the browser's own picker."""
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class InjectionForm(forms.Form):
    """An injection given: what, when, where, by which authority, and how it was borne."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    given_elsewhere = forms.BooleanField(
        label="Given elsewhere, not by this clinic",
        required=False,
        help_text="Then product, lot, expiry, site, side, time and authority may stay empty.",
    )
    given_on = a_date("Date given")
    given_time = forms.TimeField(
        label="Time given", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    product = forms.CharField(
        label="Product",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "formulary", "autocomplete": "off"}),
    )
    lot = forms.CharField(label="Lot number", max_length=40, required=False)
    expires_on = a_date("Expiry date", required=False)
    drug = forms.ChoiceField(label="Drug", choices=Drug.choices())
    dose_mcg = forms.IntegerField(label="Dose in mcg", min_value=1, max_value=100_000)
    route = forms.ChoiceField(label="Route", choices=INJECTED)
    site = forms.ChoiceField(
        label="Site", choices=with_blank(Site.choices(), "Choose the site"), required=False
    )
    side = forms.ChoiceField(
        label="Side", choices=with_blank(Side.choices(), "Choose the side"), required=False
    )
    authority = forms.ChoiceField(
        label="Authority to give",
        choices=with_blank(list(Authority.choices), "Choose the authority"),
        required=False,
    )
    reaction_grade = forms.ChoiceField(
        label="Reaction",
        choices=with_blank(ReactionGrade.choices(), "Say whether there was a reaction"),
        error_messages={"required": "Say whether there was a reaction."},
    )
    reaction = forms.CharField(
        label="What was seen", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        help_text="Wanted when the injection was early, from an expired product, or not as ordered.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    ON_THE_BOX = ("product", "lot", "expires_on", "authority")
    NEEDED_HERE = {
        "given_time": "Enter the time it was given.",
        "product": "Enter the product that was given.",
        "lot": "Enter the lot number from the ampoule.",
        "expires_on": "Enter the expiry date from the ampoule.",
        "site": "Choose where it was given.",
        "side": "Choose the side.",
        "authority": "Choose what entitled you to give it.",
    }

    def __init__(
        self,
        *args: Any,
        dose: Dose,
        products: list[Product],
        today: date,
        now: datetime,
        box: Administration | None = None,
        **kwargs: Any,
    ) -> None:
        self.dose, self.today, self.products, self.box = dose, today, products, box
        self.zone = ZoneInfo(dose.clinic.time_zone)
        phase = dose.phase
        ordered = {"drug": phase.drug, "dose_mcg": phase.dose_mcg, "route": phase.route}
        moment = {
            "given_on": today,
            "given_time": now.astimezone(self.zone).strftime("%H:%M"),
            "form_key": uuid4(),
        }
        again = {name: getattr(box, name) for name in self.ON_THE_BOX} if box else {}
        kwargs["initial"] = ordered | moment | again | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Ask for what this clinic must know of its own injections, and for a reason where something is unusual."""
        data = super().clean() or {}
        if not data.get("given_elsewhere"):
            for name, sentence in self.NEEDED_HERE.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        if data.get("reaction_grade") not in {None, "", ReactionGrade.NONE.value} and not data.get(
            "reaction"
        ):
            self.add_error("reaction", "Describe the reaction.")
        unusual = self._unusual(data)
        if unusual and not data.get("reason", "").strip():
            self.add_error("reason", f"{unusual} If it was given all the same, write the reason.")
        return data

    def _unusual(self, data: dict[str, Any]) -> str:
        given_on, expires_on = data.get("given_on"), data.get("expires_on")
        if given_on and given_on < self.dose.earliest_on:
            return f"This is before the window opens on {self.dose.earliest_on:%d %b %Y}."
        if given_on and expires_on and expires_on < given_on:
            return f"Do not give: this product expired on {expires_on:%d %b %Y}."
        phase = self.dose.phase
        given = (data.get("drug"), data.get("dose_mcg"), data.get("route"))
        if all(given) and given != (phase.drug, phase.dose_mcg, phase.route):
            return "Drug, dose or route differ from the order."
        known = {product.name: product for product in self.products}.get(data.get("product", ""))
        if known and data.get("drug") and known.drug != data["drug"]:
            return f"{known.name} holds {Drug.label_of(known.drug).lower()}, not {Drug.label_of(data['drug']).lower()}."
        return ""

    def at_hand(self) -> AtHand:
        """The injection as far as it has been typed; on a fresh form the moment it was opened and the box filled in."""
        data = getattr(self, "cleaned_data", None) or self.initial
        given_on = data.get("given_on") or self.today
        product = data.get("product", "")
        return AtHand(
            given_on=given_on,
            given_at=self._moment(given_on, data.get("given_time")),
            site=data.get("site", ""),
            vial_mcg_per_ml=next((one.mcg_per_ml for one in self.products if one.name == product), None),
        )

    def accounts_for(self, sentences: list[str]) -> bool:
        """Whether nothing speaks against it or the reason is written; else the reason is asked for."""
        if not sentences or self.cleaned_data["reason"].strip():
            return True
        self.add_error("reason", f"{' '.join(sentences)} If it was given all the same, write the reason.")
        return False

    def _moment(self, on: date, typed: time | str | None) -> datetime | None:
        at = time.fromisoformat(typed) if isinstance(typed, str) and typed else typed or None
        return datetime.combine(on, at, tzinfo=self.zone) if isinstance(at, time) else None

    def injection(self) -> Injection:
        """What was typed, as the service wants it."""
        data = self.cleaned_data
        return Injection(
            given_on=data["given_on"],
            given_at=self._moment(data["given_on"], data["given_time"]),
            **{
                name: data[name]
                for name in (
                    "drug",
                    "dose_mcg",
                    "route",
                    "product",
                    "lot",
                    "expires_on",
                    "site",
                    "side",
                    "authority",
                    "reaction_grade",
                    "reaction",
                    "given_elsewhere",
                    "reason",
                )
            },
        )


class NotGivenForm(forms.Form):
    """An attempt that led to no injection, with its reason and what happens next."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    on = a_date("Date of the attempt")
    not_given_reason = forms.ChoiceField(
        label="Why it was not given", choices=with_blank(NotGivenReason.choices(), "Choose the reason")
    )
    reason = forms.CharField(label="In your words", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    next_action_on = a_date(
        "Try again on", required=False, help_text="The dose stays on the due list in any case."
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
    reason = forms.CharField(label="Why this entry is an error", widget=forms.Textarea(attrs={"rows": 3}))
