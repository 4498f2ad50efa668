"""The order, the last injections and the answer after recording, in words."""

from datetime import date
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from b12clinic.vocabulary import Side, Site
from regimens.models import Administration, Direction, Dose, DoseState
from regimens.presenters.words import day, dose_count, drug_line, paused_until, standing, window
from regimens.services.correct_administration import Corrected
from regimens.services.record_administration import Recorded
from regimens.services.redate import Redating

_RESTS = (
    "The allergy is noted, the regimen is paused and a prescriber is told: no further dose before a review."
)


def order_lines(dose: Dose, attempts: list[Administration], today: date) -> list[tuple[str, str]]:
    """What is ordered, when it is due and what was tried already, as pairs of a label and a text."""
    phase = dose.phase
    _, words = standing(dose.due_on, dose.overdue_on, today)
    return [
        ("Order", drug_line(phase.drug, phase.dose_mcg, phase.route)),
        ("Dose", dose_count(phase.kind, dose.number, phase.doses_wanted)),
        ("Due", f"{day(dose.due_on, today)} · {words.lower()}"),
        ("Window", window(dose.earliest_on, dose.overdue_on, today)),
        *(("Not given", _attempt(attempt, today)) for attempt in attempts),
    ]


def authority_line(direction: Direction | None, today: date) -> tuple[str, str]:
    """What entitles to give it, as it stands on the row of the due list. direction: the one in force."""
    if direction is None:
        return "Authority", "Signed prescription"
    until = day(direction.until_on, today)
    return "Authority", f"Direction valid until {until}, by {direction.by.display_name}"


def _attempt(attempt: Administration, today: date) -> str:
    again = f"try again {day(attempt.next_action_on, today)}" if attempt.next_action_on else ""
    parts = (
        day(attempt.given_on, today),
        attempt.get_not_given_reason_display().lower(),
        attempt.reason,
        again,
    )
    return ", ".join(part for part in parts if part)


def last_lines(injections: list[Administration], today: date) -> list[str]:
    """The last injections with their place: "Tue 17 Nov, left deltoid, lot A123"."""
    return [
        ", ".join(
            part
            for part in (
                day(injection.given_on, today),
                place(injection.site, injection.side),
                f"lot {injection.lot}" if injection.lot else "",
                ""
                if injection.reaction_grade in ("", "none")
                else injection.get_reaction_grade_display().lower(),
            )
            if part
        )
        for injection in injections
    ]


def place(site: str, side: str) -> str:
    """ "left deltoid", or nothing when it was not said."""
    words = [Side.label_of(side).lower() if side else "", Site.label_of(site).lower() if site else ""]
    return " ".join(word for word in words if word)


def box_line(box: Administration, today: date) -> str:
    """What stands on the box that was used last: "Hydroxocobalamin 1 mg/mL, lot A123, expires Sat 31 Jan 2027"."""
    expiry = f"expires {day(box.expires_on, today)}" if box.expires_on else ""
    return ", ".join(part for part in (box.product, f"lot {box.lot}", expiry) if part)


def closed_sentence(dose: Dose) -> str:
    """Why nothing can be recorded for this dose any more; nothing while it is owed."""
    if dose.given_as is not None:
        return taken_by(dose.given_as)
    if dose.state != DoseState.OWED:
        return (
            "This dose was withdrawn: its plan was stopped or replaced. The chart shows what is planned now."
        )
    return ""


def also_label(dose: Dose, taken: bool) -> str:
    """The way to record an injection that was given although the dose is no longer owed; nothing while it is owed.

    taken: whether somebody else was first, where the dose was read before.
    """
    if taken or dose.given_as is not None:
        return "I gave one too: record it on top of the plan"
    return "" if dose.state == DoseState.OWED else "It was given: record it on top of the plan"


def recorded_message(dose: Dose, recorded: Recorded, today: date, kept: str = "") -> SafeString:
    """The sentence for the list, with the way to the next patient and the way back for an entry made in error."""
    # A pinned one stood above the list: what follows it is the list's top.
    pinned = dose.urgent and dose.overdue_on <= today
    past = "" if pinned else f"past={dose.due_on.isoformat()}.{dose.pk}"
    query = "&".join(part for part in (kept, past) if part)
    following = f"{reverse('regimens:record_next')}{f'?{query}' if query else ''}"
    entry = recorded.administration.public_id
    return format_html(
        '{} <a href="{}">Next on the list</a> · <a href="{}">Score symptoms</a>'
        ' · <a href="{}">Note a reaction</a> · <a href="{}">Undo: entered in error</a>',
        recorded_sentence(dose.patient.name, recorded, today),
        following,
        reverse("regimens:symptoms", args=[dose.patient.public_id]),
        reverse("regimens:later_reaction", args=[entry]),
        reverse("regimens:correct", args=[entry]),
    )


def recorded_sentence(name: str, recorded: Recorded, today: date) -> str:
    """What the nurse tells the patient: recorded, and when to come next."""
    if recorded.repeat:
        return f"Already recorded for {name}; nothing was recorded twice."
    if recorded.paused:
        return f"Recorded for {name}{_on_top(recorded)}. {_RESTS}"
    return f"Recorded for {name}{_on_top(recorded)}. {_follows(recorded.redating, today)}"


def _follows(redating: Redating | None, today: date) -> str:
    """What is waited for, if anything is."""
    if redating and redating.next_dose:
        return next_words(redating.next_dose.due_on, today)
    if redating and redating.pause:
        return f"{paused_until(redating.pause.until_on, today)}; the doses still owed wait until then."
    return "No further dose is planned; a clinician decides what comes next."


def _on_top(recorded: Recorded) -> str:
    """That it fulfilled no dose of the plan, and whether somebody will look at it."""
    if recorded.administration.dose_id is not None:
        return ""
    alert = "; an alert was raised" if recorded.alerted else ""
    return f" as an injection on top of the plan{alert}"


def next_words(due_on: date, today: date) -> str:
    """When to come next: a day that is past is said to be past."""
    if due_on < today:
        return f"The next injection is due since {day(due_on, today)}."
    return "The next injection is due today." if due_on == today else f"Next injection {day(due_on, today)}."


def corrected_sentence(name: str, corrected: Corrected, today: date) -> str:
    """What came of a correction: when to come next, where a plan goes on."""
    if corrected.paused:
        return f"Corrected for {name}. {_RESTS}"
    upcoming = corrected.redating.next_dose if corrected.redating else None
    follows = f" {next_words(upcoming.due_on, today)}" if upcoming else ""
    return f"Corrected for {name}; the old entry stays visible.{follows}"


def reaction_sentence(name: str, noted: Corrected) -> str:
    """What came of a reaction noticed afterwards."""
    follows = _RESTS if noted.paused else "Whoever decides on the next dose will see it."
    return f"The reaction is noted for {name}. {follows}"


def taken_back_sentence(still_stands: bool) -> str:
    """What came of an entry marked as an error."""
    follows = (
        " The allergy or pause that its reaction led to still stands: an alert asks a prescriber to lift or keep it."
        if still_stands
        else ""
    )
    return f"Marked as entered in error. Its alerts are ended and the dates were worked out anew.{follows}"


def taken_by(administration: Administration) -> str:
    """Who recorded the dose first: name, day and time in the clinic's zone, lot."""
    recorded_at = administration.recorded_at.astimezone(ZoneInfo(administration.clinic.time_zone))
    lot = f", lot {administration.lot}" if administration.lot else ""
    return (
        f"{administration.recorded_by.display_name} recorded this dose on {recorded_at:%d %b %Y at %H:%M}"
        f" as given on {administration.given_on:%d %b %Y}{lot}. Nothing was recorded a second time."
    )
