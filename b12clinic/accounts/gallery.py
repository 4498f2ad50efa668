"""Every component of the product on one page, in every state, with plainly fictional content."""

from typing import Any

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import TemplateView

from b12clinic.accounts import gallery_samples as samples

UNITS = [("pmol/L", "pmol/L"), ("ng/L", "ng/L"), ("pg/mL", "pg/mL")]
COMPARATORS = [("", "="), ("<", "<"), (">", ">")]


class SampleForm(forms.Form):
    """One field of each sort."""

    lot = forms.CharField(label="Lot", max_length=12, help_text="As printed on the ampoule.")
    expires_on = forms.DateField(label="Expiry", widget=forms.DateInput(attrs={"type": "date"}))
    site = forms.ChoiceField(
        label="Site", choices=[("", "Choose"), ("deltoid", "Deltoid"), ("ventrogluteal", "Ventrogluteal")]
    )
    side = forms.ChoiceField(
        label="Side", widget=forms.RadioSelect, choices=[("left", "Left"), ("right", "Right")]
    )
    consent = forms.BooleanField(label="Agrees to be reminded by e-mail", required=False)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class SampleMeasurement(forms.Form):
    """A number, how it compares, and its unit."""

    value = forms.DecimalField(
        label="Total B12",
        widget=forms.TextInput(attrs={"class": "form-control measured-value", "inputmode": "decimal"}),
    )
    comparator = forms.ChoiceField(
        required=False,
        choices=COMPARATORS,
        widget=forms.Select(
            attrs={"class": "form-select measured-comparator", "aria-label": "Comparator of total B12"}
        ),
    )
    unit = forms.ChoiceField(
        choices=UNITS,
        widget=forms.Select(attrs={"class": "form-select measured-unit", "aria-label": "Unit of total B12"}),
    )


class SampleFilters(forms.Form):
    """The filters of a list."""

    as_of = forms.DateField(
        label="As of", required=False, widget=forms.DateInput(attrs={"type": "date", "class": "form-control"})
    )
    band = forms.ChoiceField(
        label="Band",
        required=False,
        choices=[("", "All"), ("overdue", "Overdue"), ("today", "Today")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class ComponentGallery(LoginRequiredMixin, TemplateView):
    """The gallery page; it reads and changes nothing."""

    template_name = "components/gallery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The samples, and one form each as it opens and as it comes back with errors."""
        return super().get_context_data(
            **kwargs,
            **samples.CONTEXT,
            empty_form=SampleForm(),
            wrong_form=SampleForm(
                {"lot": "A2291-TOO-LONG", "site": "", "expires_on": "31/02/2026"},
                prefix=None,
                auto_id="wrong_%s",
            ),
            measurement=SampleMeasurement({"value": "118", "unit": "pmol/L"}, auto_id="measured_%s"),
            wrong_measurement=SampleMeasurement({"value": "twelve", "unit": "ng/L"}, auto_id="unclear_%s"),
            filters=SampleFilters(),
        )
