"""The due list in words: every row arrives preformatted, so that the template only prints."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from b12clinic.vocabulary import Allergen, Side, Site
from regimens.presenters.words import day, dose_count, drug_line, standing
from regimens.queries.due_list import Asked, Band, DueDose

ASKS = ("as_of", "band", "q", "after")
BAND_LABELS = {Band.OVERDUE: "Overdue", Band.TODAY: "Due today", Band.WEEK: "Next 7 days"}
# The rows of a page share a few days and drugs: each is put into words once.
_day, _drug_line = lru_cache(maxsize=4096)(day), lru_cache(maxsize=256)(drug_line)
_SITES = {site.value: site.label for site in Site}
_SIDES = {side.value: side.label.lower() for side in Side}


@dataclass(frozen=True, slots=True)
class DueRow:
    """One row of the list, each field a text ready to print."""

    name: str
    chart_url: str
    born: str
    identifier: str
    allergies: str
    status: str
    standing: str
    due: str
    window: str
    count: str
    drug: str
    neurological: bool
    last: str
    given_url: str
    not_given_url: str


def rows_of(doses: list[DueDose], as_of: date, back: str = "") -> list[DueRow]:
    """The rows of a page, in the order of the query; `back` is what the list was asked, carried to the record page."""
    chart, given, not_given = _addresses()
    if back:
        given, not_given = f"{given}?{back}", f"{not_given}?{back}"
    return [_row(dose, as_of, chart, given, not_given) for dose in doses]


def _addresses() -> tuple[str, str, str]:
    """The three addresses of a row with a place for the id: resolved once a page, not once a row."""
    zero = "00000000-0000-0000-0000-000000000000"
    names = ("regimens:chart", "regimens:record_given", "regimens:record_not_given")
    chart, given, not_given = (reverse(name, args=[zero]).replace(zero, "{}") for name in names)
    return chart, given, not_given


def _row(dose: DueDose, as_of: date, chart: str, given: str, not_given: str) -> DueRow:
    status, words = standing(dose.due_on, dose.overdue_on, as_of)
    return DueRow(
        name=dose.patient_name,
        chart_url=chart.format(dose.patient_public_id),
        born=f"{dose.born_on.day} {dose.born_on:%b %Y}",
        identifier=dose.identifier,
        allergies=", ".join(Allergen.label_of(substance) for substance in dose.allergies),
        status=status,
        standing=words,
        due=f"due {_day(dose.due_on, as_of)}",
        window=f"window {_day(dose.earliest_on, as_of)} to {_day(date.fromordinal(dose.overdue_on.toordinal() - 1), as_of)}",
        count=dose_count(dose.kind, dose.number, dose.doses_wanted),
        drug=_drug_line(dose.drug, dose.dose_mcg, dose.route),
        neurological=dose.neurological,
        last=_last(dose, as_of),
        given_url=given.replace("{}", str(dose.public_id), 1),
        not_given_url=not_given.replace("{}", str(dose.public_id), 1),
    )


def _last(dose: DueDose, as_of: date) -> str:
    if dose.last_injection is None:
        return "None yet"
    given_on, site, side = dose.last_injection
    where = " ".join(part for part in (_SIDES.get(side, ""), _SITES.get(site, "").lower()) if part)
    return f"{_day(given_on, as_of)}{f', {where}' if where else ''}"


def tabs_of(asked: Asked, counts: dict[Band, int]) -> list[dict[str, object]]:
    """One tab for the whole list and one a band, each with its count under the same search and day."""
    whole = {
        "label": "All",
        "url": address(asked, band=None),
        "current": asked.band is None,
        "count": sum(counts.values()),
    }
    return [whole] + [
        {
            "label": BAND_LABELS[band],
            "url": address(asked, band=band),
            "current": asked.band is band,
            "count": counts[band],
        }
        for band in Band
    ]


def kept_query(query: QueryDict) -> str:
    """What the list was asked, and nothing else of a query: day, band, search and place."""
    return urlencode({key: query[key] for key in ASKS if query.get(key)})


def address(asked: Asked, *, band: Band | None, after: tuple[date, int] | None = None) -> str:
    """The list's address with everything asked in it, so that it can be shared and is never lost."""
    asks = {
        "as_of": asked.as_of.isoformat(),
        "band": band.value if band else "",
        "q": asked.text,
        "after": f"{after[0].isoformat()}.{after[1]}" if after else "",
    }
    return f"{reverse('regimens:due_list')}?{urlencode({key: value for key, value in asks.items() if value})}"
