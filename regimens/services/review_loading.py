"""Sign a neurological review of an open loading: it goes on until the next review, or maintenance begins."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from b12clinic.accounts.models import User
from b12clinic.accounts.services import audit
from b12clinic.jobs.services.ask import ask
from b12clinic.messages.services.withdraw import withdraw
from b12clinic.vocabulary import RecheckTest, Severity
from monitoring.services.alerts import raise_alert
from monitoring.services.answer_rechecks import answer_reviews
from regimens.courses import is_neurological_loading
from regimens.models import Dose, DoseState, NeuroReview, Phase, Regimen, RegimenState, Revision, RevisionKind
from regimens.policies import policy_of
from regimens.protocols.policy import Policy
from regimens.protocols.vocabulary import NeuroChange
from regimens.services.finish_phase import ENDED, finish_phase
from regimens.services.hold import hold_regimen, revise
from regimens.services.redate import MOVED, redate
from regimens.subjects import RECHECK_SAFETY, REVIEW_DUE

WORSE = "NEURO_WORSE"
SOURCE = "BSH guideline (Devalia), 2014; local policy"


class NotReviewed(ValueError):
    """Why the review cannot be signed; the sentence says what is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was found: symptoms, signs and gait in words, how it stands against the last time, and what changed."""

    symptoms: str
    signs: str
    gait: str
    change: str
    what_changed: str

    @property
    def in_words(self) -> str:
        """One line, as it stands under a recheck."""
        said = f"{NeuroChange.label_of(self.change)}. {self.what_changed}".strip()
        return f"{said} Symptoms: {self.symptoms}. Signs: {self.signs}. Gait: {self.gait}."


@transaction.atomic
def review_loading(
    *,
    phase: Phase,
    version: int,
    examined: Examined,
    next_in_days: int | None,
    reason: str,
    by: User,
    at: datetime,
    today: date,
) -> Regimen:
    """Keep the loading going for `next_in_days` days, or, where that is None, end it and go on to maintenance.

    `reason` says why it ends though the patient is improving or worse. Raises ChangedMeanwhile for a stale page and
    NotReviewed with one sentence; nothing is saved then.
    """
    regimen = hold_regimen(phase.regimen_id, version)
    phase = Phase.objects.get(pk=phase.pk)
    policy = policy_of(regimen)
    _refuse_phase(regimen, phase)
    _refuse_findings(examined, next_in_days, reason, policy)
    early = early_end(phase, today)
    if next_in_days is None and early and not reason.strip():
        raise NotReviewed(f"{early} Write why it ends before then.")
    revision = revise(
        regimen, RevisionKind.REVIEWED, reason=_why(examined, next_in_days, reason), by=by, at=at
    )
    review = _append(phase, revision, examined, next_in_days, by=by, at=at, today=today)
    withdraw(kinds=(REVIEW_DUE,), subject_id=phase.pk, why="The review was signed.")
    if next_in_days is None:
        finish_phase(regimen=regimen, phase=phase, today=today)
    else:
        Phase.objects.filter(pk=phase.pk).update(review_on=review.next_review_on)
    redate(
        regimen=regimen,
        revision=revision,
        policy=policy,
        why=ENDED if next_in_days is None else MOVED,
    )
    _tell(regimen, examined, by=by, at=at, today=today)
    audit.note(
        at=at,
        clinic=regimen.clinic,
        by=by,
        action="loading.reviewed",
        subject=f"regimen:{regimen.public_id}",
        patient_id=regimen.patient_id,
        before={"version": version},
        after={
            "version": regimen.version,
            "change": examined.change,
            "next_review_on": str(review.next_review_on or ""),
        },
        reason=revision.reason,
    )
    return regimen


def early_end(phase: Phase, today: date) -> str:
    """What is to be known before a loading is ended ahead of its first review; empty from that day on and after a review."""
    if phase.review_on is None or today >= phase.review_on or phase.reviews.exists():
        return ""
    given = Dose.objects.filter(phase=phase, state=DoseState.GIVEN).values_list(
        "given_as__given_on", flat=True
    )
    first = min(given, default=today)
    return (
        f"Today is day {(today - first).days} of this loading; its first review is due on day"
        f" {(phase.review_on - first).days}, {phase.review_on.day} {phase.review_on:%B %Y}. It is meant to go on until there"
        " is no further improvement."
    )


def _refuse_phase(regimen: Regimen, phase: Phase) -> None:
    if not is_neurological_loading(regimen, phase):
        raise NotReviewed("Only an open-ended neurological loading is reviewed so.")
    if regimen.state == RegimenState.PAUSED:
        raise NotReviewed("This regimen is paused; resume it, then sign the review.")
    if regimen.state != RegimenState.ACTIVE or phase.finished_on is not None:
        raise NotReviewed("This phase is over already.")
    if not Dose.objects.filter(phase=phase, state=DoseState.GIVEN).exists():
        raise NotReviewed("No dose of this phase has been given yet.")


def _refuse_findings(examined: Examined, next_in_days: int | None, reason: str, policy: Policy) -> None:
    found = (examined.symptoms, examined.signs, examined.gait, examined.what_changed)
    if not all(words.strip() for words in found):
        raise NotReviewed("Write what the review found: symptoms, signs, gait, and what changed.")
    if examined.change not in NeuroChange.codes():
        raise NotReviewed("Say whether it improves, stands still or is worse.")
    shortest, longest = policy.neuro_extension_min_days, policy.neuro_extension_max_days
    if next_in_days is not None and not shortest <= next_in_days <= longest:
        raise NotReviewed(f"The next review lies {shortest} to {longest} days ahead (local policy).")
    settled = examined.change == NeuroChange.UNCHANGED
    if next_in_days is None and not settled and not reason.strip():
        raise NotReviewed(
            f"{NeuroChange.label_of(examined.change)}: the loading is meant to go on until there is no further"
            " improvement. Write why it ends now."
        )


def _why(examined: Examined, next_in_days: int | None, reason: str) -> str:
    decided = "Maintenance begins." if next_in_days is None else f"The loading goes on {next_in_days} days."
    return " ".join(
        part
        for part in (
            f"{NeuroChange.label_of(examined.change)}.",
            examined.what_changed.strip(),
            decided,
            reason.strip(),
        )
        if part
    )


def _append(
    phase: Phase,
    revision: Revision,
    examined: Examined,
    next_in_days: int | None,
    *,
    by: User,
    at: datetime,
    today: date,
) -> NeuroReview:
    return NeuroReview.objects.create(
        phase=phase,
        revision=revision,
        on=today,
        symptoms=examined.symptoms.strip(),
        signs=examined.signs.strip(),
        gait=examined.gait.strip(),
        change=examined.change,
        what_changed=examined.what_changed.strip(),
        next_review_on=None if next_in_days is None else today + timedelta(days=next_in_days),
        by=by,
        at=at,
    )


def _tell(regimen: Regimen, examined: Examined, *, by: User, at: datetime, today: date) -> None:
    """The recheck that asked for an examination is answered, a turn for the worse is urgent, the rules run again."""
    answer_reviews(
        patient=regimen.patient,
        test=RecheckTest.NEURO_EXAM,
        note=examined.in_words,
        by=by,
        at=at,
        today=today,
    )
    if examined.change == NeuroChange.WORSE:
        raise_alert(
            patient=regimen.patient,
            clinic=regimen.clinic,
            rule=WORSE,
            subject=f"regimen:{regimen.public_id}",
            severity=Severity.URGENT,
            sentence="Neurologically worse during the loading: seek urgent haematology and neurology advice, do not delay"
            f" the doses, and reconsider the diagnosis. Found: {examined.what_changed.strip()}",
            source=SOURCE,
            at=at,
        )
    ask(kind=RECHECK_SAFETY, subject_id=regimen.pk)
