from b12clinic.messages.channels.port import Outcome, Parcel, Refused, Unsendable
from b12clinic.messages.models import Message
from b12clinic.messages.wording import Wording


class Absent:
    """A channel that this installation lacks: what is owed through it fails with the reason, in sight of a person."""

    def __init__(self, why: str) -> None:
        self.why = why

    def ready(self) -> None:
        """Nothing to make sure of."""

    def parcel(self, message: Message, words: Wording) -> Parcel:
        raise Unsendable(self.why)

    def deliver(self, parcel: Parcel) -> Outcome:
        return Refused(self.why, for_good=True)

    def close(self) -> None:
        """Nothing to let go of."""
