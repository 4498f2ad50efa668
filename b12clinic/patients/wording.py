"""Free words beside a closed list: what the list already has must not hide in them from the safety rules. Plain Python."""

import re

from b12clinic.vocabulary import Allergen, Coded

_OTHER_NAMES: dict[type[Coded], dict[str, str]] = {
    Allergen: {
        r"\w*cobalamin\w*": "a cobalamin",
        r"(vitamin )?b[ -]?12": "a cobalamin",
        r"benzyl\w*": "benzyl alcohol",
    }
}


def coded(words: type[Coded], text: str) -> str:
    """The code of a list that a text spells out as code or label, whatever its capitals; else the text itself, trimmed."""
    tidy = " ".join(text.split())
    for member in words:
        if tidy.casefold() in (member.value.casefold(), member.label.casefold()):
            return member.value
    return tidy


def hidden_in(words: type[Coded], text: str) -> str:
    """The name of a list's entry that free words contain ("warfarin 3 mg"), empty when the list has nothing of it."""
    if text in words.codes():
        return ""
    names = {re.escape(member.label): member.label for member in words} | _OTHER_NAMES.get(words, {})
    for pattern, name in names.items():
        if re.search(rf"\b(?:{pattern})(?!\w)", text, re.IGNORECASE):
            return name
    return ""
