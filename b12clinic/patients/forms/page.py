"""Forms that share one page: sent together, checked together, and shown again unchecked when only more rows were wanted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.utils import ErrorDict

DayInput = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PageForm(forms.Form):
    """A form of a page. With `checked=False` it shows what was sent without saying what is wrong with it yet."""

    use_required_attribute = False  # a row may stay empty, and the summary names what is missing

    def __init__(self, *args: Any, checked: bool = True, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checked = checked
        self.today = today

    def full_clean(self) -> None:
        if self.checked:
            super().full_clean()
        else:
            self._errors = ErrorDict()
            self.cleaned_data = {}


@dataclass(frozen=True)
class ErrorSummary:
    """The errors of several forms and sets of forms, for the one summary on top of their page."""

    forms: tuple[forms.BaseForm, ...]
    sets: tuple[BaseFormSet, ...] = ()

    @property
    def errors(self) -> bool:
        """Whether there are any."""
        return bool(self.non_field_errors) or any(form.errors for form in self.forms)

    @property
    def non_field_errors(self) -> list[str]:
        """What belongs to no single field."""
        whole = [formset.non_form_errors() for formset in self.sets]
        return [
            str(error)
            for found in (*whole, *(form.non_field_errors() for form in self.forms))
            for error in found
        ]

    @property
    def hidden_fields(self) -> tuple[()]:
        """None: versions are no fields of these forms."""
        return ()

    @property
    def visible_fields(self) -> Iterator[BoundField]:
        """The fields of every form, in the order of the page."""
        return (field for form in self.forms for field in form.visible_fields())


def all_valid(parts: Iterable[forms.Form | BaseFormSet]) -> bool:
    """Whether every part is valid; each is checked, so that all errors are told at once."""
    return False not in [part.is_valid() for part in parts]


def grown(data: Any, prefix: str, by: int = 3) -> Any:
    """The data sent, with some more empty rows in the set of forms of this prefix."""
    data = data.copy()
    count = data.get(f"{prefix}-TOTAL_FORMS", "0")[:4]
    data[f"{prefix}-TOTAL_FORMS"] = str((int(count) if count.isdecimal() else 0) + by)
    return data
