"""Anaemia and the other cell lines (evidence section 6, terms in triggers)."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from b12clinic.vocabulary import Pregnancy, Sex

from .measured import Results


class CellFigures(Protocol):
    """The limits that a blood count is read by; a clinic's policy holds them."""

    @property
    def anaemia_women(self) -> Decimal: ...
    @property
    def anaemia_men(self) -> Decimal: ...
    @property
    def anaemia_pregnant(self) -> Decimal: ...
    @property
    def white_cells_low(self) -> Decimal: ...
    @property
    def neutrophils_low(self) -> Decimal: ...
    @property
    def platelets_low(self) -> Decimal: ...


def hb_limit(sex: str, pregnancy: str, figures: CellFigures) -> Decimal:
    """Haemoglobin in g/L below which there is anaemia. With the sex unknown, the limit below which either sex has it."""
    if pregnancy == Pregnancy.PREGNANT:
        return figures.anaemia_pregnant
    return figures.anaemia_men if sex == Sex.MALE else figures.anaemia_women


def low_white_cells(results: Results, figures: CellFigures) -> bool:
    """Whether white cells or neutrophils are low."""
    return results.below("white_cells", figures.white_cells_low) or results.below(
        "neutrophils", figures.neutrophils_low
    )


def low_platelets(results: Results, figures: CellFigures) -> bool:
    """Whether platelets are low."""
    return results.below("platelets", figures.platelets_low)
