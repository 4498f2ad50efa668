"""A laboratory's profile and the clinic's zone, as the plain layout that the reader of files takes."""

import hashlib
import json
from dataclasses import asdict

from b12clinic.accounts.models import Clinic
from monitoring.intake.rows import Layout
from monitoring.models import LabProfile


def layout_of(profile: LabProfile | None, clinic: Clinic) -> Layout:
    """How the file is written; without a profile, by our own headings and in UTF-8."""
    if profile is None:
        return Layout(clinic_zone=clinic.time_zone)
    return Layout(
        columns=profile.columns,
        codes=profile.codes,
        units=profile.units,
        encoding=profile.encoding,
        scheme=profile.scheme,
        day_first=profile.day_first,
        decimal_mark=profile.decimal_mark,
        zone=profile.time_zone,
        clinic_zone=clinic.time_zone,
    )


def mark_of(layout: Layout) -> str:
    """A short mark that any change of the layout changes."""
    return hashlib.sha256(json.dumps(asdict(layout), sort_keys=True).encode()).hexdigest()
