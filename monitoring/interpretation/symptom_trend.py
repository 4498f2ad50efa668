"""Symptom scores against each other: better, worse, unchanged or mixed. The scale and its anchors are local wording.

Four domains (evidence section 0, S12), each from 0 (none) to 10 (the worst imaginable), by the patient's own word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

LOWEST, HIGHEST = 0, 10
ANCHORS = {LOWEST: "none", HIGHEST: "the worst imaginable"}
DOMAINS: dict[str, str] = {
    "fatigue": "Fatigue",
    "numbness": "Numbness and tingling",
    "balance": "Balance",
    "cognition": "Memory and thinking",
}
NEUROLOGICAL = ("numbness", "balance")


class Change(Enum):
    """How scores stand against earlier ones; mixed where one domain is better and another worse."""

    BETTER = "better"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Scores:
    """The four scores of one day."""

    on: date
    fatigue: int
    numbness: int
    balance: int
    cognition: int

    def of(self, domain: str) -> int:
        """The score of a domain by its code."""
        score: int = getattr(self, domain)
        return score

    def in_words(self) -> str:
        """ "fatigue 7, numbness and tingling 2, balance 0, memory and thinking 3"."""
        return ", ".join(f"{label.lower()} {self.of(domain)}" for domain, label in DOMAINS.items())


@dataclass(frozen=True, slots=True)
class ScoredSymptoms:
    """The last scores since the first dose against those before it: their day, how they stand, and both in words.

    `change` is empty where nobody scored before the first dose: then they stand alone. `worst` is the highest of the
    last scores; None where a picture was kept before it was looked at.
    """

    scored_on: date
    change: str
    words: str
    worst: int | None = None

    @property
    def not_better(self) -> bool:
        """Whether no domain is better: unchanged or worse."""
        return self.change in (Change.UNCHANGED.value, Change.WORSE.value)

    @property
    def is_mixed(self) -> bool:
        """Whether some domain is better and another worse."""
        return self.change == Change.MIXED.value


def change_of(before: Scores, now: Scores, points: int) -> Change:
    """How two days compare; a domain counts as changed from so many points."""
    moved = [now.of(domain) - before.of(domain) for domain in DOMAINS]
    better, worse = any(one <= -points for one in moved), any(one >= points for one in moved)
    if better and worse:
        return Change.MIXED
    if better or worse:
        return Change.BETTER if better else Change.WORSE
    return Change.UNCHANGED


def moved_in_words(before: Scores, now: Scores) -> str:
    """ "fatigue 7 to 3, numbness and tingling 2 to 2, ..."."""
    return ", ".join(
        f"{label.lower()} {before.of(domain)} to {now.of(domain)}" for domain, label in DOMAINS.items()
    )


def baseline(scores: Sequence[Scores], first_dose_on: date | None) -> Scores | None:
    """The last scores up to and on the day of the first dose; without a dose, the first there are."""
    if first_dose_on is None:
        return min(scores, key=lambda one: one.on, default=None)
    before = [one for one in scores if one.on <= first_dose_on]
    return max(before, key=lambda one: one.on, default=None)


def best_since(scores: Sequence[Scores], first_dose_on: date | None) -> Scores | None:
    """The lowest score of each domain after the day of the first dose, dated by the last of them; None without any."""
    after = [one for one in scores if first_dose_on is not None and one.on > first_dose_on]
    if not after:
        return None
    return Scores(max(one.on for one in after), *(min(one.of(domain) for one in after) for domain in DOMAINS))


def since_first_dose(
    scores: Sequence[Scores], *, first_dose_on: date, as_of: date, points: int
) -> ScoredSymptoms | None:
    """The answer of the symptoms to treatment; None unless they were scored after the first dose.

    A domain that is up again from its best since then counts as worse, however it stands against the beginning.
    """
    before = baseline(scores, first_dose_on)
    after = [one for one in scores if first_dose_on < one.on <= as_of]
    if not after:
        return None
    now = max(after, key=lambda one: one.on)
    worst = max(now.of(domain) for domain in DOMAINS)
    if before is None:
        return ScoredSymptoms(now.on, "", f"{now.in_words()}; not scored before the first dose", worst)
    change, words = change_of(before, now, points), moved_in_words(before, now)
    best = best_since([one for one in after if one.on < now.on], first_dose_on)
    relapsed = worse_in(DOMAINS, best, now, points) if best else ()
    if relapsed:
        change = Change.MIXED if change in (Change.BETTER, Change.MIXED) else Change.WORSE
        words = f"{words}; from the best since the first dose {', '.join(relapsed)}"
    return ScoredSymptoms(now.on, change.value, words, worst)


def worse_neurologically(before: Scores, now: Scores, points: int) -> tuple[str, ...]:
    """The neurological domains that are up by so many points, in words: "numbness and tingling 2 to 5"."""
    return worse_in(NEUROLOGICAL, before, now, points)


def worse_in(domains: Iterable[str], before: Scores, now: Scores, points: int) -> tuple[str, ...]:
    """Those of the domains that are up by so many points, in words."""
    return tuple(
        f"{DOMAINS[domain].lower()} {before.of(domain)} to {now.of(domain)}"
        for domain in domains
        if now.of(domain) - before.of(domain) >= points
    )
