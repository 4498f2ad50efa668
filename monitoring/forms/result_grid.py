"""The results grid: one patient, one visit, a row for each analyte, further rows for further samples."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django import forms
from django.http import QueryDict

from monitoring.forms.result_row import ResultRowForm
from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.entry import Entry
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

FURTHER: tuple[str, ...] = tuple(code for code in ANALYTES if code not in BASELINE)
MOST_SAMPLES = 20


class VisitForm(forms.Form):
    """The day the samples were taken, for every row that names no other."""

    taken_on = forms.DateField(
        label="Samples taken on",
        error_messages={"required": "Enter the day on which the samples were taken."},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )


class ResultGrid:
    """All the rows of the page. Bound, it keeps everything typed; what the service refuses is put beside its field."""

    def __init__(self, data: QueryDict | None, *, today: date, last: Mapping[str, str]) -> None:
        self.data, self.last = data, last
        self.visit = VisitForm(data, initial={"taken_on": today})
        self.baseline = [self._row(code, 0) for code in BASELINE]
        self.further = [self._row(code, 0) for code in FURTHER]
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
        return list(self._problems()) if self.data is not None and not self.adds_a_row else []

    def _problems(self) -> Iterator[tuple[str, str]]:
        for errors in self.visit.errors.values():
            yield from ((self.visit["taken_on"].id_for_label, str(error)) for error in errors)
        for row in self._taken:
            yield from row.problems

    def _row(self, code: str, ordinal: int) -> ResultRowForm:
        last = self.last.get(code, "") if ordinal == 0 else ""
        return ResultRowForm(self.data, analyte=ANALYTES[code], ordinal=ordinal, last=last)

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
