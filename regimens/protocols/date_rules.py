"""The rules by which a planned dose stands on its day."""

from __future__ import annotations

from enum import StrEnum


class DateRule(StrEnum):
    """One step from a protocol to a date. The first six place a dose, the others bear on where it stands then."""

    FIRST_DAY = "first_day"
    PHASE_STEP = "phase_step"
    INTERVAL = "interval"
    COURSE_GOES_ON = "course_goes_on"
    FROM_TODAY = "from_today"
    PATTERN_AGAIN = "pattern_again"
    CLINICIANS_DAY = "clinicians_day"
    LATE_DOSE = "late_dose"
    CALENDAR_MONTHS = "calendar_months"
    OPEN_DAY = "open_day"
    FULL_DAY = "full_day"
    EMPTIER_DAY = "emptier_day"
    MINIMUM_GAP = "minimum_gap"
    ROLLING_HORIZON = "rolling_horizon"
    CHECK_GATE = "check_gate"
