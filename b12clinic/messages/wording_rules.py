"""What stops a clinic's own words from being kept: pairs of field and sentence."""

import re
from collections.abc import Iterator
from datetime import date

from b12clinic.accounts.models import Clinic
from b12clinic.messages.default_wordings import Frame, Text, frame_of
from b12clinic.messages.hours import messaging_of
from b12clinic.messages.links import link_in
from b12clinic.messages.models.wording_template import LONGEST_BODY, LONGEST_SUBJECT
from b12clinic.messages.placeholders import fill, problem_in
from b12clinic.messages.text_parts import MOST_PARTS, parts_of
from b12clinic.messages.wording import one_line, short_of, values_for

FIELDS = ("subject", "body", "short")
LONGEST_DAY = date(2026, 9, 30)
"""A Wednesday in September: no day is longer in any of the languages."""

ALWAYS_WITHHELD = ("b12", "b 12", "b-12", "vitamin", "cobalamin")


def find_problems(text: Text, *, kind: str, language: str, clinic: Clinic) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with these words, at most one sentence a field."""
    frame = frame_of(language)
    may_link = messaging_of(clinic).may_link
    sound = True
    for field in FIELDS:
        said: str = getattr(text, field)
        if sentence := _problem(field, said, frame, clinic, may_link):
            sound = False
            yield field, sentence
    if sound:
        yield from _too_long(text, kind, frame, clinic)


def _problem(field: str, said: str, frame: Frame, clinic: Clinic, may_link: bool) -> str:
    if not said.strip():
        return "Write what it says, or go back to the product's words."
    if field != "body" and said != one_line(said):
        return "Write it in one line."
    if sentence := problem_in(said):
        return sentence
    if "{phone}" in said and not one_line(clinic.contact_phone):
        return "The clinic has no telephone number on its page; add one there or leave {phone} out."
    if not may_link and (link := link_in(said)):
        return (
            f"“{link}” may become a link; this clinic sends none. If it is none, put a space after the dot."
        )
    if word := _withheld_in(said, frame):
        return (
            f"“{word}” says what the patient is treated for; write {{about}}, which asks who agreed to that."
        )
    return ""


def _withheld_in(said: str, frame: Frame) -> str:
    """The first word that {about} alone may say."""
    beginnings = "|".join(map(re.escape, (*ALWAYS_WITHHELD, *frame.withheld)))
    found = re.search(rf"\b(?:{beginnings})\w*", said, re.IGNORECASE)
    return found[0] if found else ""


def _too_long(text: Text, kind: str, frame: Frame, clinic: Clinic) -> Iterator[tuple[str, str]]:
    values = values_for(kind, LONGEST_DAY, detail=True, clinic=clinic, frame=frame)
    if len(fill(text.subject, values)) > LONGEST_SUBJECT:
        yield "subject", f"With everything filled in, a subject has at most {LONGEST_SUBJECT} letters."
    if len(fill(text.body, values)) > LONGEST_BODY:
        yield "body", f"With everything filled in, it has at most {LONGEST_BODY} letters."
    parts = parts_of(short_of([fill(text.short, values)], frame, clinic))
    if parts > MOST_PARTS:
        yield (
            "short",
            f"With the clinic's name and telephone it takes {parts} text messages; two are the most.",
        )
