"""What a clinician changes of a protocol before signing, and the reasons that go with it."""

from calendar import day_name
from datetime import date
from typing import Any, cast

from django import forms

from b12clinic.vocabulary import IntervalUnit
from regimens.forms.administration import a_date, with_blank
from regimens.planning import Adjustment
from regimens.protocols.findings import FindingRaised
from regimens.protocols.intervals import Interval

OVERRIDE = "override-"
_UNITS = {unit.value: unit for unit in IntervalUnit}
DATING = frozenset({"starts_on", "weekdays", "maintenance_count", "maintenance_unit", "reason"})


class AdjustmentForm(forms.Form):
    """First day, maintenance interval with its reason, a reason for each block, and for replacing a running regimen."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    starts_on = a_date("First dose on")
    weekdays = forms.MultipleChoiceField(
        label="Days that suit",
        choices=[],
        widget=forms.CheckboxSelectMultiple,
        help_text="Doses land on these days inside their window; holidays and closed days are left out.",
    )
    maintenance_count = forms.IntegerField(
        label="Maintenance every", required=False, min_value=1, max_value=52
    )
    maintenance_unit = forms.ChoiceField(
        label="Unit",
        required=False,
        choices=with_blank(
            [(u.value, f"{u.label}s") for u in (IntervalUnit.WEEK, IntervalUnit.MONTH)], "As the protocol"
        ),
    )
    reason = forms.CharField(
        label="Reason for another interval",
        required=False,
        help_text="Kept with the plan. Weeks and months are not the same and stay as you enter them.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    replaces_because = forms.CharField(
        label="Why this plan replaces the running one",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        today: date,
        blocks: tuple[FindingRaised, ...],
        replaces: bool,
        has_maintenance: bool,
        clinic_weekdays: list[int],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"weekdays": [str(day) for day in clinic_weekdays]} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.today = today
        self.clinic_weekdays = frozenset(clinic_weekdays)
        weekdays = cast(forms.MultipleChoiceField, self.fields["weekdays"])
        weekdays.choices = [(str(day), day_name[day]) for day in sorted(clinic_weekdays)]
        self.fields["starts_on"].widget.attrs["min"] = today.isoformat()
        self.blocks = blocks
        if not replaces:
            del self.fields["replaces_because"]
        if not has_maintenance:
            for name in ("maintenance_count", "maintenance_unit", "reason"):
                del self.fields[name]
        for finding in blocks:
            self.fields[OVERRIDE + finding.code] = forms.CharField(
                label=f"Why go on in spite of the block {finding.code}",
                required=False,
                help_text=finding.message,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean_starts_on(self) -> date:
        """A plan begins today or later."""
        starts_on: date = self.cleaned_data["starts_on"]
        if starts_on < self.today:
            raise forms.ValidationError("The first dose cannot lie in the past.")
        return starts_on

    def clean(self) -> dict[str, Any]:
        """A changed interval wants a number, a unit and a reason together."""
        data = super().clean() or {}
        count, unit = data.get("maintenance_count"), data.get("maintenance_unit")
        if bool(count) != bool(unit):
            self.add_error(
                "maintenance_unit" if count else "maintenance_count", "Give the number and the unit together."
            )
        if count and unit and not data.get("reason", "").strip():
            self.add_error("reason", "Say why the maintenance interval differs from the protocol's.")
        return data

    def reasons_given(self) -> bool:
        """Whether every reason that a signature needs is written; an error at each field that lacks one."""
        wanted = {OVERRIDE + finding.code: "Write why you go on in spite of it." for finding in self.blocks}
        if "replaces_because" in self.fields:
            wanted["replaces_because"] = "Another regimen is running; say why this one replaces it."
        for name, sentence in wanted.items():
            if not self.cleaned_data.get(name, "").strip():
                self.add_error(name, sentence)
        return not self.errors

    @property
    def dated(self) -> bool:
        """Whether the dates can be worked out from what was typed, though a reason may still be missing."""
        return self.is_bound and not DATING & set(self.errors)

    def adjustment(self) -> Adjustment:
        """What was chosen, as preview and signature want it."""
        data = self.cleaned_data
        count, unit = data.get("maintenance_count"), data.get("maintenance_unit")
        weekdays = frozenset(int(day) for day in data["weekdays"])
        return Adjustment(
            starts_on=data["starts_on"],
            weekdays=None if weekdays == self.clinic_weekdays else weekdays,
            maintenance=Interval(count, _UNITS[unit]) if count and unit else None,
            reason=data.get("reason", "").strip(),
        )

    def proposed(self) -> Adjustment:
        """The protocol as it comes, from the first day proposed: what is shown before anything was chosen."""
        return Adjustment(starts_on=self.initial["starts_on"])

    @property
    def fingerprint(self) -> str:
        """What the dates hang on, so that nobody signs dates that were not shown."""
        chosen = self.adjustment()
        return f"{chosen.starts_on}|{sorted(chosen.weekdays or ())}|{chosen.maintenance or ''}"

    @property
    def previewed(self) -> bool:
        """Whether the dates shown are those of what was chosen."""
        return bool(self.cleaned_data.get("shown") == self.fingerprint)

    @property
    def overrides(self) -> dict[str, str]:
        """The written reason for each block, by the finding's code."""
        return {finding.code: self.cleaned_data.get(OVERRIDE + finding.code, "") for finding in self.blocks}
