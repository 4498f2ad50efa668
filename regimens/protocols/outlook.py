"""The stores outlook: what a list of doses may add to the body's B12, as a band, always an estimate.

The published figures are few and their spread is wide, so the answer is a low and a high figure, never one line; it is
no target and no reason to change a dose (evidence section 4a). A dose whose size has no published retention is not
interpolated: the whole outlook then says "no published figure".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from b12clinic.vocabulary import Drug, Route
from regimens.protocols.pack import Citation, Standing

_TITLE = "How I treat cobalamin (vitamin B12) deficiency (Blood 112:2214)"
_CARMEL = Citation("Carmel", _TITLE, "retention", 2008, Standing.KNOWN)
_CARMEL_STORES = Citation("Carmel", _TITLE, "body stores", 2008, Standing.KNOWN)
_LABEL = Citation("FDA label", "Cyanocobalamin injection", "clinical pharmacology", None, Standing.KNOWN)
_HANDBOOK = Citation("Legemiddelhåndboka", "Vitamin B12", "L4.1.2.1", None, Standing.SEEN)
_PHYSIOLOGY = Citation("Physiology", "Textbooks of cobalamin physiology", "daily loss", None, Standing.KNOWN)


@dataclass(frozen=True, slots=True)
class Figure:
    """A published range with its unit and source, as it is shown beside the outlook."""

    meaning: str
    low: Decimal
    high: Decimal
    unit: str
    citation: Citation

    @property
    def spoken(self) -> str:
        """`retained of …: 10 to 20 % (Carmel 2008, retention)`."""
        span = f"{self.low}" if self.low == self.high else f"{self.low} to {self.high}"
        return f"{self.meaning}: {span} {self.unit} ({self.citation.spoken})"


def _retained(drug: Drug, dose_mcg: int, low: int, high: int, citation: Citation) -> Figure:
    meaning = f"retained of {dose_mcg} mcg {drug.label.lower()} by injection"
    return Figure(meaning, Decimal(low), Decimal(high), "%", citation)


def _taken_up(dose_mcg: int) -> Figure:
    meaning = f"taken up passively of {dose_mcg} mcg cyanocobalamin by mouth"
    return Figure(meaning, Decimal(1), Decimal(1), "%", _HANDBOOK)


RETENTION: dict[tuple[Drug, Route, int], Figure] = {
    (Drug.CYANOCOBALAMIN, Route.IM, 100): _retained(Drug.CYANOCOBALAMIN, 100, 50, 90, _LABEL),
    (Drug.CYANOCOBALAMIN, Route.IM, 1000): _retained(Drug.CYANOCOBALAMIN, 1000, 10, 20, _CARMEL),
    (Drug.HYDROXOCOBALAMIN, Route.IM, 1000): _retained(Drug.HYDROXOCOBALAMIN, 1000, 25, 30, _CARMEL),
    (Drug.CYANOCOBALAMIN, Route.ORAL, 1000): _taken_up(1000),
    (Drug.CYANOCOBALAMIN, Route.ORAL, 2000): _taken_up(2000),
}
"""Retained per dose. The 100 mcg figure is the cyanocobalamin label's, so it does not speak for hydroxocobalamin; none
speaks for a depot, which a caller leaves out."""

REPLETE = Figure("body stores when replete", Decimal(2000), Decimal(5000), "mcg", _CARMEL_STORES)
DAILY_LOSS = Figure("daily loss", Decimal("0.1"), Decimal("0.2"), "% of stores", _PHYSIOLOGY)

_ESTIMATE = "An estimate, not a target and no reason to change a dose."


@dataclass(frozen=True, slots=True)
class OutlookDose:
    """One dose on a day counted from day 0."""

    drug: Drug
    dose_mcg: int
    day: int
    route: Route = Route.IM

    def __post_init__(self) -> None:
        if self.day < 0:
            raise ValueError("A dose is counted from day 0 on.")

    @property
    def retention(self) -> Figure | None:
        """What is published for exactly this drug, route and size; None where nothing is."""
        return RETENTION.get((self.drug, self.route, self.dose_mcg))

    @property
    def spoken(self) -> str:
        return f"{self.dose_mcg} mcg {self.drug.label.lower()} ({self.route.label.lower()})"


@dataclass(frozen=True, slots=True)
class Stores:
    """Body stores in mcg at the start, as a range. Raises ValueError where it is none."""

    low_mcg: int
    high_mcg: int

    def __post_init__(self) -> None:
        if not 0 <= self.low_mcg <= self.high_mcg:
            raise ValueError("Stores are a range from 0 up, the lower figure first.")


@dataclass(frozen=True, slots=True)
class Outlook:
    """The band at the end of each day, in whole mcg, with the figures it rests on.

    Without a published figure for every dose, `days`, `low_mcg` and `high_mcg` are empty and `words` says for which.
    """

    days: tuple[int, ...]
    low_mcg: tuple[int, ...]
    high_mcg: tuple[int, ...]
    figures: tuple[Figure, ...]
    words: str

    @property
    def is_known(self) -> bool:
        return bool(self.days)


def outlook(doses: Sequence[OutlookDose], *, until_day: int, start_stores: Stores | None = None) -> Outlook:
    """What `doses` up to `until_day` leave in the body, less the daily loss.

    start_stores: the stores on day 0; None: not known, and only what the doses add is counted. The low figures take the
    low retention and the high loss, the high figures the reverse. Raises ValueError for a day before day 0.
    """
    if until_day < 0:
        raise ValueError("An outlook reaches to day 0 or later.")
    counted = [dose for dose in doses if dose.day <= until_day]
    unknown = sorted({dose.spoken for dose in counted if dose.retention is None})
    if unknown:
        return _no_figure(unknown)
    return _estimate(counted, until_day, start_stores)


def _no_figure(unknown: Sequence[str]) -> Outlook:
    words = f"No estimate: there is no published figure for what is retained of {', '.join(unknown)}."
    return Outlook((), (), (), (), words)


def _estimate(doses: Sequence[OutlookDose], until_day: int, start: Stores | None) -> Outlook:
    begun = start or Stores(0, 0)
    gains = [(dose.day, dose.dose_mcg, dose.retention) for dose in doses if dose.retention is not None]
    lows = [(day, size * figure.low / 100) for day, size, figure in gains]
    highs = [(day, size * figure.high / 100) for day, size, figure in gains]
    low = tuple(_course(begun.low_mcg, lows, DAILY_LOSS.high, until_day))
    high = tuple(_course(begun.high_mcg, highs, DAILY_LOSS.low, until_day))
    used = dict.fromkeys(figure for _, _, figure in gains)
    words = _words(until_day, low[-1], high[-1], start)
    return Outlook(tuple(range(until_day + 1)), low, high, (*used, DAILY_LOSS, REPLETE), words)


def _course(
    start_mcg: int, gains: Sequence[tuple[int, Decimal]], loss_percent: Decimal, until_day: int
) -> Iterator[int]:
    """The stores at the end of each day: what was there less a day's loss, and the day's doses whole."""
    kept = 1 - loss_percent / 100
    stores = Decimal(start_mcg)
    gained: dict[int, Decimal] = {}
    for on, gain in gains:
        gained[on] = gained.get(on, Decimal(0)) + gain
    for day in range(until_day + 1):
        stores = (stores * kept if day else stores) + gained.get(day, Decimal(0))
        yield int(stores.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def _words(until_day: int, low: int, high: int, start: Stores | None) -> str:
    counted = (
        f"from stores of {start.low_mcg:,} to {start.high_mcg:,} mcg at the start"
        if start
        else "counting only what the doses add, since the stores at the start are not known"
    )
    return (
        f"On day {until_day} about {low:,} to {high:,} mcg, {counted}; replete stores are {REPLETE.low:,} to"
        f" {REPLETE.high:,} mcg. {_ESTIMATE}"
    )
