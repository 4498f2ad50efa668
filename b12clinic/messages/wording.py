"""What messages say. No clinical detail, no name and no link: anybody may read a mailbox.

To a patient: that the clinic asks them to get in touch, and how. To the clinic: that something waits behind the
sign-in. Kinds that are not listed here get the plainest words of their audience.
"""

from dataclasses import dataclass
from datetime import date

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Audience, Message

ABOUT = {
    "missed_injection": "an appointment with us was due on {day}, and we have not seen you since",
    "overdue_recheck": "a routine check with us was due on {day}",
}
PLAIN_ABOUT = "it is time to get in touch with us"

KINDS = {
    "missed_injection": "Missed injection",
    "overdue_recheck": "Overdue recheck",
    "urgent_reaction": "Severe reaction to review",
}
"""What each kind is called on our own screens, behind the sign-in."""

URGENT = frozenset({"urgent_reaction"})
"""Kinds that go to the staff alone, who must look at once."""


@dataclass(frozen=True, slots=True)
class Wording:
    subject: str
    body: str


def kind_label(kind: str) -> str:
    """A kind in words for the staff."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def wording_of(message: Message) -> Wording:
    """Subject and text of a message, in British English."""
    if message.audience == Audience.CLINIC:
        return _to_clinic(message.kind, message.clinic)
    return _to_patient(message.kind, message.about_on, message.clinic)


def in_words(day: date) -> str:
    """A day as one writes it: Tuesday 17 November 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def one_line(text: str) -> str:
    """Text for a header: every run of spaces and line ends is one space, nothing invisible is left."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def _to_patient(kind: str, about_on: date, clinic: Clinic) -> Wording:
    name, phone = one_line(clinic.name), one_line(clinic.contact_phone)
    about = ABOUT.get(kind, PLAIN_ABOUT).format(day=in_words(about_on))
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
    return Wording(subject=f"A message from {name}", body="\n\n".join(paragraphs) + "\n")


def _to_clinic(kind: str, clinic: Clinic) -> Wording:
    name = one_line(clinic.name)
    item = "1 urgent item waits" if kind in URGENT else "1 item waits"
    body = f"{item} for {name} in B12 Clinic. Please sign in to see it.\n"
    return Wording(subject=f"{item} for {name}", body=body)
