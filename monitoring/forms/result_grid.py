"""The results grid: one patient, one visit, a row for each analyte, further rows for further samples."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from django import forms
from django.http import QueryDict

from monitoring.forms.result_row import ResultRowForm, row_key
from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.entry import Entry
from monitoring.models import LabProfile
from monitoring.services.record_results import Refusal

BASELINE: tuple[str, ...] = (
    "total_b12",
    "active_b12",
    "methylmalonic_acid",
    "homocysteine",
    "haemoglobin",
    "mcv",
    "platelets",
    "white_cells",
    "reticulocytes",
    "potassium",
    "folate",
    "ferritin",
    "creatinine",
    "egfr",
    "tsh",
    "intrinsic_factor_antibody",
    "ttg_iga",
)
"""What is drawn before the first dose (evidence section 5), in the order of the grid."""

MOST_SAMPLES = 20
LOOK_AGAIN = (
    "With the laboratory the units offered have changed: look at each against the report, then record."
)


class VisitForm(forms.Form):
    """The day the samples were taken, for every row that names no other, and whose report is typed.

    `units_of` says whose units stood on the page that was sent.
    """

    taken_on = forms.DateField(
        label="Samples taken on",
        error_messages={"required": "Enter the day on which the samples were taken."},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        today: date,
        laboratory: LabProfile | None,
        laboratories: Sequence[LabProfile],
    ) -> None:
        super().__init__(data, initial={"taken_on": today, "laboratory": laboratory.pk if laboratory else ""})
        known = [(str(one.pk), one.name) for one in laboratories]
        self.fields["laboratory"] = forms.ChoiceField(
            label="Laboratory",
            required=False,
            choices=[("", "Another, or none"), *known],
            widget=forms.Select(attrs={"class": "form-select", "autocomplete": "off"}),
        )


class ResultGrid:
    """All the rows of the page. Bound, it keeps everything typed; what the service refuses is put beside its field.

    What an open recheck of the patient waits for (`wanted`) is never behind "more tests".

    `laboratory` is whose report is typed, `units` what it last reported each analyte in: offered, and shown, and changed
    at will. Where the laboratory was changed, each unit that nobody touched is offered anew, and looked at before it counts.
    """

    def __init__(
        self,
        data: QueryDict | None,
        *,
        today: date,
        last: Mapping[str, str],
        wanted: Collection[str],
        laboratories: Sequence[LabProfile],
        laboratory: LabProfile | None,
        units: Mapping[str, str],
    ) -> None:
        self.data, self.last, self.units = data, last, units
        self.laboratories, self.laboratory = laboratories, laboratory
        self.units_replaced = False
        if data is not None:
            self._offer_again(data)
        self.visit = VisitForm(self.data, today=today, laboratory=laboratory, laboratories=laboratories)
        seen = (*BASELINE, *(code for code in ANALYTES if code in wanted and code not in BASELINE))
        self.baseline = [self._row(code, 0) for code in seen]
        self.further = [self._row(code, 0) for code in ANALYTES if code not in seen]
        self.samples = [self._row(code, ordinal) for code, ordinal in self._samples_asked_for()]
        self._taken: list[ResultRowForm] = []

    @property
    def rows(self) -> list[ResultRowForm]:
        """Every row, in the order of the page."""
        return [*self.baseline, *self.further, *self.samples]

    @property
    def adds_a_row(self) -> bool:
        """Whether the page was sent to get another row, not to be recorded."""
        return self.data is not None and "add" in self.data

    @property
    def is_recorded(self) -> bool:
        """Whether the page was sent to be recorded: not for another row, nor for the units of another laboratory."""
        return self.data is not None and "add" not in self.data and "offer" not in self.data

    @property
    def units_of(self) -> str:
        """Whose units stand on the page."""
        return str(self.laboratory.pk) if self.laboratory else ""

    @property
    def knows_laboratories(self) -> bool:
        """Whether the clinic has laboratories to choose from."""
        return bool(self.laboratories)

    @property
    def further_open(self) -> bool:
        """Whether a row behind "more tests" holds something."""
        return any(not row.is_blank for row in self.further)

    @property
    def analyte_choices(self) -> list[tuple[str, str]]:
        """The analytes for which a further row can be asked."""
        return [(code, one.label) for code, one in ANALYTES.items()]

    def is_valid(self) -> bool:
        """Whether every row that holds something has the shape of a result."""
        self._taken = [row for row in self.rows if not row.is_blank]
        if self.units_replaced:
            self.visit.add_error("laboratory", LOOK_AGAIN)
        return all([self.visit.is_valid(), *(row.is_valid() for row in self._taken)])

    def entries(self) -> Sequence[Entry]:
        """What was typed, one entry for each row that holds something; of a valid grid."""
        return [row.entry() for row in self._taken]

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Put each of the service's sentences beside the field it speaks of."""
        for refusal in refusals:
            if not self._taken:
                self.visit.add_error(None, refusal.stop.sentence)
                continue
            self._taken[refusal.entry].refuse([refusal.stop])

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(id of a field, sentence) for each error of the page."""
        return list(self._problems()) if self.is_recorded else []

    def _problems(self) -> Iterator[tuple[str, str]]:
        for name, errors in self.visit.errors.items():
            field = self.visit["laboratory" if name == "laboratory" else "taken_on"]
            yield from ((field.id_for_label, str(error)) for error in errors)
        for row in self._taken:
            yield from row.problems

    def _row(self, code: str, ordinal: int) -> ResultRowForm:
        last = self.last.get(code, "") if ordinal == 0 else ""
        return ResultRowForm(
            self.data, analyte=ANALYTES[code], ordinal=ordinal, last=last, offered=self._offer(code)
        )

    def _offer(self, code: str) -> str:
        """The only unit that an analyte has, else the one in which the laboratory reported it last."""
        accepted = ANALYTES[code].accepted_units
        return accepted[0] if len(accepted) == 1 else self.units.get(code, "")

    def _offer_again(self, data: QueryDict) -> None:
        """Put the offered units into what was sent: on every row after a change of laboratory, on a row just added."""
        samples = list(self._samples_asked_for())
        rows = samples[-1:] if self.adds_a_row else []
        if "offer" in data or data.get("units_of", "") != self.units_of:
            rows = [*((code, 0) for code in ANALYTES), *samples]
        self.data = data = data.copy()
        for code, ordinal in rows:
            key, offer = row_key(code, ordinal), self._offer(code)
            stands = data.get(f"{key}-unit", "")
            if stands == data.get(f"{key}-offered", ""):
                self.units_replaced |= stands != offer and bool(data.get(f"{key}-value"))
                data[f"{key}-unit"] = offer
            data[f"{key}-offered"] = offer

    def _samples_asked_for(self) -> Iterator[tuple[str, int]]:
        """The further samples on the page, and the one just asked for; an analyte's samples are numbered from 1."""
        if self.data is None:
            return
        counts: dict[str, int] = {}
        asked = [code for code in self.data.getlist("sample") if code in ANALYTES]
        added = self.data.get("add_analyte")
        if self.adds_a_row and added in ANALYTES:
            asked.append(str(added))
        for code in asked[:MOST_SAMPLES]:
            counts[code] = counts.get(code, 0) + 1
            yield code, counts[code]
