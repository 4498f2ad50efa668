"""A clinic's own words for one kind of message in one language: kept, or given up for the product's."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from b12clinic.messages.default_wordings import Text
from b12clinic.messages.models import Audience, WordingTemplate
from b12clinic.messages.wording_rules import find_problems

CHANGED = "wording.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which words: of a kind, for one step or for all without their own, in a language, to patients."""

    kind: str
    step: str
    language: str

    @property
    def subject(self) -> str:
        """The place as the audit trail names it."""
        return f"wording:{self.kind}:{self.step or 'any'}:{self.language}"


class WordingChanged(Exception):
    """Somebody saved or reset these words after the page was opened."""


class WordingRefused(ValueError):
    """The words cannot be kept; `field` is where it is said."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def stored_wording(clinic: Clinic, place: Place) -> WordingTemplate | None:
    """The clinic's own words of a place, if it has any."""
    return _at(clinic, place).first()


@transaction.atomic
def change_wording(*, clinic: Clinic, place: Place, text: Text, version: int, by: User, at: datetime) -> None:
    """Keep these words over the version that was shown; 0 stands for the product's.

    Raises WordingRefused, and WordingChanged when another version is stored by now.
    """
    for field, sentence in find_problems(text, kind=place.kind, language=place.language, clinic=clinic):
        raise WordingRefused(sentence, field)
    before = stored_wording(clinic, place)
    if (before.version if before else 0) != version:
        raise WordingChanged
    if before and text_of(before) == text:
        return
    if before is None:
        _add(clinic, place, text)
    elif not _at(clinic, place).filter(version=version).update(**asdict(text), version=version + 1):
        raise WordingChanged
    _note(clinic, place, before, text, by=by, at=at)


@transaction.atomic
def reset_wording(*, clinic: Clinic, place: Place, version: int, by: User, at: datetime) -> None:
    """Go back to the product's words. Raises WordingChanged when another version is stored by now."""
    before = stored_wording(clinic, place)
    if before is None or not _at(clinic, place).filter(version=version).delete()[0]:
        raise WordingChanged
    _note(clinic, place, before, None, by=by, at=at)


def text_of(row: WordingTemplate) -> Text:
    """The words of a row."""
    return Text(row.subject, row.body, row.short)


def _at(clinic: Clinic, place: Place) -> QuerySet[WordingTemplate]:
    return WordingTemplate.objects.filter(clinic=clinic, audience=Audience.PATIENT, **asdict(place))


def _add(clinic: Clinic, place: Place, text: Text) -> None:
    try:
        with transaction.atomic():
            WordingTemplate.objects.create(
                clinic=clinic, audience=Audience.PATIENT, **asdict(place), **asdict(text)
            )
    except IntegrityError:  # somebody else wrote the first words a moment ago
        raise WordingChanged from None


def _note(
    clinic: Clinic,
    place: Place,
    before: WordingTemplate | None,
    after: Text | None,
    *,
    by: User,
    at: datetime,
) -> None:
    audit.note(
        at=at,
        clinic=clinic,
        by=by,
        action=CHANGED,
        subject=place.subject,
        before=asdict(text_of(before)) if before else {},
        after=asdict(after) if after else {},
    )
