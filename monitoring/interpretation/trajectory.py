"""How each marker stands against its expected course: adequate, too early, inadequate or not to be judged.

The rules that make a response inadequate stand in `response`; here the other answers and the words are added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .deciding_markers import haemoglobin, mcv, methylmalonic_acid, reticulocytes, symptoms
from .measured import Results
from .response import Course, ResponseFlag, fallen_haemoglobin, unanswered
from .supporting_markers import haemolysis, homocysteine, platelets, potassium, serum_b12
from .verdict import Case, Said, TrajectoryFigures, Verdict

__all__ = ["MARKERS", "MarkerVerdict", "ResponseAssessment", "Verdict", "assess", "assess_response"]

SERUM_B12 = ("total_b12", "active_b12")


@dataclass(frozen=True, slots=True)
class MarkerVerdict:
    """One marker's answer, in a sentence with its source.

    `decides`: whether an inadequate answer makes the response inadequate (evidence section 4, a to e); the other
    markers only support. `local_policy`: the figure judged by is the clinic's own.
    """

    marker: str
    verdict: Verdict
    sentence: str
    source: str
    local_policy: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class ResponseAssessment:
    """The response as a whole and marker by marker. `day` counts from the first dose to the day of the question."""

    verdict: Verdict
    sentence: str
    day: int
    markers: tuple[MarkerVerdict, ...]


def assess(
    marker: str,
    results: Results,
    course: Course,
    figures: TrajectoryFigures,
    *,
    flags: tuple[ResponseFlag, ...] | None = None,
) -> MarkerVerdict:
    """How one marker stands, by its latest value on treatment. KeyError for a marker that has no expected course.

    `flags` are those of `unanswered` where they are known already.
    """
    found = unanswered(results, course, figures) if flags is None else flags
    case = Case(results, course, figures, {flag.marker: flag for flag in found})
    judge, source, local, decides = _JUDGES[marker]
    verdict, sentence = judge(case, marker)
    return MarkerVerdict(marker, verdict, sentence, source, local, decides)


def assess_response(
    results: Results, course: Course, figures: TrajectoryFigures, *, neurological: bool = False
) -> ResponseAssessment:
    """Every marker, and the whole: inadequate as soon as one that decides is, adequate where one is and none speaks against.

    Against it speaks a haemoglobin that has fallen below its value before the first dose; and one for which it is too
    early is outvoted by a rise of reticulocytes alone, which comes before it (evidence section 4; order local policy).
    `neurological`: whether there are neurological signs to follow.
    """
    flags = unanswered(results, course, figures)
    markers = [one for one in _JUDGES if neurological or one != "neurological_signs"]
    asked = [one for one in markers if one not in SERUM_B12 or results.on_treatment(one) is not None]
    answers = tuple(assess(one, results, course, figures, flags=flags) for one in asked)
    day = (course.as_of - course.first_dose_on).days
    fallen = fallen_haemoglobin(results, course)
    verdict = _overall({one.marker: one.verdict for one in answers if one.decides}, fallen is not None)
    but = f"; haemoglobin has fallen below the {fallen.shown()} before the first dose" if fallen else ""
    return ResponseAssessment(verdict, f"Response on day {day}: {verdict.words}{but}.", day, answers)


def _overall(deciding: dict[str, Verdict], fallen: bool) -> Verdict:
    waits = deciding["haemoglobin"] is Verdict.TOO_EARLY
    held_back = fallen or (waits and deciding["reticulocytes"] is not Verdict.ADEQUATE)
    said = set(deciding.values()) - ({Verdict.ADEQUATE} if held_back else set())
    for verdict in (Verdict.INADEQUATE, Verdict.ADEQUATE, Verdict.TOO_EARLY):
        if verdict in said:
            return verdict
    return Verdict.CANNOT_JUDGE


_LOCAL = "local policy"
_SUMMARIES = "secondary summaries only; local policy"
_JUDGES: dict[str, tuple[Callable[[Case, str], Said], str, bool, bool]] = {
    "haemoglobin": (haemoglobin, f"{_LOCAL}; Stabler, NEJM 2013", True, True),
    "reticulocytes": (
        reticulocytes,
        "NHS Lothian RefHelp, B12 deficiency; US FDA label, cyanocobalamin injection",
        False,
        True,
    ),
    "mcv": (mcv, _LOCAL, True, True),
    "methylmalonic_acid": (methylmalonic_acid, _LOCAL, True, True),
    "symptoms": (symptoms, _LOCAL, True, True),
    "neurological_signs": (
        symptoms,
        f"BSH guideline (Devalia), 2014; Stabler, NEJM 2013; day {_LOCAL}",
        True,
        False,
    ),
    "homocysteine": (homocysteine, "BSH guideline (Devalia), 2014", False, False),
    "ldh": (haemolysis, _SUMMARIES, True, False),
    "bilirubin": (haemolysis, _SUMMARIES, True, False),
    "platelets": (platelets, f"SmPC Neo-Cytamen (emc 9746); {_SUMMARIES}", True, False),
    "potassium": (potassium, "US FDA label, cyanocobalamin injection", False, False),
    "total_b12": (serum_b12, "NICE NG239, 2024; NHG", False, False),
    "active_b12": (serum_b12, "NICE NG239, 2024; NHG", False, False),
}

MARKERS: tuple[str, ...] = tuple(_JUDGES)
"""Every marker that can be assessed, those that decide first."""
