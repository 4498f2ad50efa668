from .message import Audience, Message, MessageState

__all__ = ["Audience", "Message", "MessageState"]
