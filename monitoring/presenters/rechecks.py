"""Rechecks in words: how late, which tests, and what is still missing."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from b12clinic.patients.presenters.links import patient_url, scoring_url
from b12clinic.vocabulary import RecheckTest
from monitoring.interpretation.recheck_matching import answered_by_note
from monitoring.models import Recheck, RecheckAnswer
from monitoring.presenters import words
from monitoring.queries.rechecks import BANDS, SOON_DAYS
from monitoring.services.answer_rechecks import missing_parts

BAND_LABELS = {
    "all": "All",
    "overdue": "Overdue",
    "due": "Due today",
    "soon": f"Next {SOON_DAYS} days",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckLine:
    """One recheck ready to print. `enter_url` where bloods are missing, `answer_url` where a review is.

    `score_url` where the review is one of symptoms, which their scores answer; `request_url` prints what is asked for.
    """

    patient: str
    patient_url: str
    born: str
    status: str
    standing: str
    due: str
    tests: str
    why: str
    missing: str
    enter_url: str
    answer_url: str
    score_url: str
    request_url: str
    drop_url: str


def recheck_line(recheck: Recheck, today: date) -> RecheckLine:
    """A wanted recheck read with its patient and answers; no query of its own."""
    missing = missing_parts(recheck)
    status, standing = _standing(recheck.due_on, today)
    patient = recheck.patient
    return RecheckLine(
        patient=patient.name,
        patient_url=patient_url(patient.public_id),
        born=f"born {words.full_day(patient.born_on)}",
        status=status,
        standing=standing,
        due=f"due {words.day(recheck.due_on, today)}",
        tests=words.tests_in_words(recheck.tests),
        why=recheck.why,
        missing=missing_in_words(recheck),
        enter_url=reverse("monitoring:enter", args=[patient.public_id])
        if any(not answered_by_note(part) for part in missing)
        else "",
        answer_url=reverse("monitoring:answer_recheck", args=[recheck.public_id])
        if any(answered_by_note(part) for part in missing)
        else "",
        score_url=scoring_url(patient.public_id) if RecheckTest.SYMPTOM_REVIEW in missing else "",
        request_url=reverse("monitoring:request_form", args=[recheck.public_id]),
        drop_url=reverse("monitoring:drop_recheck", args=[recheck.public_id]),
    )


def missing_in_words(recheck: Recheck) -> str:
    """ "Still missing: platelets" once something has been answered; empty while all of it is."""
    missing = missing_parts(recheck)
    return f"Still missing: {words.tests_in_words(missing)}" if missing and recheck.answers.all() else ""


def note_line(answer: RecheckAnswer, today: date) -> dict[str, str]:
    """A signed note in words: what was done when, by whom, and what was found."""
    return {
        "test": words.test_in_words(answer.test),
        "day": words.day(answer.answered_on, today),
        "who": answer.answered_by.display_name if answer.answered_by else "",
        "note": answer.note,
    }


def band_tabs(counts: dict[str, int], current: str) -> list[dict[str, object]]:
    """The bands of the list as tabs, each with its count."""
    address = reverse("monitoring:rechecks")
    return [
        {
            "label": BAND_LABELS[band],
            "url": address if band == "all" else f"{address}?band={band}",
            "count": counts[band],
            "current": band == current,
        }
        for band in BANDS
    ]


def _standing(due_on: date, today: date) -> tuple[str, str]:
    late = (today - due_on).days
    if late > 0:
        return "overdue", f"Overdue {words.days(late)}"
    return ("soon", f"In {words.days(-late)}") if late else ("due", "Due today")
