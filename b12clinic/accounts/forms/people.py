"""The shape of adding somebody to a clinic, of their roles there, and of taking them away."""

from django import forms

from b12clinic.accounts.models import Role

ROLE_WORDS = {
    Role.PRESCRIBER: "assesses, signs plans, decides",
    Role.NURSE: "records injections, results and calls",
    Role.ADMINISTRATOR: "sets up the clinic, people and reports",
}
ROLE_CHOICES = [(role.value, f"{role.label}: {ROLE_WORDS[role]}") for role in Role]


class RolesForm(forms.Form):
    """The roles of one person, and those that the page showed."""

    roles = forms.MultipleChoiceField(
        label="Roles in this clinic",
        choices=ROLE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def shown(self) -> list[str]:
        """The roles that the page showed."""
        return [role for role in self.cleaned_data["was"].split(",") if role]


class InviteForm(forms.Form):
    """Who is to work here, and as what. The address is the sign-in name, hence its length."""

    email = forms.EmailField(
        max_length=150,
        label="E-mail address",
        help_text="A mail goes there with which they set their password.",
    )
    first_name = forms.CharField(max_length=150, label="First name")
    last_name = forms.CharField(max_length=150, label="Last name")
    roles = forms.MultipleChoiceField(
        label="Roles in this clinic",
        choices=ROLE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )


class ReasonForm(forms.Form):
    """Why somebody no longer works here."""

    reason = forms.CharField(
        max_length=500,
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        error_messages={"required": "Say why; the reason is kept on the audit trail."},
    )
