"""What is asked about a laboratory's file, its laboratory, and a row of it that waits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from b12clinic.accounts.models import Clinic
from b12clinic.patients.models import IdentifierScheme, Patient
from monitoring.intake.csv_rows import FIELDS
from monitoring.intake.rows import Identifiers
from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.units import normalise_unit
from monitoring.lab_matching import PatientFinder
from monitoring.models import LabProfile, WaitingRow
from monitoring.services.settle_waiting_row import Supplied

ANALYTE_CHOICES = [("", "As the file says"), *((code, one.label) for code, one in ANALYTES.items())]
HEADING_LABELS = {
    "identifier": "Patient's number",
    "scheme": "Whose number it is",
    "name": "Name",
    "born_on": "Date of birth",
    "code": "Code of the test",
    "test": "Name of the test",
    "value": "Value",
    "comparator": "Less or more than",
    "unit": "Unit",
    "taken_on": "Day of the sample",
    "low": "Lower end of the range",
    "high": "Upper end of the range",
    "range": "Range in one column",
    "source_id": "The laboratory's number of the result",
    "status": "Final, corrected or preliminary",
    "flag": "The laboratory's mark of an abnormal value",
}


def day_field(label: str) -> forms.DateField:
    """A day that may be left empty."""
    day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=day)


class UploadForm(forms.Form):
    """The file, and the laboratory that wrote it."""

    file = forms.FileField(
        label="File of results",
        help_text="CSV, HL7 v2 or FHIR R4 JSON, at most 32 MB. Reading it writes nothing.",
        error_messages={"required": "Choose a file first.", "empty": "The file is empty."},
    )

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"] = profile_field(clinic)


def profile_field(clinic: Clinic) -> forms.ModelChoiceField:
    """One of the clinic's laboratories, or none."""
    return forms.ModelChoiceField(
        LabProfile.objects.filter(clinic=clinic),
        label="Laboratory",
        required=False,
        empty_label="None: our own headings, UTF-8",
    )


class PairsField(forms.CharField):
    """Lines such as `HGB = haemoglobin`, read as a mapping."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return "\n".join(f"{left} = {right}" for left, right in value.items())
        return value

    def clean(self, value: Any) -> Any:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        bare = [line for line in lines if "=" not in line]
        if bare:
            raise forms.ValidationError(f"“{bare[0].strip()[:60]}” has no “=”.")
        parts = [line.rpartition("=") for line in lines]
        return {left.strip(): right.strip() for left, _, right in parts}


class LabProfileForm(forms.ModelForm):
    """How one laboratory writes its files; a heading that is left empty is our own word for it."""

    scheme = forms.ChoiceField(
        label="Patients' numbers are",
        required=False,
        choices=[("", "As each row says"), *IdentifierScheme.choices],
    )
    day_first = forms.TypedChoiceField(
        label="05/01/2026 is",
        required=False,
        choices=[("", "refused as ambiguous"), ("1", "5 January"), ("0", "1 May")],
        coerce=lambda chosen: chosen == "1",
        empty_value=None,
    )
    codes = PairsField(
        label="Tests",
        help_text="One a line: the laboratory's code or name = our test (HGB = haemoglobin). Nothing after = leaves it out.",
    )
    units = PairsField(
        label="Units",
        help_text="Only as the laboratory confirmed it, for values without a unit. One a line: haemoglobin = g/L.",
    )

    class Meta:
        model = LabProfile
        fields = ["name", "encoding", "scheme", "day_first", "decimal_mark", "time_zone", "codes", "units"]
        labels = {
            "time_zone": "Time zone of its times",
            "name": "Name of the laboratory",
            "encoding": "Encoding",
            "decimal_mark": "Decimal mark",
        }
        help_texts = {
            "decimal_mark": "Numbers with the other one are refused, since 1,234 could mean two things.",
            "time_zone": "As in Europe/London; empty: the clinic's own.",
        }

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.clinic = clinic
        self.initial["day_first"] = {True: "1", False: "0"}.get(self.instance.day_first, "")
        for name in FIELDS:
            self.fields[f"column_{name}"] = forms.CharField(
                label=HEADING_LABELS[name],
                required=False,
                max_length=120,
                initial=self.instance.columns.get(name, ""),
                widget=forms.TextInput(attrs={"placeholder": name}),
            )

    def clean_name(self) -> str:
        """A name that no other laboratory of the clinic bears."""
        name: str = self.cleaned_data["name"]
        others = LabProfile.objects.filter(clinic=self.instance.clinic).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError("The clinic has a laboratory of this name already.")
        return name

    def clean_codes(self) -> dict[str, str]:
        """Every test on the right must be one of ours."""
        codes: dict[str, str] = self.cleaned_data["codes"]
        for analyte in codes.values():
            if analyte and analyte not in ANALYTES:
                raise forms.ValidationError(
                    f"“{analyte[:60]}” is not one of our tests, such as {', '.join(list(ANALYTES)[:4])}."
                )
        return codes

    def clean_units(self) -> dict[str, str]:
        """Every unit must be one of its test."""
        units: dict[str, str] = self.cleaned_data["units"]
        for analyte, unit in units.items():
            if analyte not in ANALYTES or not normalise_unit(analyte, unit):
                raise forms.ValidationError(f"“{analyte[:60]} = {unit[:24]}” is not a test and a unit of it.")
        return units

    def clean_time_zone(self) -> str:
        """A zone that there is, or none."""
        zone: str = self.cleaned_data["time_zone"]
        if zone:
            Clinic._meta.get_field("time_zone").run_validators(zone)
        return zone

    def columns(self) -> dict[str, str]:
        """Our fields with the headings that were given for them."""
        given = {name: self.cleaned_data[f"column_{name}"].strip() for name in FIELDS}
        return {name: heading for name, heading in given.items() if heading}

    def differences(self, stored: LabProfile) -> list[dict[str, str]]:
        """What is stored now against what was typed, field by field."""
        kept = {name: getattr(stored, name) for name in self.Meta.fields}
        kept |= {f"column_{name}": stored.columns.get(name, "") for name in FIELDS}
        return [
            {
                "what": str(self.fields[name].label),
                "was": _said(self.fields[name], was),
                "becomes": _said(self.fields[name], self.cleaned_data[name]),
                "note": "",
            }
            for name, was in kept.items()
            if was != self.cleaned_data[name]
        ]


def _said(field: forms.Field, value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{left} = {right}" for left, right in value.items())
    coded = {True: "1", False: "0", None: ""}.get(value, value)
    return str(dict(getattr(field, "choices", ())).get(coded, coded))


class SettleForm(forms.Form):
    """What a row lacked: whose it is by number and date of birth, and what stands in place of the file's words."""

    number = forms.CharField(label="Patient's number", required=False, max_length=80)
    born_on = day_field("Date of birth")
    analyte = forms.ChoiceField(label="Test", required=False, choices=ANALYTE_CHOICES)
    value = forms.CharField(label="Value, where the file's cannot be read", required=False, max_length=40)
    unit = forms.CharField(
        label="Unit, as the laboratory confirmed it",
        required=False,
        max_length=24,
        help_text="Only where the file names none or a wrong one.",
    )
    taken_on = day_field("Day of the sample, where the file's cannot be read")
    because = forms.CharField(
        label="Why are this value and unit right?",
        required=False,
        max_length=300,
        help_text="Where the value was doubted, or replaces one on file.",
    )
    second_sample = forms.BooleanField(label="It is a second sample of that day", required=False)

    def __init__(self, *args: Any, row: WaitingRow, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)
        self.initial.update(_as_said(row))

    def clean(self) -> dict[str, Any]:
        """Find the patient by the rule of the import: number and date of birth, never the name."""
        cleaned: dict[str, Any] = super().clean() or {}
        number = cleaned.get("number", "")
        finder = PatientFinder(self.row.file.clinic)
        whose: Identifiers = (("", number),) if number else ()
        finder.look_up([whose])
        patient_id, _, sentence = finder.patient_of(whose, cleaned.get("born_on"))
        if patient_id is None:
            self.add_error("number", sentence)
        else:
            self.patient = Patient.objects.get(pk=patient_id)
        return cleaned

    def supplied(self) -> Supplied:
        """What was typed, of a valid form."""
        names = ("analyte", "value", "unit", "taken_on", "because", "second_sample")
        return Supplied(patient=self.patient, **{name: self.cleaned_data[name] for name in names})

    def refuse(self, field: str, sentence: str) -> None:
        """Put the service's sentence beside the field that it speaks of."""
        beside = {"confirmed_because": "because", "patient": "number", "low": None, "comparator": "value"}
        self.add_error(beside.get(field, field if field in self.fields else None), sentence)


def _as_said(row: WaitingRow) -> dict[str, Any]:
    identifiers = row.said.get("identifiers") or []
    said_on = str(row.said.get("born_on", ""))[:10]
    try:
        born_on = date.fromisoformat(said_on)
    except ValueError:
        born_on = None
    analyte = row.said.get("analyte", "")
    return {"number": identifiers[0][1] if identifiers else "", "born_on": born_on, "analyte": analyte}


class LeaveRowForm(forms.Form):
    """Why a row becomes no result."""

    why = forms.CharField(
        label="Why is it not wanted?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        error_messages={"required": "Say why this row is not wanted."},
    )
