"""The list of calls in words: every row arrives preformatted, so that the template only prints."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse

from regimens.models import ContactAttempt
from regimens.presenters.words import day, dose_count, drug_line, standing
from regimens.protocols.calling import CallState, call_again_on
from regimens.protocols.clinic_calendar import ClinicCalendar
from regimens.protocols.policy import Policy
from regimens.protocols.vocabulary import ContactOutcome
from regimens.queries.calls import Asked, Call, Filter

ASKS = ("part", "q", "after")
PART_LABELS = {
    Filter.TO_CALL: "To call",
    Filter.NOT_CALLED: "Not called yet",
    Filter.AGAIN: "Call again",
    Filter.AGREED: "Agreed to come",
    Filter.LATER: "Resting",
    Filter.REMOVED: "Not to be called",
}
EMPTY = {
    Filter.TO_CALL: (
        "Nobody to call today",
        "Patients whose injection is overdue stand here until it is given, unless they rest after an attempt.",
    ),
    Filter.NOT_CALLED: (
        "Everybody has been called",
        "Patients whose injection is overdue and whom nobody has tried to reach stand here.",
    ),
    Filter.AGAIN: (
        "Nobody to call again today",
        "Patients who were tried before stand here once their next day has come and the injection is still owed.",
    ),
    Filter.AGREED: (
        "Nobody has agreed on a day to come",
        "Patients who agreed to come rest here up to that day, and are called again the day after if they did not.",
    ),
    Filter.LATER: (
        "Nobody rests after an attempt",
        "Patients who were tried rest here until the day to try again.",
    ),
    Filter.REMOVED: (
        "Nobody was taken off the calls",
        "Patients not to be called about this dose stand here with the reason. They stay on the due list.",
    ),
}


@dataclass(frozen=True, slots=True)
class CallRow:
    """One row of the list, each field a text ready to print; `state` colours the chip of the next action."""

    name: str
    chart_url: str
    born: str
    identifier: str
    phone: str
    phone_url: str
    consents: tuple[str, ...]
    status: str
    overdue: str
    due: str
    drug: str
    count: str
    urgent: bool
    attempts: str
    last: str
    note: str
    state: str
    next_action: str
    attempt_url: str
    not_given_url: str


@dataclass(frozen=True, slots=True)
class Days:
    """The clinic's day with the calendar and policy that say when somebody is called again."""

    today: date
    calendar: ClinicCalendar
    policy: Policy


def rows_of(calls: list[Call], days: Days, back: str = "") -> list[CallRow]:
    """The rows of a page, in the order of the query; `back` is what the list was asked, carried to the form."""
    return [_row(call, days, f"?{back}" if back else "") for call in calls]


def _row(call: Call, days: Days, back: str) -> CallRow:
    last = call.attempts[-1] if call.attempts else None
    declined = last is not None and last.outcome == ContactOutcome.DECLINED
    status, words = standing(call.due_on, call.overdue_on, days.today)
    return CallRow(
        name=call.patient_name,
        chart_url=reverse("regimens:chart", args=[call.patient_public_id]),
        born=f"{call.born_on.day} {call.born_on:%b %Y}",
        identifier=call.identifier,
        phone=call.phone,
        phone_url=phone_url(call.phone),
        consents=consents(call),
        status=status,
        overdue=words,
        due=f"due {day(call.due_on, days.today)}",
        drug=drug_line(call.drug, call.dose_mcg, call.route),
        count=dose_count(call.kind, call.number, call.doses_wanted),
        urgent=call.urgent,
        attempts=attempts_in_words(len(call.attempts)),
        last=_last(call, last, days.today),
        note=last.note if last else "",
        state=_CHIPS[call.state],
        next_action=_next_action(call, last, days),
        attempt_url=reverse("regimens:record_contact", args=[call.public_id]) + back,
        not_given_url=reverse("regimens:record_not_given", args=[call.public_id]) if declined else "",
    )


_CHIPS = {
    CallState.NOT_CALLED: "overdue",
    CallState.AGAIN: "overdue",
    CallState.ANOTHER_WAY: "warn",
    CallState.AGREED: "soon",
    CallState.LATER: "planned",
    CallState.REMOVED: "withdrawn",
}


def phone_url(phone: str) -> str:
    """The number as an address that a telephone dials; empty without a number."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return f"tel:{'+' if phone.strip().startswith('+') else ''}{digits}" if digits else ""


def consents(call: Call) -> tuple[str, ...]:
    """Which messages the patient agreed to: "text message yes", "e-mail no", "letter no"."""
    given = (
        ("text message", call.consents_to_sms),
        ("e-mail", call.consents_to_email),
        ("letter", call.consents_to_letter),
    )
    return tuple(f"{channel} {'yes' if agreed else 'no'}" for channel, agreed in given)


def attempts_in_words(number: int) -> str:
    """ "Not called yet", "1 attempt", "3 attempts"."""
    if not number:
        return "Not called yet"
    return "1 attempt" if number == 1 else f"{number} attempts"


def attempt_line(attempt: ContactAttempt, today: date) -> str:
    """ "No answer, telephone, Fri 16 Jan"."""
    return (
        f"{attempt.get_outcome_display()}, {attempt.get_channel_display().lower()}, {day(attempt.on, today)}"
    )


def _last(call: Call, last: ContactAttempt | None, today: date) -> str:
    """What was tried last: a visit without an injection, a call, or a call before the dose was put on another day."""
    if call.not_given is not None:
        reason = call.not_given.get_not_given_reason_display().lower()
        return f"Not given {day(call.not_given.given_on, today)}: {reason}"
    if last is None:
        return ""
    if call.redated:
        outcome = last.get_outcome_display().lower()
        return f"Re-dated to {day(call.due_on, today)}; last try: {outcome}, {day(last.on, today)}"
    return attempt_line(last, today)


def _next_action(call: Call, last: ContactAttempt | None, days: Days) -> str:
    said = partial(day, today=days.today)
    if call.not_given is not None and call.not_given.next_action_on is not None:
        return f"Try again {said(call.not_given.next_action_on)}, as noted when not given"
    if last is None or call.state is CallState.NOT_CALLED:
        return "Call"
    if call.state is CallState.ANOTHER_WAY:
        return "Needs another way to reach"
    if call.state is CallState.REMOVED:
        return "Not to be called about this dose"
    agreed_on = last.next_action_on if last.outcome == ContactOutcome.AGREED_TO_VISIT else None
    if call.state is CallState.AGREED and agreed_on:
        return f"Comes {said(agreed_on)}"
    if agreed_on and call.state is CallState.AGAIN:
        return f"Call again, did not come {said(agreed_on)}"
    again_on = call_again_on(last.outcome, last.on, last.next_action_on, days.calendar, days.policy)
    return f"Call again {said(again_on)}" if again_on and again_on > days.today else "Call again"


def told_lines(attempts: list[ContactAttempt], today: date) -> list[dict[str, str]]:
    """Attempts as lines for the form and the chart, in the order given."""
    return [
        {
            "line": attempt_line(attempt, today),
            "who": attempt.by.display_name,
            "next": f"next {day(attempt.next_action_on, today)}" if attempt.next_action_on else "",
            "note": attempt.note,
        }
        for attempt in attempts
    ]


def recorded_sentence(attempt: ContactAttempt, name: str, today: date) -> str:
    """What is said after recording: the outcome, and that the dose stays owed."""
    on = f" on {day(attempt.next_action_on, today)}" if attempt.next_action_on else ""
    outcome = attempt.get_outcome_display().lower()
    return f"Recorded for {name}: {outcome}{on}. The dose stays on the due list until it is given."


def tabs_of(asked: Asked, counts: dict[Filter, int]) -> list[dict[str, object]]:
    """One tab a part, each with its count under the same search."""
    return [
        {
            "label": PART_LABELS[part],
            "url": address(asked, part=part),
            "current": asked.part is part,
            "count": counts[part],
        }
        for part in Filter
    ]


def kept_query(query: Mapping[str, str]) -> str:
    """What the list was asked, and nothing else of a query: part, search and place."""
    return urlencode({key: query[key] for key in ASKS if query.get(key)})


def address(asked: Asked, *, part: Filter, after: tuple[int, date, int] | None = None) -> str:
    """The list's address with everything asked in it, so that it can be shared and is never lost."""
    asks = {
        "part": "" if part is Filter.TO_CALL else part.value,
        "q": asked.text,
        "after": f"{after[0]}.{after[1].isoformat()}.{after[2]}" if after else "",
    }
    query = urlencode({key: value for key, value in asks.items() if value})
    return reverse("regimens:calls") + (f"?{query}" if query else "")
