"""What a clinician concludes from the response, and what is decided."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from b12clinic.vocabulary import IntervalUnit, RecheckTest, ResponseDecision
from monitoring.presenters.words import test_in_words
from regimens.protocols.intervals import Interval
from regimens.protocols.reassessment import ChecklistItem
from regimens.services.conclude_response import CHANGES, Conclusion

TESTS = (
    RecheckTest.FBC.value,
    "reticulocytes",
    "methylmalonic_acid",
    "homocysteine",
    "folate",
    "ferritin",
    RecheckTest.IRON_STUDIES.value,
    "tsh",
    "egfr",
    "total_b12",
    RecheckTest.SYMPTOM_REVIEW.value,
    RecheckTest.NEURO_EXAM.value,
)
_UNITS = {unit.value: unit for unit in IntervalUnit}
_IN_DAYS = 7


def _words(label: str, help_text: str = "", *, required: bool = False, error: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=2000,
        error_messages={"required": error},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConclusionForm(forms.Form):
    """The checklist as gone through, the conclusion in words, the decision, and what each decision needs."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    checked = forms.MultipleChoiceField(
        label="Gone through with the patient or the record",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = _words(
        "What do you conclude?",
        "Your name is put under it.",
        required=True,
        error="Write what you conclude; your name is put under it.",
    )
    decision = forms.ChoiceField(
        label="What is decided?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is decided."},
    )
    reason = _words("Reason for a change or a stop", "Kept with the plan.")
    interval_count = forms.IntegerField(
        label="Maintenance every",
        required=False,
        min_value=1,
        max_value=52,
        help_text="To change the interval.",
    )
    interval_unit = forms.ChoiceField(
        label="Weeks or months",
        required=False,
        choices=[
            ("", "Choose"),
            *((u.value, f"{u.label}s") for u in (IntervalUnit.WEEK, IntervalUnit.MONTH)),
        ],
    )
    tests = forms.MultipleChoiceField(
        label="Tests wanted",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="For further tests.",
    )
    in_days = forms.IntegerField(label="In how many days", required=False, min_value=0, max_value=366)
    despite = _words("Why is the dose changed before the open questions are answered?")

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Sequence[ChecklistItem],
        wanted: Sequence[str],
        offers_change: bool,
        explains: bool,
        initial: dict[str, Any],
    ) -> None:
        first = {"form_key": uuid4(), "tests": list(wanted), "in_days": _IN_DAYS}
        super().__init__(data, initial=first | initial)
        codes = list(dict.fromkeys((*wanted, *TESTS)))
        self._choose("checked", [(one.code, one.question) for one in questions])
        self._choose("tests", [(code, test_in_words(code)) for code in codes])
        self._choose(
            "decision", [(c, t) for c, t in ResponseDecision.choices() if offers_change or c not in CHANGES]
        )
        if not offers_change:
            for name in ("interval_count", "interval_unit"):
                del self.fields[name]
        if not explains:
            del self.fields["despite"]
        if not questions:
            del self.fields["checked"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices

    @property
    def interval(self) -> Interval | None:
        """The new interval, where both number and unit were given."""
        data = getattr(self, "cleaned_data", {})
        count, unit = data.get("interval_count"), data.get("interval_unit")
        return Interval(count, _UNITS[unit]) if count and unit else None

    @property
    def changes_interval(self) -> bool:
        """Whether dates must be shown before anything is signed."""
        chosen = self.cleaned_data["decision"] == ResponseDecision.INTERVAL
        return bool(chosen and self.interval is not None)

    @property
    def previewed(self) -> bool:
        """Whether the dates shown are those of the interval that was typed."""
        return bool(self.cleaned_data.get("shown") == str(self.interval))

    def conclusion(self) -> Conclusion:
        """What was written, once the form is valid."""
        data = self.cleaned_data
        return Conclusion(
            checked=data.get("checked", []),
            words=data["words"],
            decision=data["decision"],
            reason=data["reason"],
            despite=data.get("despite", ""),
            interval=self.interval,
            tests=data["tests"],
            in_days=_IN_DAYS if data["in_days"] is None else data["in_days"],
        )
