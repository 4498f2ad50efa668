"""The shape of a preparation."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from b12clinic.vocabulary import Drug
from regimens.box_code import UnreadableCode, article_number
from regimens.models import Product

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

    gtin = forms.CharField(
        label="Article number (GTIN)",
        max_length=20,
        required=False,
        help_text="From the box, so that a scan of it finds the product. May stay empty.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_gtin(self) -> str:
        return checked_number(self.cleaned_data["gtin"])

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class AttachForm(forms.Form):
    """An article number for a product of the formulary."""

    product = forms.ModelChoiceField(label="Product", queryset=Product.objects.none(), empty_label="Choose")
    gtin = forms.CharField(
        label="Article number (GTIN)", max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    def __init__(self, *args: Any, products: QuerySet[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = products

    def clean_gtin(self) -> str:
        return checked_number(self.cleaned_data["gtin"])


def checked_number(typed: str) -> str:
    """The 14 digits of an article number; nothing for nothing."""
    if not typed.strip():
        return ""
    try:
        return article_number(typed)
    except UnreadableCode as wrong:
        raise forms.ValidationError(str(wrong)) from wrong
