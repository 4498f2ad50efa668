"""The ways a message can leave by itself. Each is a `Channel` of `port.py`; the sender knows nothing else about them.

Letters are not among them: they wait until somebody prints a batch. Nor is the clinic's own inbox: nothing leaves.
"""

from collections.abc import Callable

from b12clinic.messages.channels.email import Email
from b12clinic.messages.channels.port import Channel
from b12clinic.messages.channels.sms import text_messages
from b12clinic.vocabulary import Channel as Code

CHANNELS: dict[str, Callable[[], Channel]] = {
    Code.SMS: text_messages,
    Code.EMAIL: Email,  # last: it may wait for a server
}
