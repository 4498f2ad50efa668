"""The public holidays of a country or one of its regions, as the `holidays` library knows them. Plain Python."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from holidays.registry import COUNTRIES

ENGLISH = ("en_GB", "en_US")


@dataclass(frozen=True, slots=True)
class PublicHoliday:
    """A day and what is kept on it."""

    on: date
    name: str


class UnknownPlace(ValueError):
    """A country or region that has no list of holidays."""


@lru_cache(maxsize=1)
def countries() -> tuple[tuple[str, str], ...]:
    """Every country with a list, as code and English name, by name."""
    named = ((about[1], key.replace("_", " ").title()) for key, about in COUNTRIES.items())
    return tuple(sorted(named, key=lambda country: country[1]))


@lru_cache(maxsize=64)
def regions(country: str) -> tuple[tuple[str, str], ...]:
    """The regions of a country whose holidays differ, as code and name; none for a country without any."""
    if country not in dict(countries()):
        return ()
    place = holidays.country_holidays(country)
    aliases = place.get_subdivision_aliases()
    return tuple(
        (code, aliases.get(code, [code])[0] if aliases.get(code) else code) for code in place.subdivisions
    )


def public_holidays(country: str, region: str, year: int) -> tuple[PublicHoliday, ...]:
    """The public holidays of one year in order, named in English where the list offers it. Raises UnknownPlace."""
    if country not in dict(countries()) or (region and region not in dict(regions(country))):
        raise UnknownPlace(f"There is no list of public holidays for {country} {region}".strip() + ".")
    found = holidays.country_holidays(
        country, subdiv=region or None, years=year, language=_language_of(country)
    )
    return tuple(PublicHoliday(on=on, name=name) for on, name in sorted(found.items()) if on.year == year)


@lru_cache(maxsize=64)
def _language_of(country: str) -> str | None:
    offered = holidays.list_localized_countries(include_aliases=False).get(country, [])
    return next((language for language in ENGLISH if language in offered), None)
