"""Take hold of a regimen for a change, refusing one that was made from a page gone stale; and note the change."""

from datetime import datetime

from b12clinic.accounts.models import User
from regimens.models import Regimen, Revision, RevisionKind


class ChangedMeanwhile(Exception):
    """Somebody changed the regimen since the page was shown; `revision` says who, when and what."""

    def __init__(self, revision: Revision) -> None:
        super().__init__("This regimen was changed meanwhile.")
        self.revision = revision


def hold_regimen(regimen_id: int, version: int) -> Regimen:
    """The regimen as it is now, locked until the transaction ends. Raises ChangedMeanwhile on another version."""
    regimen = (
        Regimen.objects.select_for_update(of=("self",))
        .select_related("clinic", "patient__clinic")
        .get(pk=regimen_id)
    )
    if regimen.version != version:
        last = regimen.revisions.select_related("by", "regimen__clinic").order_by("-number").first()
        assert last is not None  # noqa: S101  a regimen begins with its signature
        raise ChangedMeanwhile(last)
    return regimen


def revise(
    regimen: Regimen, kind: RevisionKind, *, reason: str, by: User, at: datetime, choice: str = ""
) -> Revision:
    """Append a revision and raise the version of a held regimen."""
    regimen.version += 1
    regimen.save(update_fields=["version"])
    return Revision.objects.create(
        regimen=regimen, number=regimen.version, kind=kind, reason=reason, choice=choice, by=by, at=at
    )
