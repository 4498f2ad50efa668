"""The shape of a preparation."""

from django import forms

from b12clinic.vocabulary import Drug

STRONGEST_MCG_PER_ML = 100_000


class ProductForm(forms.Form):
    """Name, drug and strength of a preparation, and whether it holds benzyl alcohol."""

    name = forms.CharField(
        max_length=120, label="Name", help_text="As on the box: Hydroxocobalamin 1 mg/mL, 1 mL ampoule."
    )
    drug = forms.ChoiceField(label="Drug", choices=[("", "Choose"), *Drug.choices()])
    mcg_per_ml = forms.IntegerField(
        label="Strength in mcg per mL",
        min_value=1,
        max_value=STRONGEST_MCG_PER_ML,
        help_text="1 mg/mL is 1000 mcg per mL.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    holds_benzyl_alcohol = forms.BooleanField(
        label="Holds benzyl alcohol",
        required=False,
        help_text="Some people react to it; the label says so.",
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
