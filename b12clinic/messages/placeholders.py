"""The few words in braces that a wording may hold, and their filling: nothing else of a text is ever interpreted."""

import re
from collections.abc import Mapping

PLACEHOLDERS = ("day", "about", "clinic", "phone")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")


def problem_in(text: str) -> str:
    """What is wrong with the braces of a text, in one sentence; empty when nothing is."""
    for name in _IN_BRACES.findall(text):
        if name not in PLACEHOLDERS:
            return f"{{{name}}} is no placeholder; there are {{day}}, {{about}}, {{clinic}} and {{phone}}."
    if set(_IN_BRACES.sub("", text)) & set("{}"):
        return "A brace stands alone; write a placeholder as in {day}."
    return ""


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled. What is filled in is not looked at again."""
    return _IN_BRACES.sub(lambda found: values[found[1]], text)
