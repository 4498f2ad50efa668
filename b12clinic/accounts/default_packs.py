"""The guideline packs that a clinic may put first. Whoever keeps the packs offers them; accounts stand below and ask."""

from collections.abc import Callable, Iterable

Choices = Iterable[tuple[str, str]]

_OFFERED: list[Callable[[], Choices]] = []


def offers_packs(read: Callable[[], Choices]) -> Callable[[], Choices]:
    """Register a function that lists packs as code and name; it is called when a form asks."""
    if read not in _OFFERED:
        _OFFERED.append(read)
    return read


def pack_choices() -> list[tuple[str, str]]:
    """Every pack on offer, as code and name."""
    return [choice for read in _OFFERED for choice in read()]
