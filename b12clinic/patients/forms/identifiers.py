"""The shape of a patient's numbers: a scheme and a value in each row; an emptied row takes the number away."""

from collections.abc import Mapping
from typing import Any

from django import forms

from b12clinic.accounts.models import Clinic
from b12clinic.patients.forms.page import PageForm
from b12clinic.patients.identifiers import IdentifierRefused, grouped, normalised
from b12clinic.patients.models import IdentifierScheme, Patient

PREFIX = "identifiers"
NATIONAL = {"GB": IdentifierScheme.NHS_NUMBER, "NL": IdentifierScheme.BSN}
ROWS = len(IdentifierScheme)


class IdentifierForm(PageForm):
    """One number under one scheme; `value` comes out normalised."""

    scheme = forms.ChoiceField(
        label="Kind of number", choices=[("", "Choose…"), *IdentifierScheme.choices], required=False
    )
    value = forms.CharField(label="Number", max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        """Apply the scheme's rule, where there is a number at all."""
        scheme, value = self.cleaned_data.get("scheme", ""), self.cleaned_data.get("value", "")
        if value and not scheme and "scheme" not in self.errors:
            self.add_error("scheme", "Say what kind of number this is.")
        elif value and scheme:
            try:
                self.cleaned_data["value"] = normalised(scheme, value)
            except IdentifierRefused as refused:
                self.add_error("value", str(refused))
        return self.cleaned_data


class _IdentifierRows(forms.BaseFormSet):
    def clean(self) -> None:
        """One number of a kind: the second is told so."""
        seen: set[str] = set()
        for form in self.forms:
            scheme = form.cleaned_data.get("scheme", "") if form.cleaned_data.get("value") else ""
            if scheme and scheme in seen:
                form.add_error("scheme", "There is a number of this kind already; a patient has one of each.")
            seen.add(scheme)

    @property
    def numbers(self) -> dict[str, str]:
        """Normalised numbers by scheme."""
        rows = (form.cleaned_data for form in self.forms)
        return {row["scheme"]: row["value"] for row in rows if row.get("value")}

    def refuse(self, scheme: str, sentence: str) -> None:
        """Put a sentence beside the number of a scheme."""
        for form in self.forms:
            if form.cleaned_data.get("scheme") == scheme and form.cleaned_data.get("value"):
                form.add_error("value", sentence)


_Rows = forms.formset_factory(
    IdentifierForm, formset=_IdentifierRows, extra=0, max_num=ROWS, absolute_max=ROWS
)


def identifier_rows(
    data: Mapping[str, Any] | None, *, clinic: Clinic, patient: Patient | None = None, checked: bool = True
) -> Any:
    """Rows for a patient's numbers: those there are, then one for each of the clinic's usual kinds."""
    kept = {number.scheme: number.value for number in patient.identifiers.all()} if patient else {}
    usual = [NATIONAL.get(clinic.country, ""), IdentifierScheme.MEDICAL_RECORD]
    rows = [{"scheme": scheme, "value": grouped(scheme, value)} for scheme, value in kept.items()]
    rows += [{"scheme": scheme} for scheme in usual if scheme and scheme not in kept]
    return _Rows(data, prefix=PREFIX, initial=rows[:ROWS], form_kwargs={"checked": checked})
