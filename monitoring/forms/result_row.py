"""One row of the results grid: the value of one analyte as it is typed."""

from collections.abc import Sequence
from typing import Any

from django import forms

from monitoring.interpretation.analytes import ANALYTES, Analyte
from monitoring.interpretation.entry import (
    LONGEST_UNIT,
    Entry,
    EntryStopped,
    Measurement,
    Stop,
    doubts,
    read_entry,
)
from monitoring.interpretation.typed_value import COMPARATORS
from monitoring.models import Result
from monitoring.presenters import words

COMPARATOR_CHOICES = [("", "="), *((one, one.replace("<=", "≤").replace(">=", "≥")) for one in COMPARATORS)]

LABELS = {
    "value": "value",
    "comparator": "comparator",
    "unit": "unit",
    "taken_on": "day of the sample, if another",
    "low": "lower end of the reference range",
    "high": "upper end of the reference range",
}
_LACKING = {"coded": ("comparator", "unit", "low", "high"), "ratio": ("unit",), "number": ()}


class ResultRowForm(forms.Form):
    """The shape of one row; whether the value may be kept is for the service to say.

    A reason counts only for the value it was written beside (`doubted`): one typed for 205 pg/mL does not let 2050 pass.
    `offered` is the unit that stood chosen when the page came: untouched, it makes no row of an empty one.
    """

    value = forms.CharField(required=False, max_length=40)
    comparator = forms.ChoiceField(required=False, choices=COMPARATOR_CHOICES)
    unit: forms.Field = forms.ChoiceField(required=False)
    taken_on = forms.DateField(
        required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    low = forms.CharField(required=False, max_length=20)
    high = forms.CharField(required=False, max_length=20)
    confirmed_because = forms.CharField(required=False, max_length=300)
    doubted = forms.CharField(required=False, widget=forms.HiddenInput)
    second_sample = forms.BooleanField(required=False)
    offered = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        analyte: Analyte,
        ordinal: int = 0,
        last: str = "",
        offered: str = "",
        initial: dict[str, Any] | None = None,
    ) -> None:
        initial = initial or {"unit": offered, "offered": offered}
        super().__init__(
            data, prefix=row_key(analyte.code, ordinal), initial=initial, use_required_attribute=False
        )
        self.analyte, self.ordinal, self.last = analyte, ordinal, last
        self.judged = False
        self.title = analyte.label + (f", sample {ordinal + 1}" if ordinal else "")
        self._choose_fields()
        self._dress_fields()

    def _choose_fields(self) -> None:
        """Leave out what the analyte has not, and offer its own words and units."""
        one = self.analyte
        if one.coded:
            offered = [(word, word.capitalize()) for word in one.coded_values]
            self.fields["value"] = forms.ChoiceField(required=False, choices=[("", "–"), *offered])
        elif one.keeps_any_unit:
            self.fields["unit"] = forms.CharField(required=False, max_length=LONGEST_UNIT)
        else:
            units = [(unit, words.unit_on_screen(unit)) for unit in one.accepted_units]
            self.fields["unit"] = forms.ChoiceField(required=False, choices=[("", "Unit"), *units])
        for name in _LACKING["coded" if one.coded else "ratio" if one.dimensionless else "number"]:
            del self.fields[name]

    def _dress_fields(self) -> None:
        for name, field in self.fields.items():
            of_choice = isinstance(field, forms.ChoiceField)
            look = (
                "form-check-input"
                if name == "second_sample"
                else "form-select"
                if of_choice
                else "form-control"
            )
            field.widget.attrs |= {"class": look, "autocomplete": "off"}
            if name in ("value", "low", "high") and not of_choice:
                field.widget.attrs["inputmode"] = "decimal"
            if name in LABELS:
                field.label = f"{self.title}: {LABELS[name]}"
                field.widget.attrs["aria-label"] = f"{self.title}, {LABELS[name]}"

    @property
    def key(self) -> str:
        """What the grid calls this row."""
        return row_key(self.analyte.code, self.ordinal)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed; a unit alone is something, unless it is the one that was offered."""
        typed = any(self._typed(name) for name in ("value", "comparator", "taken_on", "low", "high"))
        return not typed and self._typed("unit") in ("", self._typed("offered"))

    @property
    def stands_as_offered(self) -> bool:
        """Whether the unit is the one that the laboratory reported last, where there was a choice."""
        if "unit" not in self.fields or len(self.analyte.accepted_units) == 1:
            return False
        offered = self["offered"].value()
        return bool(offered) and self["unit"].value() == offered

    def is_valid(self) -> bool:
        """Whether the row has the shape of a result; from here on its errors are shown."""
        self.judged = True
        return super().is_valid()

    def clean(self) -> dict[str, Any]:
        if not self.is_blank and not self._typed("value"):
            self.add_error("value", f"{self.title}: type the value, or clear the rest of the row.")
        return self.cleaned_data

    def entry(self) -> Entry:
        """What was typed, for the service."""
        given = self.cleaned_data
        return Entry(
            analyte=self.analyte.code,
            value=given.get("value", ""),
            unit=given.get("unit", ""),
            comparator=given.get("comparator", ""),
            taken_on=given.get("taken_on"),
            low=given.get("low", ""),
            high=given.get("high", ""),
            confirmed_because=given["confirmed_because"] if given["doubted"] == self.doubt_key else "",
            second_sample=given["second_sample"],
        )

    def refuse(self, stops: Sequence[Stop]) -> None:
        """Put each of the service's sentences beside the field it speaks of."""
        for stop in stops:
            self.add_error(
                stop.field if stop.field in self.fields else "value", words.units_on_screen(stop.sentence)
            )

    @property
    def doubt_key(self) -> str:
        """The value that a reason is written for."""
        return "|".join(self._typed(name) for name in ("comparator", "value", "unit", "low", "high"))

    @property
    def measurement(self) -> Measurement | None:
        """What was typed as a measurement, None while it cannot be read."""
        if not self.is_bound or not self._typed("value"):
            return None
        typed = Entry(
            analyte=self.analyte.code,
            value=self._typed("value"),
            comparator=self._typed("comparator"),
            unit=self._typed("unit"),
            low=self._typed("low"),
            high=self._typed("high"),
        )
        try:
            return read_entry(typed)
        except EntryStopped:
            return None

    @property
    def conversion(self) -> str:
        """The value in its other units: "= 151 pmol/L"."""
        read = self.measurement
        shown = words.conversions(self.analyte.code, read.number, read.unit, read.comparator) if read else ""
        return f"= {shown}" if shown else ""

    @property
    def doubts(self) -> list[str]:
        """What must be confirmed with a reason before the value is kept."""
        read = self.measurement
        return [words.units_on_screen(finding.sentence) for finding in doubts(read)] if read else []

    @property
    def asks_second_sample(self) -> bool:
        """Whether the row was stopped as a duplicate, or already says that it is none."""
        return bool(self._typed("second_sample")) or (self.judged and "second_sample" in self.errors)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) for each error, in the order of the fields; none before the row was judged."""
        if not self.judged:
            return []
        return [
            (self[name].id_for_label or self["value"].id_for_label, str(error))
            for name in self.fields
            for error in self.errors.get(name, [])
        ]

    @property
    def shown_problems(self) -> list[tuple[str, str]]:
        """The errors to say under the row: a doubt is said beside the place for its reason."""
        doubts = set(self.doubts)
        return [(field, sentence) for field, sentence in self.problems if sentence not in doubts]

    def _typed(self, name: str) -> str:
        """A field as typed, whether or not it could be read."""
        if name not in self.fields:
            return ""
        return str(self.data.get(self.add_prefix(name)) or "").strip() if self.is_bound else ""


def row_key(code: str, ordinal: int) -> str:
    """What the grid calls the row of an analyte: "potassium-0"."""
    return f"{code}-{ordinal}"


def row_named(key: str, data: Any) -> ResultRowForm | None:
    """The row that a key such as "potassium-0" names, with what was typed; None for a name that no row has."""
    code, _, ordinal = key.rpartition("-")
    if code not in ANALYTES or not ordinal.isdecimal() or len(ordinal) > 2:
        return None
    return ResultRowForm(data, analyte=ANALYTES[code], ordinal=int(ordinal))


def correction_row(result: Result, data: Any) -> ResultRowForm:
    """The row that corrects a result, filled with what was recorded."""
    recorded = {
        "value": result.coded or result.reported_value,
        "comparator": result.comparator,
        "unit": result.unit,
        "taken_on": result.taken_on,
        "low": words.plain(result.reference_low),
        "high": words.plain(result.reference_high),
    }
    return ResultRowForm(data, analyte=ANALYTES[result.analyte], initial=recorded)
