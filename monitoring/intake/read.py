"""A laboratory's file read: what kind it is, and its rows one by one."""

from __future__ import annotations

from collections.abc import Iterator

from .csv_rows import csv_rows
from .kinds import CSV, HL7, kind_of, text_of
from .rows import LabRow, Layout, RowError


def rows_of(content: bytes, layout: Layout) -> tuple[str, Iterator[LabRow | RowError]]:
    """(kind, rows). The rows come one at a time, so that memory stays flat; FileRefused may come with any of them."""
    kind = kind_of(content)
    if kind == CSV:
        return kind, csv_rows(text_of(content, layout.encoding), layout)
    if kind == HL7:
        from .hl7_rows import hl7_rows

        return kind, hl7_rows(content, layout)
    from .fhir_rows import fhir_rows

    return kind, fhir_rows(content, layout)
