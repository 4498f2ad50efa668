from b12clinic.messages.channels.port import Accepted, Outcome, Parcel
from b12clinic.messages.models import Message
from b12clinic.messages.wording import Wording


class Inbox:
    """The clinic's own inbox: a message is delivered by being in the ledger as sent."""

    def ready(self) -> None:
        """Nothing to make sure of: it is the same database."""

    def parcel(self, message: Message, words: Wording) -> Parcel:
        return Parcel()

    def deliver(self, parcel: Parcel) -> Outcome:
        return Accepted()

    def close(self) -> None:
        """Nothing to let go of."""
