"""A late dose in words: the rule, what was given, and each choice with its dates before and after."""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from regimens.models import Dose
from regimens.presenters.words import day, days, dose_count, drug_line
from regimens.protocols.late_decision import Decided
from regimens.protocols.vocabulary import LateChoice
from regimens.protocols.windows import LateAdvice

SHOWN = 6

_EXPLAINED = {
    LateChoice.CONTINUE: "The dose stays owed, and overdue, until it is given; the dates after it follow the day on which it"
    " is given. Shown as if it were given today.",
    LateChoice.REANCHOR: "The dose is planned anew for today, and the rest counts from that injection. The number of doses stays.",
    LateChoice.RESTART: "The phases so far are ended, and the loading is given once more from today, with what follows it.",
    LateChoice.STOP: "Every dose still owed is withdrawn. An irreversible cause needs treatment for life.",
}


def late_dose_page(
    dose: Dose,
    advice: LateAdvice,
    choices: Sequence[Decided],
    owed: Sequence[Dose],
    given: Sequence[Dose],
    today: date,
) -> dict[str, Any]:
    """All that the page of a late-dose decision prints."""
    return {
        "dose": _about(dose, today),
        "sentence": advice.sentence,
        "source": advice.source,
        "local_policy": advice.local_policy,
        "given": [_given(one, today) for one in given],
        "choices": [_choice(one, dose, owed, today) for one in choices],
    }


def _about(dose: Dose, today: date) -> list[tuple[str, str]]:
    phase = dose.phase
    given = f"Given {day(dose.given_as.given_on, today)}" if dose.given_as else "Not given yet"
    given_on = dose.given_as.given_on if dose.given_as else today
    return [
        ("Dose", dose_count(phase.kind, dose.number, phase.doses_wanted)),
        ("Order", drug_line(phase.drug, phase.dose_mcg, phase.route)),
        ("Due", f"{day(dose.due_on, today)}, {days((given_on - dose.due_on).days)} late"),
        ("Stands", given),
    ]


def _given(dose: Dose, today: date) -> str:
    on = dose.given_as.given_on if dose.given_as else dose.due_on
    late = (on - dose.due_on).days
    note = f", {days(late)} after its day" if late > 0 else ""
    return f"{dose_count(dose.phase.kind, dose.number, dose.phase.doses_wanted)}: {day(on, today)}{note}"


def _choice(one: Decided, dose: Dose, owed: Sequence[Dose], today: date) -> dict[str, Any]:
    before = [_owed(each, today) for each in owed]
    after = _after(one, dose, today)
    rows = list(zip_longest(before, after, fillvalue="–"))
    return {
        "value": one.choice.value,
        "label": one.choice.label,
        "text": _text(one, dose),
        "rows": [
            {"place": place, "before": was, "after": now, "moves": was != now}
            for place, (was, now) in enumerate(rows[:SHOWN], start=1)
        ],
        "more": max(len(rows) - SHOWN, 0),
    }


def _text(one: Decided, dose: Dose) -> str:
    if one.choice is LateChoice.CONTINUE and dose.given_as is not None:
        return "The dates already count from the late injection; the number of doses stays."
    if not one.counts_late_dose:
        return _EXPLAINED[one.choice]
    return f"{_EXPLAINED[one.choice]} The late injection counts as the first of the new loading, so one fewer is planned."


def _owed(dose: Dose, today: date) -> str:
    return f"{_count(dose.phase.kind, dose.number, dose.phase.doses_wanted)}: {day(dose.due_on, today)}"


def _after(one: Decided, dose: Dose, today: date) -> list[str]:
    lines = [
        f"{_count(part.spec.kind, planned.number, part.spec.doses)}: {day(planned.due_on, today)}"
        for part in one.doses
        for planned in part.doses
    ]
    if one.choice is LateChoice.CONTINUE and dose.given_as is None:
        phase = dose.phase
        lines.insert(0, f"{_count(phase.kind, dose.number, phase.doses_wanted)}: {day(today, today)}")
    return lines


def _count(kind: str, number: int, wanted: int | None) -> str:
    return dose_count(kind, number, wanted).removesuffix(", open-ended")
