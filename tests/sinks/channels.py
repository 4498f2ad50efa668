"""A channel of the tests' own."""

from b12clinic.messages.channels.port import Accepted, Outcome, Parcel
from b12clinic.messages.models import Message
from b12clinic.messages.wording import Wording


class Taker:
    """Takes every message at once; nothing leaves this process."""

    def ready(self) -> None:
        """It is always there."""

    def parcel(self, message: Message, words: Wording) -> Parcel:
        return Parcel()

    def deliver(self, parcel: Parcel) -> Outcome:
        return Accepted()

    def close(self) -> None:
        """Nothing to let go of."""
