"""Keep what somebody asks of the due list again and again: save it under a name, name it anew, delete it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from regimens.models import SavedView

MOST = 20
LONGEST_NAME, LONGEST_QUERY = 60, 400


class NotSaved(ValueError):
    """Why the view is not saved under this name; the sentence says what to do."""


@transaction.atomic
def save_view(*, clinic: Clinic, name: str, query: str, by: User, at: datetime) -> SavedView:
    """Save the filters of an address under a name, for this person in this clinic. Raises NotSaved."""
    name = _checked(name)
    if not query:
        raise NotSaved("Nothing is filtered yet; choose filters on the due list first.")
    if len(query) > LONGEST_QUERY:
        raise NotSaved("These filters are too long to keep; shorten the search.")
    if SavedView.objects.filter(user=by, clinic=clinic).count() >= MOST:
        raise NotSaved(f"There are {MOST} saved views already; delete one first.")
    view = _named(SavedView(user=by, clinic=clinic, query=query), name)
    _note("saved_view.saved", view, by=by, at=at)
    return view


@transaction.atomic
def rename_view(*, view: SavedView, name: str, by: User, at: datetime) -> None:
    """Give a view another name. Raises NotSaved for one that is empty or taken."""
    before = view.name
    _named(view, _checked(name))
    _note("saved_view.renamed", view, by=by, at=at, before=before)


@transaction.atomic
def delete_view(*, view: SavedView, by: User, at: datetime) -> None:
    """Forget a view; the trail keeps what it was."""
    _note("saved_view.deleted", view, by=by, at=at, before=view.name)
    view.delete()


def _checked(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise NotSaved("Give the view a name.")
    if len(name) > LONGEST_NAME:
        raise NotSaved(f"A name has at most {LONGEST_NAME} characters.")
    return name


def _named(view: SavedView, name: str) -> SavedView:
    view.name = name
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as taken:
        raise NotSaved(f"You have a view named “{name}” already; choose another name.") from taken
    return view


def _note(action: str, view: SavedView, *, by: User, at: datetime, before: str = "") -> None:
    audit.note(
        at=at,
        clinic=view.clinic,
        by=by,
        action=action,
        subject=f"saved_view:{view.pk}",
        before={"name": before} if before else None,
        after=None if action.endswith("deleted") else {"name": view.name},
    )
