"""What messages say. No clinical detail, no name and no link: anybody may read a mailbox.

To a patient: that the clinic asks them to get in touch, and how. To the clinic: that something waits behind the
sign-in. Kinds that are not listed here get the plainest words of their audience.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Audience, Message

ABOUT = {
    "injection_due": "an appointment with us is due on {day}",
    "missed_injection": "an appointment with us was due on {day}, and we have not seen you since",
    "recheck_due": "a routine check with us is due on {day}",
    "overdue_recheck": "a routine check with us was due on {day}",
}
PLAIN_ABOUT = "it is time to get in touch with us"

KINDS = {
    "injection_due": "Injection due soon",
    "missed_injection": "Missed injection",
    "recheck_due": "Recheck due soon",
    "overdue_recheck": "Overdue recheck",
    "review_due": "Review due",
    "result_waiting": "Result nobody has looked at",
    "unsigned_regimen": "Plan waiting to be signed",
    "urgent_reaction": "Severe reaction to review",
}
"""What each kind is called on our own screens, behind the sign-in."""

URGENT = frozenset({"urgent_reaction"})
"""Kinds that somebody must look at at once."""

STAFF_ONLY = URGENT | {"review_due", "result_waiting", "unsigned_regimen"}
"""Kinds of which no patient is written to."""


MOST_IN_SHORT = 459
"""Three text messages in one: what is longer says only that it is time to get in touch."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and text; `short` says it in a sentence or two, for a telephone."""

    subject: str
    body: str
    short: str = ""


def kind_label(kind: str) -> str:
    """A kind in words for the staff."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def words_for(message: Message, also: Sequence[Message] = ()) -> Wording:
    """Subject and text of a message, in British English; `also` is what else it says to the patient."""
    if message.audience != Audience.PATIENT:
        return _to_clinic(message.kind, message.clinic)
    return _to_patient([message, *also], message.clinic)


def in_words(day: date) -> str:
    """A day as one writes it: Tuesday 17 November 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def one_line(text: str) -> str:
    """Text for a header: every run of spaces and line ends is one space, nothing invisible is left."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def _to_patient(messages: Sequence[Message], clinic: Clinic) -> Wording:
    name, phone = one_line(clinic.name), one_line(clinic.contact_phone)
    said = (ABOUT.get(one.kind, PLAIN_ABOUT).format(day=in_words(one.about_on)) for one in messages)
    about = "; that ".join(dict.fromkeys(said))
    how = (
        f"Please telephone us on {phone} to arrange a time."
        if phone
        else "Please contact us to arrange a time."
    )
    paragraphs = [
        "Hello,",
        f"our records show that {about}. {how}",
        "If you have been in touch already, there is nothing you need to do.",
        "If you no longer wish to receive these messages, please tell us.",
        "\n".join(line for line in (name, phone) if line),
    ]
    short = f"{name}: our records show that {about}. {how}"
    if len(short) > MOST_IN_SHORT:
        short = f"{name}: {PLAIN_ABOUT}. {how}"
    return Wording(subject=f"A message from {name}", body="\n\n".join(paragraphs) + "\n", short=short)


def _to_clinic(kind: str, clinic: Clinic) -> Wording:
    name = one_line(clinic.name)
    item = "1 urgent item waits" if kind in URGENT else "1 item waits"
    body = f"{item} for {name} in B12 Clinic. Please sign in to see it.\n"
    return Wording(subject=f"{item} for {name}", body=body, short=body.strip())
