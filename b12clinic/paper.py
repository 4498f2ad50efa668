"""Paper: what is said, set by a typst page as one PDF with tags for whoever reads by ear."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import typst
from structlog import get_logger

from b12clinic.jobs.trace import trace_of

log = get_logger(__name__)


class NotOnPaper(RuntimeError):
    """The PDF cannot be made."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The PDF. `accessible`: it keeps to PDF/UA-1, which also means that no sign in it lacked a font."""

    content: bytes
    accessible: bool


def typeset(page: bytes, said: Mapping[str, Any], at: datetime, *, what: str, clinic_id: int) -> Printed:
    """`said`, which the page reads as JSON and never as markup, as one PDF; what: its name in the log. Raises NotOnPaper."""
    text = json.dumps(said)
    try:
        return Printed(_pdf(page, text, at, accessible=True), accessible=True)
    except typst.TypstError as error:
        # What it complains of may be somebody's name, so only where it failed is told.
        log.warning(f"{what}.not_accessible", clinic_id=clinic_id, where=trace_of(error))
    try:
        return Printed(_pdf(page, text, at, accessible=False), accessible=False)
    except typst.TypstError as error:
        log.error(f"{what}.not_on_paper", clinic_id=clinic_id, where=trace_of(error))
        raise NotOnPaper(f"The {what} cannot be put on paper; the product's log says more.") from None


def _pdf(page: bytes, text: str, at: datetime, *, accessible: bool) -> bytes:
    return typst.compile(
        page,
        sys_inputs={"said": text},
        pdf_standards="ua-1" if accessible else [],
        timestamp=int(at.timestamp()),
    )
