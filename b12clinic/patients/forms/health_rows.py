"""One row each: an allergy, a condition or a medicine, to be added or as it was noted before."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from b12clinic.patients.forms.page import DayInput, PageForm
from b12clinic.patients.services.health import (
    AllergyGiven,
    MedicineGiven,
    find_code_problems,
    find_medicine_problems,
)
from b12clinic.patients.wording import coded
from b12clinic.vocabulary import Allergen, Coded, Condition, Medicine, Reaction

MANY_ROWS = 30
ENDED = "No longer applies"


class CodedRow(PageForm):
    """Something from a closed list, or in words where the list does not have it. An empty row counts for nothing."""

    words: type[Coded]
    kind: str
    listed: forms.ChoiceField

    other = forms.CharField(label="or in words", max_length=48, required=False)

    @property
    def said(self) -> str:
        """The code, or the words; empty for an empty row."""
        return self.cleaned_data.get("listed") or coded(self.words, self.cleaned_data.get("other", ""))

    def clean(self) -> dict[str, Any]:
        """One of the two, and nothing in words that the list has."""
        if self.cleaned_data.get("listed") and self.cleaned_data.get("other"):
            self.add_error("other", "Choose from the list or write, not both.")
        elif self.said:
            for sentence in find_code_problems(self.kind, self.words, self.said):
                self.add_error("other", sentence)
        elif not self.errors and any(self.cleaned_data.get(name) for name in self.fields):
            self.add_error("listed", f"Name the {self.kind}, or leave the row empty.")
        return self.cleaned_data


def _listed(label: str, words: type[Coded]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "Choose…"), *words.choices()], required=False)


class _Reactions(PageForm):
    reactions = forms.MultipleChoiceField(
        label="Reactions seen",
        choices=Reaction.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class _Dosage(PageForm):
    dose = forms.CharField(
        label="Dose",
        max_length=60,
        required=False,
        help_text="With its unit: 500 mg/day.",
    )
    since = forms.DateField(label="Taken since", required=False, widget=DayInput)
    inr_low = forms.DecimalField(
        label="INR from", max_digits=3, decimal_places=1, required=False, help_text="For warfarin."
    )
    inr_high = forms.DecimalField(label="INR to", max_digits=3, decimal_places=1, required=False)

    def medicine(self, code: str) -> MedicineGiven:
        """The row as the services take it."""
        said = self.cleaned_data
        low: Decimal | None = said.get("inr_low")
        since: date | None = said.get("since")
        return MedicineGiven(code, said.get("dose", ""), since, low, said.get("inr_high"))

    def check_medicine(self, code: str, born_on: date | None = None) -> None:
        """Put what the service would refuse beside the row."""
        if self.today and not self.errors:
            for sentence in find_medicine_problems(self.medicine(code), self.today, born_on):
                self.add_error("inr_low" if "INR" in sentence else "since", sentence)


class NewAllergy(CodedRow, _Reactions):
    words, kind = Allergen, "substance"
    listed = _listed("Substance", Allergen)
    field_order = ("listed", "other", "reactions")

    def given(self) -> AllergyGiven:
        return AllergyGiven(self.said, tuple(self.cleaned_data["reactions"]))


class NewCondition(CodedRow):
    words, kind = Condition, "condition"
    listed = _listed("Condition", Condition)
    field_order = ("listed", "other")

    def given(self) -> str:
        return self.said


class NewMedicine(CodedRow, _Dosage):
    words, kind = Medicine, "medicine"
    listed = _listed("Medicine", Medicine)
    field_order = ("listed", "other", "dose", "since", "inr_low", "inr_high")

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_medicine(self.said)
        return self.cleaned_data

    def given(self) -> MedicineGiven:
        return self.medicine(self.said)


class NotedRow(PageForm):
    """A row noted before, by its code; ticked, it ends. `title` is what was noted, in words."""

    code = ""
    title = ""
    ended = forms.BooleanField(label=ENDED, required=False)

    @property
    def goes_on(self) -> bool:
        """Whether it still applies."""
        return not self.cleaned_data.get("ended")


class NotedAllergy(_Reactions, NotedRow):
    unlisted: tuple[str, ...] = ()  # reactions that no list has, kept as they are

    def given(self) -> AllergyGiven:
        return AllergyGiven(self.code, (*self.cleaned_data["reactions"], *self.unlisted))


class NotedCondition(NotedRow):
    def given(self) -> str:
        return self.code


class NotedMedicine(_Dosage, NotedRow):
    def clean(self) -> dict[str, Any]:
        self.check_medicine(self.code)
        return self.cleaned_data

    def given(self) -> MedicineGiven:
        return self.medicine(self.code)
