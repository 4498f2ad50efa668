"""The questions before giving, as fields; the first thing on the page."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from regimens.protocols.prechecks import (
    INR,
    INR_ON,
    ON_RECORD,
    THINNER,
    Answer,
    IdentityItem,
    Question,
    Thinner,
    questions_for,
)

_YES_NO = [(Answer.NO.value, Answer.NO.label), (Answer.YES.value, Answer.YES.label)]
_OR_NEITHER = [*_YES_NO, (Answer.NOT_APPLICABLE.value, Answer.NOT_APPLICABLE.label)]
ASK = {
    Question.IDENTITY: "Ask for two items that tell who it is, and tick them.",
    Question.CONSENT: "Ask for consent, and note the answer.",
}
ASK_AND_NOTE = "Ask, and note the answer."
SAY_WHICH = "Say which blood thinner, or give the last INR."


def _asked(question: Question, choices: list[tuple[str, str]] = _YES_NO) -> forms.ChoiceField:
    return forms.ChoiceField(label=question.label, choices=choices, required=False, widget=forms.RadioSelect)


class FocusedFirst(forms.CheckboxSelectMultiple):
    """Boxes of which the first takes the focus when the page opens, where the widget has `autofocus`."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if option["index"] != "0":
            option["attrs"].pop("autofocus", None)
        return option


class PrecheckFields(forms.Form):
    """Identity by two items, then the answers that may speak against giving. on_record: anticoagulants by their codes."""

    on_record: Sequence[str] = ()

    identity = forms.MultipleChoiceField(
        label=Question.IDENTITY.label,
        choices=IdentityItem.choices(),
        required=False,
        widget=FocusedFirst,
    )
    allergy = _asked(Question.ALLERGY)
    unwell = _asked(Question.UNWELL)
    pregnant = _asked(Question.PREGNANT, _OR_NEITHER)
    anticoagulant = _asked(Question.ANTICOAGULANT)
    thinner = forms.ChoiceField(
        label="Which blood thinner?", choices=Thinner.choices(), required=False, widget=forms.RadioSelect
    )
    inr = forms.DecimalField(
        label="Last INR",
        required=False,
        min_value=Decimal("0.5"),
        max_value=Decimal("20"),
        decimal_places=1,
        max_digits=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    inr_on = forms.DateField(
        label="INR of", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    consent = _asked(Question.CONSENT)

    def ask_by(self, sex: str) -> tuple[Question, ...]:
        """Leave out what does not concern this patient; the questions that stay."""
        asked = questions_for(sex)
        for question in Question:
            if question not in asked:
                del self.fields[question.value]
        return asked

    def answers(self) -> dict[str, Any]:
        """What was answered so far, by codes; nothing for what was not."""
        data = getattr(self, "cleaned_data", None) or {}
        told: dict[str, Any] = {one.value: data[one.value] for one in Question if data.get(one.value)}
        if self.on_record:
            told[ON_RECORD] = list(self.on_record)
        if told.get(Question.ANTICOAGULANT.value) == Answer.YES and data.get(THINNER):
            told[THINNER] = data[THINNER]
        if data.get(INR) is not None:
            told[INR] = str(data[INR])
        if data.get(INR_ON) is not None:
            told[INR_ON] = data[INR_ON].isoformat()
        return told
