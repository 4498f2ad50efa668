"""What the rungs of a ladder are called on the screen."""

STEPS = {
    "due_soon": "Due soon",
    "due": "Due",
    "overdue": "First reminder",
    "overdue_again": "Second reminder",
    "to_call": "To call",
    "long_overdue": "Long overdue",
    "unread": "Unread",
    "long_unread": "Long unread",
    "unsigned": "Not signed",
    "long_unsigned": "Long not signed",
    "morning": "Each morning",
    "at_once": "At once",
}


def step_label(code: str) -> str:
    """A step in words; one that a clinic added is its own."""
    return STEPS.get(code, "The clinic's own step")
