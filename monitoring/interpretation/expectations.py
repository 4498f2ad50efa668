"""What is expected of each marker, counted in days from the first dose (evidence section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

LOCAL = "local policy"


class Mark(Enum):
    """How well a statement is founded: read in its source, known from a published source, or the clinic's own figure."""

    SEEN = "seen"
    KNOWN = "known"
    LOCAL = "local policy"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What should happen to a marker between two days of a course, both counted; `to_day` None: no end is given."""

    marker: str
    from_day: int
    to_day: int | None
    what: str
    source: str
    mark: Mark


_PHARMACOLOGY = "clinical pharmacology text (secondary)"
_SUMMARY = "secondary summary only"
_LABEL = "US FDA label, cyanocobalamin injection"
_BSH_STABLER = "BSH guideline (Devalia), 2014; Stabler, NEJM 2013"

EXPECTED: tuple[Expectation, ...] = (
    Expectation("symptoms", 2, None, "feeling better, within days to weeks", _PHARMACOLOGY, Mark.SEEN),
    Expectation("potassium", 0, 2, "falls as new cells take it up", _LABEL, Mark.SEEN),
    Expectation("potassium", 2, 14, "is watched until it has settled", _LABEL, Mark.SEEN),
    Expectation("ldh", 7, 14, "falls", _SUMMARY, Mark.SEEN),
    Expectation("ldh", 30, None, "normal: the haemolysis is gone after about a month", _SUMMARY, Mark.SEEN),
    Expectation("bilirubin", 7, 14, "falls", _SUMMARY, Mark.SEEN),
    Expectation(
        "bilirubin", 30, None, "normal: the haemolysis is gone after about a month", _SUMMARY, Mark.SEEN
    ),
    Expectation("reticulocytes", 3, 4, "begin to rise", f"{_LABEL}; {_PHARMACOLOGY}", Mark.SEEN),
    Expectation(
        "reticulocytes", 5, 7, "peak (range day 3 to day 10)", f"{_LABEL}; {_PHARMACOLOGY}", Mark.SEEN
    ),
    Expectation("methylmalonic_acid", 1, 7, "falls from the first day on", _SUMMARY, Mark.SEEN),
    Expectation(
        "methylmalonic_acid",
        7,
        14,
        "normal (BSH: day 5 to day 10)",
        "BSH guideline (Devalia), 2014",
        Mark.KNOWN,
    ),
    Expectation("homocysteine", 1, 7, "falls from the first day on", _SUMMARY, Mark.SEEN),
    Expectation(
        "homocysteine", 7, 14, "normal (BSH: day 5 to day 10)", "BSH guideline (Devalia), 2014", Mark.KNOWN
    ),
    Expectation("haemoglobin", 7, 56, "rises, about 10 g/L a week", _PHARMACOLOGY, Mark.SEEN),
    Expectation("haemoglobin", 42, 56, "normal, whatever it began at", "Stabler, NEJM 2013", Mark.KNOWN),
    Expectation("mcv", 14, 90, "falls, about 10 fL in 3 months", _SUMMARY, Mark.SEEN),
    Expectation("mcv", 56, None, "normal after about 8 weeks", _SUMMARY, Mark.SEEN),
    Expectation("platelets", 0, 14, "recover where they were low", _SUMMARY, Mark.LOCAL),
    Expectation("platelets", 0, 56, "may overshoot for some weeks", "SmPC Neo-Cytamen (emc 9746)", Mark.SEEN),
    Expectation(
        "neurological_signs", 0, 84, "may worsen for a while before they mend", _BSH_STABLER, Mark.KNOWN
    ),
    Expectation("neurological_signs", 14, 84, "begin to mend", _BSH_STABLER, Mark.KNOWN),
    Expectation("neurological_signs", 84, 180, "most of what will be gained", _BSH_STABLER, Mark.KNOWN),
    Expectation(
        "neurological_signs",
        180,
        365,
        "may still improve, to 12 months and beyond; incomplete where they lasted more than 6 to 12 months",
        _BSH_STABLER,
        Mark.KNOWN,
    ),
)


def expected_of(marker: str) -> tuple[Expectation, ...]:
    """Everything expected of a marker, in the order of time; empty for one that is no sign of response."""
    return tuple(one for one in EXPECTED if one.marker == marker)


def begins_on(marker: str) -> int:
    """The first day on which a change of the marker may be put down to treatment."""
    return min(one.from_day for one in expected_of(marker))


def expected_on(day: int) -> tuple[Expectation, ...]:
    """What should be happening on one day of a course."""
    return tuple(one for one in EXPECTED if one.from_day <= day and (one.to_day is None or day <= one.to_day))
