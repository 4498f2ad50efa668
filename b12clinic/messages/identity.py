"""What a message is called wherever it goes: derived from what it is, so that a receiver can drop a repeat."""

from uuid import UUID, uuid5

from b12clinic.messages.models import Message


def identity_of(message: Message) -> UUID:
    """The same for every attempt, and for the same message owed anew after a restored backup."""
    identity = (
        message.kind,
        message.subject_id,
        message.about_on.isoformat(),
        message.step,
        message.audience,
        message.channel,
    )
    return uuid5(message.clinic.public_id, ":".join(map(str, identity)))


def reference_of(message: Message) -> str:
    """What a gateway is to call the message: as at the attempt before, else by what it is."""
    return message.reference or str(identity_of(message))


def next_reference(reference: str) -> str:
    """The name under which a message leaves once more, after the gateway said that the one before did not arrive."""
    return str(uuid5(UUID(reference), "again"))
