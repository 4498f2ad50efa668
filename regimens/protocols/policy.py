"""The figures that a clinic may set: each with its unit, its meaning and where the default comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

LOCAL_POLICY = "local policy"

_RULES = "evidence section 6"
_LATE = "evidence section 8"
_RESPONSE = "evidence section 4"
_MODEL = "evidence section 1d"


def _figure(default: int | str, unit: str, meaning: str, section: str, source: str = LOCAL_POLICY) -> Any:
    value = Decimal(default) if isinstance(default, str) else default
    about = {"unit": unit, "meaning": meaning, "section": section, "source": source}
    return field(default=value, metadata=about)


@dataclass(frozen=True, slots=True)
class Policy:
    """The figures in force for a clinic. Whole counts are `int`, measured thresholds `Decimal` in the analyte's own unit.

    `source` in a field's metadata is "local policy" where no guideline gives the figure, else the guideline.
    """

    # Who is planned for
    minimum_age_years: int = _figure(18, "years", "youngest age planned for (a site may set 16)", _RULES)

    # Schedules
    uk_maintenance_months: int = _figure(
        3, "months", "UK maintenance without neurological signs (2 or 3)", "evidence section 5a"
    )
    weeks_booked_per_month: int = _figure(
        0, "weeks", "0 books calendar months, 4 books every 2 or 3 months as 8 or 12 weeks", _MODEL
    )
    label_daily_doses: int = _figure(
        7, "doses", "daily doses of the US label's first step (6 or 7)", _MODEL, "US FDA label"
    )
    neuro_horizon_doses: int = _figure(11, "doses", "doses shown of an open alternate-day phase", _MODEL)
    twice_weekly_horizon_doses: int = _figure(4, "doses", "doses shown of an open twice-weekly phase", _MODEL)
    maintenance_horizon_doses: int = _figure(2, "doses", "doses shown of a maintenance phase", _MODEL)
    neuro_review_day: int = _figure(21, "days", "neurological review of an open phase", _MODEL)
    neuro_extension_min_days: int = _figure(14, "days", "shortest extension at a neurological review", _MODEL)
    neuro_extension_max_days: int = _figure(21, "days", "longest extension at a neurological review", _MODEL)
    need_review_months: int = _figure(
        12, "months", "between two reviews of whether treatment is still needed", "evidence section 1b"
    )
    longest_pause_days: int = _figure(183, "days", "longest pause of a regimen that ends by itself", _LATE)

    # Dose and frequency
    minimum_hours_between_doses: int = _figure(20, "hours", "shortest time between two injections", _RULES)
    minimum_hours_alternate_day: int = _figure(24, "hours", "shortest time in an alternate-day course", _LATE)
    dose_warn_above_mcg: int = _figure(1000, "mcg", "a single injection above this warns", _RULES)
    dose_block_above_mcg: int = _figure(2000, "mcg", "a single injection above this blocks", _RULES)
    daily_max_days: int = _figure(14, "days", "daily injections for longer than this warn", _RULES)
    alternate_day_max_days: int = _figure(21, "days", "alternate days without review for longer warn", _RULES)
    maintenance_min_days: int = _figure(28, "days", "maintenance closer than this needs a reason", _RULES)

    # On-time windows and what follows a late dose
    every_other_day_window_days: int = _figure(
        1, "days", "either side, alternate days or three a week", _LATE
    )
    weekly_window_days: int = _figure(2, "days", "either side, weekly", _LATE)
    monthly_early_days: int = _figure(7, "days", "early, monthly", _LATE)
    monthly_late_days: int = _figure(7, "days", "late, monthly", _LATE)
    two_monthly_early_days: int = _figure(7, "days", "early, every 2 months", _LATE)
    two_monthly_late_days: int = _figure(14, "days", "late, every 2 months", _LATE)
    three_monthly_early_days: int = _figure(14, "days", "early, every 3 months", _LATE)
    three_monthly_late_days: int = _figure(14, "days", "late, every 3 months", _LATE)
    loading_gap_review_neuro_days: int = _figure(
        7, "days", "loading gap that asks for review, neurological", _LATE
    )
    loading_gap_review_days: int = _figure(14, "days", "loading gap that asks for review", _LATE)
    weekly_gap_review_days: int = _figure(21, "days", "weekly gap that asks for review", _LATE)
    maintenance_review_intervals: int = _figure(2, "intervals", "maintenance gap that asks for review", _LATE)
    maintenance_restart_intervals: int = _figure(
        3, "intervals", "maintenance gap that suggests loading again", _LATE
    )
    maintenance_restart_months: int = _figure(
        12, "months", "maintenance gap that suggests loading again", _LATE
    )
    long_overdue_neuro_loading_days: int = _figure(
        7, "days", "days past due from which a neurological loading dose is long overdue", _LATE
    )
    long_overdue_loading_days: int = _figure(
        14, "days", "days past due from which a dose of another loading or taper is long overdue", _LATE
    )
    long_overdue_maintenance_days: int = _figure(
        28, "days", "days past due from which a maintenance dose is long overdue", _LATE
    )

    # Calls about a dose that is overdue
    call_again_open_days: int = _figure(
        1, "open days", "somebody not reached is called again after this, where no day was set", _LATE
    )

    # Haemoglobin, potassium, platelets, clotting
    severe_anaemia_hb: Decimal = _figure("80", "g/L", "severe anaemia below this", _RULES, "WHO 2011, 2024")
    transfusion_hb: Decimal = _figure(
        "70", "g/L", "transfusion is weighed below this", _RULES, "BSH; NICE NG24"
    )
    hypokalaemia_hb: Decimal = _figure("80", "g/L", "potassium is watched below this", _RULES)
    hypokalaemia_hct: Decimal = _figure("25", "%", "potassium is watched below this", _RULES)
    hypokalaemia_hb_with_risk: Decimal = _figure("100", "g/L", "the same, with a further risk", _RULES)
    potassium_low: Decimal = _figure("3.5", "mmol/L", "low potassium", _RULES)
    potassium_same_day: Decimal = _figure("3.0", "mmol/L", "low potassium, same day", _RULES)
    potassium_hospital: Decimal = _figure("2.5", "mmol/L", "low potassium, first dose in hospital", _RULES)
    platelets_bar_im: Decimal = _figure("25", "10*9/L", "no intramuscular injection below this", _RULES)
    platelets_warn: Decimal = _figure("50", "10*9/L", "prolonged pressure below this", _RULES)
    platelets_low: Decimal = _figure("150", "10*9/L", "low platelets below this", _RULES)
    platelets_high: Decimal = _figure(
        "450", "10*9/L", "thrombocytosis above this", _RULES, "Neo-Cytamen SmPC"
    )
    thrombocytosis_weeks: int = _figure(8, "weeks", "the first weeks of treatment, for platelets", _RULES)
    inr_limit: Decimal = _figure("3.0", "", "INR limit where the target range is unknown", _RULES)
    white_cells_low: Decimal = _figure("4.0", "10*9/L", "low white cells below this", _RULES)
    neutrophils_low: Decimal = _figure("1.5", "10*9/L", "low neutrophils below this", _RULES)
    haematocrit_high_men: Decimal = _figure("52", "%", "high haematocrit above this, men", _RULES)
    haematocrit_high_women: Decimal = _figure("48", "%", "high haematocrit above this, women", _RULES)
    anaemia_women: Decimal = _figure("120", "g/L", "anaemia below this, women", _RULES, "WHO 2011, 2024")
    anaemia_men: Decimal = _figure("130", "g/L", "anaemia below this, men", _RULES, "WHO 2011, 2024")
    anaemia_pregnant: Decimal = _figure(
        "110", "g/L", "anaemia below this, pregnant", _RULES, "WHO 2011, 2024"
    )
    mcv_low: Decimal = _figure("80", "fL", "normocytic from this", _RULES)
    mcv_high: Decimal = _figure("100", "fL", "normocytic up to this", _RULES)

    # Metabolites, kidneys, folate, iron
    homocysteine_high: Decimal = _figure("15", "umol/L", "raised above this", _RULES, "Stabler, NEJM 2013")
    egfr_mma_reliable: Decimal = _figure(
        "60", "mL/min/{1.73_m2}", "MMA is unreliable below this", _RULES, "LabCorp"
    )
    egfr_ckd_anaemia: Decimal = _figure(
        "45", "mL/min/{1.73_m2}", "anaemia of kidney disease below this", _RULES
    )
    egfr_aluminium: Decimal = _figure(
        "30", "mL/min/{1.73_m2}", "aluminium from vials matters below this", _RULES
    )
    folate_low_mass: Decimal = _figure("3", "ug/L", "low serum folate below this", _RULES, "BSH 2014")
    folate_low_molar: Decimal = _figure("7", "nmol/L", "low serum folate below this", _RULES, "BSH 2014")
    ferritin_low: Decimal = _figure("30", "ug/L", "low ferritin below this", _RULES)
    folic_acid_mg_per_day: Decimal = _figure(
        "0.1", "mg/day", "folic acid above this may mask", _RULES, "US FDA label"
    )

    # What makes a result unreliable
    recent_injection_months: int = _figure(
        4, "months", "B12 is not read this long after an injection", "evidence section 2c"
    )
    recent_oral_weeks: int = _figure(
        4, "weeks", "B12 is not read this long after oral B12", "evidence section 2c"
    )
    antibody_after_injection_days: int = _figure(
        14, "days", "intrinsic factor antibody is not read this long after an injection", _RULES, "Mayo IFBA"
    )

    # Needle length for the deltoid
    long_needle_women_kg: Decimal = _figure(
        "90", "kg", "38 mm needle above this, women", "evidence section 7", "ACIP"
    )
    long_needle_men_kg: Decimal = _figure(
        "118", "kg", "38 mm needle above this, men", "evidence section 7", "ACIP"
    )

    # Response to treatment, days counted from the first dose
    reticulocytes_from_day: int = _figure(
        7, "days", "reticulocytes should have risen from", _RESPONSE, "NHS Lothian"
    )
    reticulocytes_to_day: int = _figure(
        10, "days", "reticulocytes are judged up to", _RESPONSE, "NHS Lothian"
    )
    reticulocytes_hct: Decimal = _figure(
        "35", "%", "low haematocrit for the reticulocyte rule", _RESPONSE, "US FDA label"
    )
    hb_rise_g_per_l: Decimal = _figure("10", "g/L", "smallest rise of haemoglobin", _RESPONSE)
    hb_rise_from_day: int = _figure(14, "days", "the rise of haemoglobin is judged from", _RESPONSE)
    hb_normal_day: int = _figure(56, "days", "haemoglobin should be normal from", _RESPONSE)
    mcv_normal_day: int = _figure(90, "days", "MCV should be normal from", _RESPONSE)
    mma_normal_day: int = _figure(56, "days", "methylmalonic acid should be normal from", _RESPONSE)
    symptoms_day: int = _figure(90, "days", "symptoms should have changed from", _RESPONSE)
    pathway_result_days: int = _figure(
        180, "days", "a result counts so long where symptoms go on with a B12 that is not low", _RESPONSE
    )
    symptom_change_points: int = _figure(2, "points", "a symptom score has changed from this much", _RESPONSE)
    symptom_goes_on_points: int = _figure(
        2, "points", "a symptom goes on at a review from this score", _RESPONSE
    )
    neurological_worse_points: int = _figure(
        2, "points", "numbness or balance up by this much raises an alert", _RESPONSE
    )

    def to_dict(self) -> dict[str, int | str]:
        """A JSON-safe snapshot; decimals travel as text so that nothing is rounded."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """The policy of a snapshot. A figure that it does not name keeps its default; an unknown name is a ValueError."""
        known = {one.name: one.default for one in fields(cls)}
        unknown = sorted(set(data) - set(known))
        if unknown:
            raise ValueError(f"not a policy figure: {', '.join(unknown)}")
        figures: dict[str, Any] = {name: _as_figure(name, value, known[name]) for name, value in data.items()}
        return cls(**figures)

    def is_local(self, name: str) -> bool:
        """Whether the figure is the clinic's own: no guideline stands behind its default, or the clinic changed it."""
        about = _ABOUT[name]
        return about.metadata["source"] == LOCAL_POLICY or getattr(self, name) != about.default


def _as_figure(name: str, value: Any, default: Any) -> int | Decimal:
    if isinstance(default, Decimal):
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            raise ValueError(f"{name}: expected a decimal figure, got {value!r}")
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name}: expected a whole number, got {value!r}")
    return value


_ABOUT = {one.name: one for one in fields(Policy)}

DEFAULT = Policy()
