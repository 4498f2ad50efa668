"""The shape of what an administrator sets of the clinic."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from b12clinic.accounts.default_packs import pack_choices
from b12clinic.accounts.models import Clinic
from b12clinic.accounts.public_holidays import countries, regions
from b12clinic.accounts.services.set_up_clinic import ClinicDetails

WEEKDAYS = list(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))


class ClinicForm(forms.Form):
    """Name, place, opening days, guideline and contact; `version` is the one that was shown."""

    name = forms.CharField(max_length=120, label="Name of the clinic")
    contact_email = forms.EmailField(
        required=False, label="E-mail address", help_text="Patients and staff are given this to reply to."
    )
    contact_phone = forms.CharField(max_length=40, required=False, label="Telephone")
    country = forms.ChoiceField(label="Country", help_text="Decides which public holidays are offered.")
    region = forms.ChoiceField(
        required=False,
        label="Region",
        help_text="Where public holidays differ within the country. After changing the country, save to see its regions.",
    )
    time_zone = forms.CharField(
        max_length=64,
        label="Time zone",
        help_text="Decides what “today” is: as in Europe/London.",
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )
    open_weekdays = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        label="Days on which injections are given",
        help_text="New dates are laid on these days; dates already planned stay until they are re-dated.",
        error_messages={"required": "Choose at least one weekday on which the clinic gives injections."},
    )
    injections_a_day = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=1000,
        label="Injections a day",
        help_text="A day that is full gives way to the emptiest of a dose's window. Empty: no day is ever full.",
    )
    default_pack = forms.ChoiceField(
        label="Guideline shown first",
        help_text="All guidelines are compared for each patient; this one stands first.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        country = self.data.get("country", clinic.country) if self.is_bound else clinic.country
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", "The whole country"), *regions(country)]  # type: ignore[attr-defined]
        self.fields["region"].error_messages["invalid_choice"] = (
            "Choose a region of this country, or the whole country."
        )
        self.fields["default_pack"].choices = _with(pack_choices(), clinic.default_pack)  # type: ignore[attr-defined]

    @classmethod
    def showing(cls, clinic: Clinic) -> "ClinicForm":
        """The form filled with what is stored."""
        return cls(initial={name: getattr(clinic, name) for name in cls.base_fields}, clinic=clinic)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Clinic.objects.filter(name=name).exclude(pk=self.clinic.pk).exists():
            raise forms.ValidationError("Another clinic of this installation has this name.")
        return name

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(f"“{zone}” is not a time zone; write it as in “Europe/London”.")
        return zone

    @property
    def details(self) -> ClinicDetails:
        """What was typed, once it is valid."""
        return ClinicDetails(
            **{name: value for name, value in self.cleaned_data.items() if name != "version"}
        )


def time_zones() -> list[str]:
    """The names offered beside the field."""
    return sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/"))
    )


def _with(choices: list[tuple[str, str]], stored: str) -> list[tuple[str, str]]:
    """The choices, with the stored one even when nobody offers it any more."""
    return choices if stored in dict(choices) else [*choices, (stored, stored)]
