"""What messages say: the clinic's words or the product's, filled for one patient. No name and no diagnosis.

To a patient: that the clinic asks them to get in touch, and how; what it is about only in as much detail as they agreed
to. To the clinic: that something waits behind the sign-in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils import dateformat, translation

from b12clinic.accounts.models import Clinic
from b12clinic.messages.default_wordings import Frame, Text, frame_of
from b12clinic.messages.digest import DIGEST, counts_of, lines_of
from b12clinic.messages.hours import messaging_of
from b12clinic.messages.links import has_link
from b12clinic.messages.models import Audience, Message, WordingTemplate
from b12clinic.messages.placeholders import fill
from b12clinic.messages.text_parts import MOST_PARTS, narrow, parts_of
from b12clinic.patients.models import Patient

REACTION = "urgent_reaction"
KINDS = {
    "injection_due": "Injection due soon",
    "missed_injection": "Missed injection",
    "recheck_due": "Recheck due soon",
    "overdue_recheck": "Overdue recheck",
    "review_due": "Review due",
    "result_waiting": "Result nobody has looked at",
    "unsigned_regimen": "Plan waiting to be signed",
    REACTION: "Severe reaction to review",
    DIGEST: "Morning summary",
}
"""What each kind is called on our own screens, behind the sign-in."""

URGENT = frozenset({REACTION})
"""Kinds that somebody must look at at once."""

STAFF_ONLY = URGENT | {"review_due", "result_waiting", "unsigned_regimen", DIGEST}
"""Kinds of which no patient is written to."""

Own = Mapping[tuple[str, str], Text]
"""A clinic's own words in one language, by kind and step."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A message as it goes out; `short` is what a text message says."""

    subject: str
    body: str
    short: str = ""


def kind_label(kind: str) -> str:
    """A kind in words for the staff."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def words_for(message: Message, also: Sequence[Message] = (), own: Own | None = None) -> Wording:
    """What a message says to whom it is for; `also` is what else it says to the patient.

    `own` are words to use in place of the clinic's own, which are otherwise read.
    """
    if message.kind == DIGEST:
        return _digest(message.clinic, message.about_on)
    if message.audience != Audience.PATIENT or message.patient is None:
        return _to_clinic(message.kind, message.clinic)
    frame = frame_of(message.patient.language)
    if own is None:
        own = own_texts(message.clinic, frame.language)
    said = [_said(one, message.patient, message.clinic, frame, own) for one in (message, *also)]
    return _composed(said, frame, message.clinic)


def own_texts(clinic: Clinic, language: str) -> dict[tuple[str, str], Text]:
    """The clinic's own words to patients in a language."""
    rows = WordingTemplate.objects.filter(clinic=clinic, audience=Audience.PATIENT, language=language)
    return {(row.kind, row.step): Text(row.subject, row.body, row.short) for row in rows}


def values_for(kind: str, day: date, *, detail: bool, clinic: Clinic, frame: Frame) -> dict[str, str]:
    """What stands in a wording's placeholders."""
    return {
        "day": in_words(day, frame),
        "about": frame.about_of(kind, detail=detail),
        "clinic": one_line(clinic.name),
        "phone": one_line(clinic.contact_phone),
    }


def in_words(day: date, frame: Frame) -> str:
    """A day as one writes it in a language: Tuesday 17 November 2026, dinsdag 17 november 2026."""
    return _in_words(day, frame.language, frame.first_day if day.day == 1 else frame.day)


@lru_cache(maxsize=256)
def _in_words(day: date, language: str, written: str) -> str:
    """Of a morning's messages most speak of the same few days."""
    with translation.override(language):
        return dateformat.format(day, written)


def one_line(text: str) -> str:
    """Text for a header: every run of spaces and line ends is one space, nothing invisible is left."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def short_of(shorts: Iterable[str], frame: Frame, clinic: Clinic) -> str:
    """A text message: from whom, what, and how to answer."""
    sentences = " ".join(short[:1].upper() + short[1:] for short in shorts)
    return narrow(f"{one_line(clinic.name)}: {sentences} {_how(frame, clinic)}")


def _said(message: Message, patient: Patient, clinic: Clinic, frame: Frame, own: Own) -> Text:
    text = own.get((message.kind, message.step)) or own.get((message.kind, ""))
    if text is None or not _fits(text, clinic):
        text = frame.text_of(message.kind)
    values = values_for(
        message.kind, message.about_on, detail=patient.consents_to_detail, clinic=clinic, frame=frame
    )
    return Text(
        one_line(fill(text.subject, values)), fill(text.body, values).strip(), fill(text.short, values)
    )


def _fits(text: Text, clinic: Clinic) -> bool:
    """Words written when the clinic had a telephone or allowed links are not used once it no longer does."""
    every = f"{text.subject} {text.body} {text.short}"
    if "{phone}" in every and not one_line(clinic.contact_phone):
        return False
    return messaging_of(clinic).may_link or not has_link(every)


def _composed(said: Sequence[Text], frame: Frame, clinic: Clinic) -> Wording:
    """Several texts in one, each sentence once; a text message that would grow too long says the plainest."""
    name, phone = one_line(clinic.name), one_line(clinic.contact_phone)
    paragraphs = [
        frame.greeting,
        *dict.fromkeys(text.body for text in said),
        _how(frame, clinic),
        frame.done,
        frame.stop,
        "\n".join(line for line in (name, phone) if line),
    ]
    short = short_of(dict.fromkeys(text.short for text in said), frame, clinic)
    if parts_of(short) > MOST_PARTS:
        short = short_of([frame.text_of("other").short], frame, clinic)
    body = "\n\n".join(paragraphs) + "\n"
    return Wording(subject=said[0].subject, body=body, short=_with_stop(short, frame))


def _with_stop(short: str, frame: Frame) -> str:
    """A text message with how to stop them, where that costs no further part."""
    longer = f"{short} {narrow(frame.short_stop)}"
    return longer if parts_of(longer) == parts_of(short) else short


def _how(frame: Frame, clinic: Clinic) -> str:
    phone = one_line(clinic.contact_phone)
    return fill(frame.telephone, {"phone": phone}) if phone else frame.contact


def _to_clinic(kind: str, clinic: Clinic) -> Wording:
    name = one_line(clinic.name)
    item = "1 urgent item waits" if kind in URGENT else "1 item waits"
    said = f"{item} for {name} in B12 Clinic. Please sign in to see it."
    return Wording(subject=f"{item} for {name}", body=f"{said}\n", short=said)


def _digest(clinic: Clinic, day: date) -> Wording:
    """Numbers as they are at this moment, and never a name."""
    name, said = one_line(clinic.name), lines_of(counts_of(clinic, day))
    listed = "\n".join(f"- {line}" for line in said)
    body = f"This morning at {name}:\n\n{listed}\n\nPlease sign in to B12 Clinic to see them.\n"
    return Wording(subject=f"This morning at {name}", body=body)
