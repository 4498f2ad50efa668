"""The shape of the days to close, as they come from the pages of the clinic's set-up."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from b12clinic.accounts.forms.closed_days import ClosedDayForm

AT_MOST = 60


class ClosingForm(forms.Form):
    """Pairs of `on` and `why`, as many as there are days; `days` once it is valid."""

    days: dict[date, str]

    def __init__(self, query: QueryDict, *args: Any, **kwargs: Any) -> None:
        super().__init__(query, *args, **kwargs)
        self.pairs = list(zip(query.getlist("on"), query.getlist("why"), strict=False))

    def clean(self) -> dict[str, Any]:
        """Every pair must be a day with a reason."""
        self.days = {}
        if not self.pairs or len(self.pairs) > AT_MOST:
            raise forms.ValidationError("Choose the days to close on the page of closed days.")
        for on, why in self.pairs:
            one = ClosedDayForm({"on": on, "why": why})
            if not one.is_valid():
                raise forms.ValidationError(f"“{on[:20]}” with “{why[:40]}” is not a day and a reason.")
            self.days[one.cleaned_data["on"]] = one.cleaned_data["why"]
        return {}
