"""The response as small multiples on one time axis: a picture for each marker, injections as ticks under all of them.

Everything is laid out here, in numbers and path data; the template only writes it down. Colour carries nothing alone:
injections differ by shape, values known only as a bound are triangles, what is expected is an area with a dashed
edge, its limit a dashed line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from b12clinic.vocabulary import Route
from monitoring.interpretation.bands import AGE_OF_HIGHER_MMA
from monitoring.interpretation.expectations import expected_of
from monitoring.interpretation.measured import Measured
from monitoring.interpretation.symptom_trend import DOMAINS, HIGHEST, Scores
from monitoring.presenters.words import test_in_words, unit_on_screen
from regimens.presenters.time_axis import LEFT, RIGHT, WIDTH, Tick, TimeAxis
from regimens.protocols.situation import Situation
from regimens.queries.chart import Chart

_EDGE = 12.0
HEIGHT, TOP, BOTTOM, STRIP, LABELS = 132, 10.0, 92.0, 104.0, 124
SERUM_B12 = "total_b12"
MARKERS = (
    "haemoglobin",
    "mcv",
    "reticulocytes",
    "platelets",
    "potassium",
    SERUM_B12,
    "methylmalonic_acid",
    "homocysteine",
)
DECIDING = ("haemoglobin", "mcv", "methylmalonic_acid")
"""What decides whether the response is adequate, besides reticulocytes in the first days and symptoms."""
NOT_A_MARKER = "On treatment: not a response marker"
KIDNEYS = "eGFR below 60: may be raised without a deficiency"
DASHES = {"fatigue": "", "numbness": "6 2", "balance": "2 2", "cognition": "8 2 2 2"}
DRAWN = {
    "fatigue": "unbroken line",
    "numbness": "long dashes",
    "balance": "short dashes",
    "cognition": "a long dash and a short one in turn",
}
"""How the line of each domain looks, for whoever cannot be shown it."""
KEY = (
    "Under each picture a stroke is an injection given, a filled triangle one given late, a cross one missed. An open "
    "triangle is a value known only as below (pointing down) or above (pointing up). A dashed line is the limit expected, "
    "the grey area the days from which it is. Local policy where no guideline gives the figure."
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a marker should lie from a day on: at or above `low`, at or below `high`, in the canonical unit."""

    from_day: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Values of one marker against the height of its picture."""

    low: float
    high: float

    def y(self, value: float) -> float:
        """Where a value stands; one off the scale stands at its edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(BOTTOM - (BOTTOM - TOP) * share, 1)


def response_picture(
    chart: Chart,
    situation: Situation,
    scores: Sequence[Scores],
    axis: TimeAxis,
    markers: Sequence[str] = MARKERS,
) -> dict[str, Any]:
    """The pictures of these markers that have a value to draw, in their order, symptoms last."""
    targets = targets_of(situation)
    charts = [_marker(name, situation, targets.get(name), axis) for name in markers]
    charts.append(_symptoms(scores, axis))
    return {
        "width": str(WIDTH),
        "height": str(HEIGHT),
        "frame": f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" + "".join(f"M{t.x} {BOTTOM}v3" for t in axis.ticks),
        "ticks": [_tick(tick) for tick in axis.ticks],
        "doses": dose_ticks(chart, axis),
        "key": KEY,
        "charts": [one for one in charts if one is not None],
        "empty": [test_in_words(n) for n, one in zip(markers, charts, strict=False) if one is None],
    }


def _tick(tick: Tick) -> dict[str, str]:
    anchor = "start" if tick.x < LEFT + _EDGE else ("end" if tick.x > RIGHT - _EDGE else "middle")
    return {"x": str(tick.x), "y": str(LABELS), "anchor": anchor, "label": tick.label}


def targets_of(situation: Situation) -> dict[str, Target]:
    """What the policy and the guideline expect of each marker, by the figures that the verdicts are reached with."""
    policy, upper, age = situation.policy, situation.pack.mma_upper, situation.facts.age
    mma = upper.below_65 if age is not None and age < AGE_OF_HIGHER_MMA else upper.from_65
    return {
        "haemoglobin": Target(policy.hb_normal_day, low=float(situation.reading.hb_limit)),
        "mcv": Target(policy.mcv_normal_day, high=float(policy.mcv_high)),
        "platelets": Target(14, low=float(policy.platelets_low), high=float(policy.platelets_high)),
        "potassium": Target(0, low=float(policy.potassium_low)),
        "methylmalonic_acid": Target(policy.mma_normal_day, high=float(mma)),
        "homocysteine": Target(14, high=float(policy.homocysteine_high)),
    }


def dose_ticks(chart: Chart, axis: TimeAxis) -> dict[str, Any]:
    """One path for each shape: a stroke is given, a filled triangle given late, an open cross missed; with how many."""
    on_time: list[float] = []
    late: list[float] = []
    for one in chart.injections:
        if axis.shows(one.given_on) and one.route != Route.ORAL:
            (late if one.is_late else on_time).append(axis.x(one.given_on))
    missed = [
        axis.x(dose.due_on)
        for doses in chart.owed.values()
        for dose in doses
        if dose.overdue_on <= axis.to_on and axis.shows(dose.due_on)
    ]
    top, low = STRIP - 6, STRIP + 5
    return {
        "given": "".join(f"M{x} {top}V{low}" for x in on_time),
        "late": "".join(f"M{x - 3.5:.1f} {low}h7l-3.5 -11z" for x in late),
        "missed": "".join(f"M{x - 4:.1f} {top + 1}l8 8m0 -8l-8 8" for x in missed),
        "words": f"Injections: {len(on_time)} given, {len(late)} given late, {len(missed)} missed.",
    }


def _marker(name: str, situation: Situation, target: Target | None, axis: TimeAxis) -> dict[str, Any] | None:
    read = _readable(situation.reading.results.all(name))
    shown = [one for one in read if axis.shows(one.taken_on)]
    if not shown:
        return None
    values = [float(one.number or 0) for one in shown]
    scale = _scale(values, target)
    places = [(axis.x(one.taken_on), scale.y(v), one) for one, v in zip(shown, values, strict=True)]
    notes = _notes(name, situation, shown, axis)
    unit = unit_on_screen(shown[-1].unit)
    return {
        "name": test_in_words(name),
        "unit": unit,
        "label": _label(test_in_words(name), shown, unit, notes),
        "line": _line([(x, y) for x, y, _ in places]),
        **_points(places, open_after=axis.began_on if name == SERUM_B12 else None),
        "levels": _levels(scale, target),
        "areas": _areas(name, axis, scale, target),
        "notes": notes,
        "series": [],
    }


def _readable(values: Iterable[Measured]) -> list[Measured]:
    """Numbers without a doubt about their unit, all in the unit of the last one: two units are not drawn on one scale."""
    sound = [one for one in values if one.number is not None and not one.blocked]
    return [one for one in sound if one.unit == sound[-1].unit]


def _scale(values: Sequence[float], target: Target | None) -> Scale:
    marks = [*values, *(level for level in _both(target) if level is not None)]
    low, high = min(marks), max(marks)
    room = (high - low) * 0.12 or max(abs(high) * 0.1, 1.0)
    return Scale(max(low - room, 0.0), high + room)


def _both(target: Target | None) -> tuple[float | None, ...]:
    return (target.low, target.high) if target else ()


def _line(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in places) if len(places) > 1 else ""


def _points(places: Sequence[tuple[float, float, Measured]], *, open_after: date | None) -> dict[str, str]:
    """Dots, rings for values that are no answer to treatment, triangles for values known as a bound only."""
    dots, rings, below, above = [], [], [], []
    for x, y, one in places:
        bound = one.lab.comparator or ""
        if bound.startswith("<"):
            below.append(f"M{x - 4:.1f} {y - 3:.1f}h8l-4 7z")
        elif bound.startswith(">"):
            above.append(f"M{x - 4:.1f} {y + 3:.1f}h8l-4 -7z")
        elif open_after is not None and one.taken_on > open_after:
            rings.append(f"M{x - 3:.1f} {y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0")
        else:
            dots.append(f"M{x} {y}h.01")
    return {
        "dots": "".join(dots),
        "rings": "".join(rings),
        "below": "".join(below),
        "above": "".join(above),
    }


def _levels(scale: Scale, target: Target | None) -> list[dict[str, Any]]:
    """The ends of the scale and the limits, each with its figure; one too close to a limit gives way to it."""
    limits = [level for level in _both(target) if level is not None]
    taken = [scale.y(level) for level in limits]
    ends = [end for end in (scale.low, scale.high) if all(abs(scale.y(end) - y) > 12 for y in taken)]
    return [{"y": str(scale.y(level)), "text": _figure(level)} for level in (*limits, *ends)]


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 20 or value == int(value) else f"{value:.1f}"


def _areas(name: str, axis: TimeAxis, scale: Scale, target: Target | None) -> str:
    """What is expected: the level from its day on, and where no level is given, the days of the expected change."""
    if target is not None:
        left = axis.x_of_day(target.from_day)
        top = scale.y(target.high) if target.high is not None else TOP
        bottom = scale.y(target.low) if target.low is not None else BOTTOM
        areas = [(left, RIGHT, top, bottom)] if axis.last_day >= target.from_day else []
    else:
        spans = [
            (one.from_day, axis.last_day if one.to_day is None else one.to_day) for one in expected_of(name)
        ]
        areas = [(axis.x_of_day(a), axis.x_of_day(b), TOP, BOTTOM) for a, b in spans if a <= axis.last_day]
    limits = "".join(f"M{LEFT} {scale.y(level)}H{RIGHT}" for level in _both(target) if level is not None)
    return limits + "".join(
        f"M{x} {top}H{max(right, x + 1):.1f}V{bottom}H{x}z"
        for x, right, top, bottom in areas
        if right > LEFT and bottom > top
    )


def _notes(name: str, situation: Situation, shown: Sequence[Measured], axis: TimeAxis) -> list[str]:
    if name == SERUM_B12 and any(one.taken_on > axis.began_on for one in shown):
        return [NOT_A_MARKER]
    if name == "methylmalonic_acid" and not situation.reading.diagnosis.mma_reliable:
        return [KIDNEYS]
    return []


def _label(name: str, shown: Sequence[Measured], unit: str, notes: Sequence[str]) -> str:
    first, last = shown[0], shown[-1]
    span = f"{len(shown)} values, from {_said(first, unit)} to {_said(last, unit)}"
    return ". ".join((f"{name}: {span if len(shown) > 1 else _said(last, unit)}", *notes))


def _said(one: Measured, unit: str) -> str:
    number = one.number if one.number is not None else Decimal(0)
    return f"{one.lab.comparator or ''}{_figure(float(number))} {unit} on {one.taken_on.day} {one.taken_on:%b %Y}"


def _symptoms(scores: Sequence[Scores], axis: TimeAxis) -> dict[str, Any] | None:
    shown = [one for one in scores if axis.shows(one.on)]
    if not shown:
        return None
    scale = Scale(0, HIGHEST)
    series = [
        {
            "name": label,
            "dashes": DASHES[domain],
            "drawn": DRAWN[domain],
            "line": _line([(axis.x(one.on), scale.y(one.of(domain))) for one in shown]),
        }
        for domain, label in DOMAINS.items()
    ]
    dots = "".join(f"M{axis.x(one.on)} {scale.y(one.of(domain))}h.01" for one in shown for domain in DOMAINS)
    last = shown[-1]
    return {
        "name": "Symptoms",
        "unit": "0 none, 10 the worst imaginable",
        "label": f"Symptoms: scored {len(shown)} times, last on {last.on.day} {last.on:%b %Y}: {last.in_words()}",
        "line": "",
        "dots": dots,
        "rings": "",
        "below": "",
        "above": "",
        "levels": [{"y": str(scale.y(end)), "text": str(end)} for end in (0, 5, HIGHEST)],
        "areas": "",
        "notes": [],
        "series": series,
    }
