"""The shape of a gateway's receipt."""

from typing import Any

from django import forms

NAME = r"^[\x21-\x7e]+\Z"


class ReceiptForm(forms.Form):
    """Which message, by the gateway's name for it or by our reference, what became of it, and when."""

    id = forms.RegexField(NAME, max_length=100, required=False)
    reference = forms.RegexField(NAME, max_length=100, required=False)
    status = forms.RegexField(r"^[A-Za-z_]+\Z", max_length=32)
    at = forms.DateTimeField(required=False)

    @classmethod
    def of(cls, said: dict[str, Any]) -> "ReceiptForm":
        """The form filled with what a JSON object says; numbers are taken as they are written."""
        return cls({name: str(said[name]) for name in cls.base_fields if said.get(name) is not None})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not (cleaned.get("id") or cleaned.get("reference")):
            raise forms.ValidationError("A receipt says of which message.")
        return cleaned
