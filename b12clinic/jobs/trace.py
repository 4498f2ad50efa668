"""Where something went wrong, without what it said: an error's own words may hold a patient's name."""

import traceback

LONGEST = 4000


def trace_of(error: BaseException) -> str:
    """The lines that led to an error and its class, the last of them if there are too many."""
    lines = "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__
    return lines[-LONGEST:]
