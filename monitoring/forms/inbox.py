"""What the address of the inbox asks for, the address of what is asked, and what is done with the rows selected."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils import timezone

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.queries import colleagues
from monitoring.queries.inbox import Asked, Place, Show

LONGEST_SEARCH = 80


def read_asked(given: Mapping[str, str]) -> Asked:
    """What is asked; what cannot be read is left out."""
    shows = {show.value: show for show in Show}
    return Asked(
        show=shows.get(given.get("show", ""), Show.EVERYTHING),
        text=given.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        patient=next(iter(read_ids([given.get("patient", "")])), None),
        after=_place(given.get("after", "")),
    )


def query_of(asked: Asked) -> str:
    """The address's part after the path, empty where nothing is asked."""
    place = asked.after
    asks = {
        "show": "" if asked.show is Show.EVERYTHING else asked.show.value,
        "q": asked.text,
        "patient": str(asked.patient or ""),
        "after": f"{place.rank}~{place.since.isoformat()}~{place.patient_id}" if place else "",
    }
    kept = {name: value for name, value in asks.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def read_ids(texts: Iterable[str]) -> list[UUID]:
    """The ids among these texts."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


class NoteForm(forms.Form):
    """A note to go with what is acknowledged."""

    note = forms.CharField(label="Note (optional)", max_length=500, required=False)


class HandOverForm(forms.Form):
    """Whom the results are handed to; nobody lets them go."""

    to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Hand over to",
        to_field_name="public_id",
        required=False,
        empty_label="Nobody",
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, clinic: Clinic, user: User) -> None:
        super().__init__(data, initial={"to": user.public_id})
        field: Any = self.fields["to"]
        field.queryset = colleagues(clinic)
        field.label_from_instance = lambda one: "Me" if one == user else one.display_name


def _place(text: str) -> Place | None:
    rank, _, rest = text.partition("~")
    since, _, patient_id = rest.partition("~")
    try:
        place = Place(int(rank), datetime.fromisoformat(since), int(patient_id))
    except ValueError:
        return None
    fits = 0 <= place.rank <= 2 and 0 <= place.patient_id < 2**63 and timezone.is_aware(place.since)
    return place if fits else None
