"""Allergies, conditions and medicines of one patient: the answer, what was noted before, and rows for what is new."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from b12clinic.patients.forms.health_rows import (
    MANY_ROWS,
    CodedRow,
    NewAllergy,
    NewCondition,
    NewMedicine,
    NotedAllergy,
    NotedCondition,
    NotedMedicine,
    NotedRow,
)
from b12clinic.patients.forms.page import ErrorSummary, PageForm, all_valid
from b12clinic.patients.models import Patient
from b12clinic.patients.presenters import lines
from b12clinic.patients.queries import open_allergies, open_conditions, open_medicines
from b12clinic.patients.services.health import HealthGiven
from b12clinic.vocabulary import Condition, Reaction

NOT_ASKED, NONE_KNOWN, SOME = "not_asked", "none", "some"
BLANK_ROWS = {"new_allergies": 1, "new_conditions": 2, "new_medicines": 2}


class AnswerForm(PageForm):
    """Whether anybody asked about allergies, said outright, and why an earlier note changes."""

    allergies = forms.ChoiceField(
        label="Allergies to a cobalamin, cobalt, benzyl alcohol or anything else",
        choices=[(NOT_ASKED, "Not asked yet"), (NONE_KNOWN, "Asked: none known"), (SOME, "Has allergies")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the patient was asked about allergies."},
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        required=False,
        help_text="Needed when a noted allergy is taken back or altered; kept on the audit trail.",
    )


class _Rows(forms.BaseFormSet):
    """New rows of one kind; `taken` are the codes noted before."""

    taken: frozenset[str] = frozenset()

    def clean(self) -> None:
        seen = {code.casefold() for code in self.taken}
        for row in self.forms:
            said = row.said.casefold() if not row.errors else ""
            if said in seen:
                row.add_error("listed", f"This {row.kind} is listed already.")
            seen |= {said} - {""}

    @property
    def filled(self) -> list[CodedRow]:
        """The rows that say something."""
        return [row for row in self.forms if row.cleaned_data and row.said]


class HealthForms:
    """The forms of a patient's health. `patient` is None for somebody not registered yet."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        today: Any,
        patient: Patient | None = None,
        checked: bool = True,
    ) -> None:
        self._data, self._settings = data, {"checked": checked, "today": today}
        self.noted_allergies = self._noted(NotedAllergy, "allergy", _allergy_rows(patient))
        self.noted_conditions = self._noted(NotedCondition, "condition", _condition_rows(patient))
        self.noted_medicines = self._noted(NotedMedicine, "medicine", _medicine_rows(patient))
        self.new_allergies = self._new(NewAllergy, "new_allergies", self.noted_allergies)
        self.new_conditions = self._new(NewCondition, "new_conditions", self.noted_conditions)
        self.new_medicines = self._new(NewMedicine, "new_medicines", self.noted_medicines)
        self.answer = AnswerForm(data, initial={"allergies": self._answer_of(patient)}, **self._settings)

    def _noted(self, form: Callable[..., Any], prefix: str, rows: list[dict[str, Any]]) -> list[Any]:
        found = []
        for row in rows:
            name, initial = f"{prefix}-{row['pk']}", row.get("initial", {})
            one = form(self._sent(name, initial), prefix=name, initial=initial, **self._settings)
            for field in ("code", "title", "unlisted"):
                setattr(one, field, row.get(field, ()))
            found.append(one)
        return found

    def _sent(self, prefix: str, initial: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What was sent of a noted row; one that the page did not show, because it is newer, stays as it is."""
        if self._data is None or f"{prefix}-shown" in self._data:
            return self._data
        return MultiValueDict(
            {
                f"{prefix}-{field}": value
                if isinstance(value, list)
                else ["" if value is None else str(value)]
                for field, value in initial.items()
            }
        )

    def _new(self, form: type[CodedRow], prefix: str, noted: list[NotedRow]) -> Any:
        rows = forms.formset_factory(
            form, formset=_Rows, extra=BLANK_ROWS[prefix], max_num=MANY_ROWS, absolute_max=MANY_ROWS
        )
        formset: Any = rows(self._data, prefix=prefix, form_kwargs=self._settings)
        formset.taken = frozenset(row.code for row in noted)
        return formset

    def _answer_of(self, patient: Patient | None) -> str | None:
        if self.noted_allergies:
            return SOME
        if patient is None:
            return None
        return NONE_KNOWN if patient.allergies_asked_on else NOT_ASKED

    @property
    def every_form(self) -> list[forms.Form]:
        """Every single form, in the order of the page."""
        return [
            self.answer,
            *self.noted_allergies,
            *self.new_allergies.forms,
            *self.noted_conditions,
            *self.new_conditions.forms,
            *self.noted_medicines,
            *self.new_medicines.forms,
        ]

    @property
    def every_set(self) -> tuple[Any, Any, Any]:
        """The sets of new rows."""
        return self.new_allergies, self.new_conditions, self.new_medicines

    @property
    def summary(self) -> ErrorSummary:
        """All errors, for the top of the page."""
        return ErrorSummary(tuple(self.every_form), self.every_set)

    def is_valid(self) -> bool:
        """Whether everything can be handed on; every error is found."""
        sets = (self.new_allergies, self.new_conditions, self.new_medicines)
        if not all_valid(
            [self.answer, *self.noted_allergies, *self.noted_conditions, *self.noted_medicines, *sets]
        ):
            return False
        return self._answer_fits()

    def _answer_fits(self) -> bool:
        answer = self.answer.cleaned_data["allergies"]
        if answer == SOME and not self._allergies:
            self.answer.add_error("allergies", "Name the allergy below, or answer otherwise.")
        if answer != SOME and self._allergies:
            self.answer.add_error(
                "allergies", "An allergy is listed below, so the answer is “Has allergies”."
            )
        return not self.answer.errors

    @property
    def _allergies(self) -> tuple[Any, ...]:
        return _given(self.noted_allergies, self.new_allergies)

    @property
    def given(self) -> HealthGiven:
        """What applies now, once valid."""
        return HealthGiven(
            allergies_asked=self.answer.cleaned_data["allergies"] != NOT_ASKED,
            allergies=self._allergies,
            conditions=_given(self.noted_conditions, self.new_conditions),
            medicines=_given(self.noted_medicines, self.new_medicines),
        )


def _given(noted: list[Any], new: Any) -> tuple[Any, ...]:
    return tuple(row.given() for row in noted if row.goes_on) + tuple(row.given() for row in new.filled)


def _allergy_rows(patient: Patient | None) -> list[dict[str, Any]]:
    return [
        {
            "pk": row.pk,
            "code": row.substance,
            "title": lines.allergy(row),
            "initial": {"reactions": [code for code in row.reactions if code in Reaction.codes()]},
            "unlisted": tuple(code for code in row.reactions if code not in Reaction.codes()),
        }
        for row in (open_allergies(patient) if patient else [])
    ]


def _condition_rows(patient: Patient | None) -> list[dict[str, Any]]:
    return [
        {"pk": row.pk, "code": row.code, "title": Condition.label_of(row.code)}
        for row in (open_conditions(patient) if patient else [])
    ]


def _medicine_rows(patient: Patient | None) -> list[dict[str, Any]]:
    fields = ("dose", "since", "inr_low", "inr_high")
    return [
        {
            "pk": row.pk,
            "code": row.code,
            "title": lines.medicine(row),
            "initial": {field: getattr(row, field) for field in fields},
        }
        for row in (open_medicines(patient) if patient else [])
    ]
