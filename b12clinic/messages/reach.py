"""Whether a message may still go to whom it is for, asked at the moment of sending."""

from b12clinic.messages.models import Audience, Message
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Channel


def why_not(message: Message, patient: Patient | None) -> str:
    """Why this message must not be sent, in one sentence; empty when it may. `patient` is read afresh."""
    if patient is None:
        return ""
    if patient.died_on is not None:
        return "The patient has died."
    if patient.moved_on is not None:
        return "The patient has moved to another clinic."
    if message.audience == Audience.PATIENT and not consents(patient, message.channel):
        return "The patient does not agree to this kind of message."
    return ""


def consents(patient: Patient, channel: str) -> bool:
    """Whether the patient agrees to be reached by this channel."""
    agreed = {
        Channel.EMAIL.value: patient.consents_to_email,
        Channel.SMS.value: patient.consents_to_sms,
        Channel.LETTER.value: patient.consents_to_letter,
    }
    return agreed.get(channel, False)
