"""How an injection was borne, as fields."""

from typing import Any
from uuid import uuid4

from django import forms

from b12clinic.vocabulary import ReactionGrade
from regimens.forms.administration import with_blank
from regimens.protocols.reactions import Seen

LONGEST_WATCH_MINUTES = 24 * 60


class ReactionFields(forms.Form):
    """How long the patient was watched, the grade of a reaction, its kinds and what was seen."""

    observed_minutes = forms.IntegerField(
        label="Observed, minutes",
        required=False,
        min_value=0,
        max_value=LONGEST_WATCH_MINUTES,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    reaction_grade = forms.ChoiceField(
        label="Reaction",
        choices=with_blank(ReactionGrade.choices(), "Say whether there was a reaction"),
        error_messages={"required": "Say whether there was a reaction."},
    )
    reactions = forms.MultipleChoiceField(
        label="Kind of reaction", choices=Seen.choices(), required=False, widget=forms.CheckboxSelectMultiple
    )
    reaction = forms.CharField(
        label="What was seen", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def check_reaction(self, data: dict[str, Any]) -> None:
        """A reaction is described, and anaphylaxis is never mild."""
        if data.get("reaction_grade") in {None, "", ReactionGrade.NONE.value}:
            return
        if not data.get("reaction") and not data.get("reactions"):
            self.add_error("reaction", "Describe the reaction, or tick its kind.")
        mild = data["reaction_grade"] in {ReactionGrade.GRADE_1, ReactionGrade.GRADE_2}
        if Seen.ANAPHYLAXIS in data.get("reactions", ()) and mild:
            self.add_error("reaction_grade", "Anaphylaxis is grade 3 or above.")


class LaterReactionForm(ReactionFields):
    """A reaction that was noticed after the injection had been recorded."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = [one for one in ReactionGrade.choices() if one[0] != ReactionGrade.NONE.value]
        field = self.fields["reaction_grade"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = with_blank(grades, "Choose the grade")
        field.error_messages["required"] = "Choose the grade of the reaction."

    def clean(self) -> dict[str, Any]:
        """Ask for what was seen."""
        data = super().clean() or {}
        self.check_reaction(data)
        return data
