"""Which test next to find the cause, why, and what its result would change (evidence sections 2c and 2d)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from b12clinic.vocabulary import PROTON_PUMP_INHIBITORS, Cause, Certainty
from monitoring.interpretation.measured import NEGATIVE, POSITIVE, Measured

from .reading import Reading
from .reading.exposure import days_after_injection
from .safety import sources
from .safety.medicines import CAUSAL_MEDICINES

_GASTRIC_SURGERY = frozenset(
    {Cause.TOTAL_GASTRECTOMY, Cause.PARTIAL_GASTRECTOMY, Cause.BARIATRIC_SURGERY, Cause.ILEAL_RESECTION}
)
_LISTED = f"{sources.NG239}; {sources.CKS}"


@dataclass(frozen=True, slots=True)
class NextTest:
    """A test or a question to ask next. `not_now` says why its result would not be trusted today; empty where it would."""

    test: str
    why: str
    would_change: str
    source: str
    not_now: str = ""


def next_tests(reading: Reading) -> tuple[NextTest, ...]:
    """What to ask next, first things first; empty where the cause is confirmed."""
    if reading.facts.certainty == Certainty.CONFIRMED and reading.facts.cause != Cause.UNKNOWN:
        return ()
    asked = (ask(reading) for ask in _QUESTIONS)
    return tuple(one for one in asked if one is not None)


def _result(reading: Reading, analyte: str) -> Measured | None:
    return reading.results.latest(analyte)


def _antibody(reading: Reading) -> Measured | None:
    """The antibody that tells: a positive one, else the last that was not drawn too soon after an injection."""
    readable = [
        one
        for one in reading.results.all("intrinsic_factor_antibody")
        if one not in reading.antibody_invalid and one.word in (POSITIVE, NEGATIVE)
    ]
    positive = [one for one in readable if one.word == POSITIVE]
    telling = positive or readable
    return telling[-1] if telling else None


def _antibody_positive(reading: Reading) -> bool:
    found = _antibody(reading)
    return found is not None and found.word == POSITIVE


def _still_suspected(reading: Reading) -> bool:
    """A negative antibody does not exclude autoimmune gastritis; a positive one, or surgery, leaves nothing to suspect."""
    found = _antibody(reading)
    return found is not None and found.word == NEGATIVE and reading.facts.cause not in _GASTRIC_SURGERY


def _history(reading: Reading) -> NextTest | None:
    taken = reading.medicines & CAUSAL_MEDICINES
    if reading.facts.cause != Cause.UNKNOWN:
        return None
    known = "a medicine that can cause it is recorded" if taken else "nothing recorded explains it"
    return NextTest(
        "medicines, diet, surgery and nitrous oxide: the history",
        f"The cause is not known and {known}.",
        "A medicine, a diet or nitrous oxide may be a cause that can pass; surgery may be one that cannot.",
        _LISTED,
    )


def _intrinsic_factor(reading: Reading) -> NextTest | None:
    if reading.facts.cause in _GASTRIC_SURGERY or _antibody(reading) is not None:
        return None
    days = reading.policy.antibody_after_injection_days
    again = "The one on record was drawn too soon after an injection. " if reading.antibody_invalid else ""
    return NextTest(
        "intrinsic_factor_antibody",
        f"{again}It is specific for autoimmune gastritis.",
        "Positive: autoimmune gastritis, treatment for life. Negative: not excluded, only 40 to 60 % of those affected are positive.",
        f"{sources.CKS}; {sources.LOTHIAN}; {sources.MAYO_IFBA}",
        _too_soon(reading, days),
    )


def _too_soon(reading: Reading, days: int) -> str:
    since = days_after_injection(reading.facts, reading.facts.as_of)
    if since is None or since > days:
        return ""
    ago = "1 day" if since == 1 else f"{since} days"
    return f"An injection was given {ago} ago: drawn within {days} days of one, the result may be false."


def _parietal_cell(reading: Reading) -> NextTest | None:
    if not _still_suspected(reading) or _result(reading, "parietal_cell_antibody") is not None:
        return None
    return NextTest(
        "parietal_cell_antibody",
        "Intrinsic factor antibody is negative, which does not exclude autoimmune gastritis.",
        "Negative speaks against it: 90 % of those affected are positive. Positive proves little: so are 15 % of older people.",
        "LabCorp; NICE NG239, 2024",
    )


def _gastrin(reading: Reading) -> NextTest | None:
    if not _still_suspected(reading) or _result(reading, "gastrin") is not None:
        return None
    inhibitor = reading.takes(PROTON_PUMP_INHIBITORS)
    return NextTest(
        "gastrin",
        "Intrinsic factor antibody is negative, which does not exclude autoimmune gastritis.",
        "Raised supports autoimmune gastritis, and a gastroscopy with biopsies of the gastric body.",
        f"{sources.NG239}; {sources.MAYO_ACASM}",
        "A proton pump inhibitor raises gastrin: stop it for a week before the sample if that is safe."
        if inhibitor
        else "",
    )


def _gastroscopy(reading: Reading) -> NextTest | None:
    tried = ("parietal_cell_antibody", "gastrin")
    if not _still_suspected(reading) or any(_result(reading, one) is None for one in tried):
        return None
    return NextTest(
        "gastroscopy with biopsies of the gastric body",
        "The blood tests are done and intrinsic factor antibody is negative.",
        "Autoimmune gastritis seen in the biopsies: treatment for life.",
        sources.NG239.spoken,
    )


def _coeliac(reading: Reading) -> NextTest | None:
    transglutaminase, total = _result(reading, "ttg_iga"), _result(reading, "total_iga")
    if _antibody_positive(reading) or (transglutaminase is not None and total is not None):
        return None
    if transglutaminase is not None and transglutaminase.word == POSITIVE:
        return None
    missing = (
        "total_iga"
        if transglutaminase is not None
        else "ttg_iga"
        if total is not None
        else "ttg_iga, total_iga"
    )
    return NextTest(
        missing,
        "Coeliac disease is a cause; tTG-IgA is read together with total IgA.",
        "Positive: coeliac disease may be the cause.",
        _LISTED,
    )


def _thyroid(reading: Reading) -> NextTest | None:
    if _result(reading, "tsh") is not None:
        return None
    return NextTest(
        "tsh",
        "The thyroid belongs to the work-up, and hypothyroidism raises homocysteine too.",
        "Outside its range: the thyroid is looked at as well.",
        _LISTED,
    )


def _gut(reading: Reading) -> NextTest | None:
    if reading.facts.cause != Cause.UNKNOWN or not _still_suspected(reading):
        return None
    return NextTest(
        "faecal tests, bacterial overgrowth, pancreas, HIV, absorption of B12",
        "The cause is not known and intrinsic factor antibody is negative.",
        "A parasite, overgrowth, the pancreas or HIV may be the cause.",
        _LISTED,
    )


_QUESTIONS: tuple[Callable[[Reading], NextTest | None], ...] = (
    _history,
    _intrinsic_factor,
    _parietal_cell,
    _gastrin,
    _gastroscopy,
    _coeliac,
    _thyroid,
    _gut,
)
