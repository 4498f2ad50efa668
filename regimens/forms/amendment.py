"""What was written down wrongly of an injection that did happen; it saves nothing."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from regimens.chair import Chair
from regimens.forms.injection import AS_TYPED, InjectionForm
from regimens.models import Administration
from regimens.protocols.prechecks import Question
from regimens.services.record_administration import Injection

_AS_RECORDED = tuple(name for name in AS_TYPED if name != "reason")


class AmendmentForm(InjectionForm):
    """The entry as it stands, to be put right; the questions asked before giving stay as they were answered."""

    def __init__(self, *args: Any, entry: Administration, chair: Chair, **kwargs: Any) -> None:
        self.entry = entry
        people = [*chair.people, *(one for one in (entry.given_by, entry.checked_by) if one is not None)]
        super().__init__(
            *args, chair=replace(chair, people=people), initial=self._as_recorded(entry, chair), **kwargs
        )
        for name in ("code", "clock", "thinner", "inr", "inr_on", *(one.value for one in Question)):
            self.fields.pop(name, None)
        self.asked = ()
        self.NEEDED_HERE = {
            name: sentence for name, sentence in InjectionForm.NEEDED_HERE.items() if self.initial.get(name)
        }
        self.fields["reason"].required = True
        self.fields["reason"].help_text = ""
        self.fields["reason"].label = "Why the entry is corrected"
        self.fields["reason"].error_messages["required"] = "Say why the entry is corrected."

    def _as_recorded(self, entry: Administration, chair: Chair) -> dict[str, Any]:
        at = entry.given_at and entry.given_at.astimezone(ZoneInfo(chair.clinic.time_zone))
        return {name: getattr(entry, name) for name in _AS_RECORDED} | {
            "given_time": at.strftime("%H:%M") if at else "",
            "given_by": str(entry.given_by_id or chair.user.pk),
            "checked_by": str(entry.checked_by_id or ""),
            "reactions": entry.reactions or [],
        }

    def injection(self) -> Injection:
        """What was typed, with the answers given before the injection."""
        return replace(super().injection(), prechecks=self.entry.prechecks)
