"""The response to treatment as a PDF: the page's pictures, words and figures, in black and white."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from b12clinic.accounts.models import Clinic
from b12clinic.paper import Printed, typeset

PAPER = Path(__file__).with_name("response_paper.typ").read_bytes()


def response_on_paper(clinic: Clinic, said: Mapping[str, Any], at: datetime) -> Printed:
    """The PDF of what the presenter says. Raises NotOnPaper."""
    return typeset(PAPER, said, at, what="response", clinic_id=clinic.pk)
