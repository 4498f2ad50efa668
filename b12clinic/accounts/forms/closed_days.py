"""The shape of a closed day and of the year whose public holidays are asked for."""

from datetime import date
from typing import Any

from django import forms

from b12clinic.accounts.public_holidays import PublicHoliday

YEARS_AHEAD = 5


class ClosedDayForm(forms.Form):
    """One day of the clinic's own."""

    on = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(
        max_length=120, label="Why", help_text="As staff will read it: staff training, moving rooms."
    )


class ReopenForm(forms.Form):
    """The day to take off the list."""

    on = forms.DateField()


class YearForm(forms.Form):
    """The year whose public holidays are to be shown."""

    year = forms.TypedChoiceField(label="Year", coerce=int)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(year, str(year)) for year in range(today.year, today.year + YEARS_AHEAD + 1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]


class HolidaysForm(forms.Form):
    """Which of the public holidays on offer to close on; a day that was not on offer is refused."""

    days = forms.MultipleChoiceField(
        label="Days to close",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one day."},
    )

    def __init__(self, *args: Any, offered: tuple[PublicHoliday, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {holiday.on.isoformat(): holiday for holiday in offered}
        self.fields["days"].choices = [(day, holiday.name) for day, holiday in self.offered.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[date, str]:
        """The ticked days with their names, once the form is valid."""
        return {self.offered[day].on: self.offered[day].name for day in self.cleaned_data["days"]}
