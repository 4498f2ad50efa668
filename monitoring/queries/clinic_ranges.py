"""The clinic's own ranges for results to which the laboratory gave none."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from b12clinic.vocabulary import Sex
from monitoring.interpretation.clinic_ranges import CLINIC_RANGES, ClinicRange, clinic_range
from monitoring.interpretation.units import to_canonical
from monitoring.models import Result
from monitoring.told import PREGNANT, Span

WITHOUT_RANGE = Q(reference_low__isnull=True, reference_high__isnull=True, number__isnull=False)
_OF_PREGNANCY = frozenset(
    analyte for analyte, ranges in CLINIC_RANGES.items() if any(one.pregnant for one in ranges)
)


def clinic_ranges(results: Iterable[Result]) -> dict[int, ClinicRange]:
    """By result, the range of the clinic where the laboratory gave none and there is one; `patient` has been read.

    One query at most, and only where a pregnancy would change the range.
    """
    bare = [one for one in results if _is_without_range(one)]
    pregnant = PREGNANT.of(
        {one.patient_id for one in bare if one.analyte in _OF_PREGNANCY and one.patient.sex != Sex.MALE}
    )
    found = {one.pk: _range_of(one, pregnant) for one in bare}
    return {pk: its_range for pk, its_range in found.items() if its_range is not None}


def perhaps_beyond() -> Q:
    """Results that have no range of the laboratory and may lie beyond the clinic's, whoever the patient is."""
    found = ~Q(comparator="")
    for analyte, ranges in CLINIC_RANGES.items():
        lows = [to_canonical(analyte, one.low, one.unit) for one in ranges if one.low is not None]
        highs = [to_canonical(analyte, one.high, one.unit) for one in ranges if one.high is not None]
        if lows:
            found |= Q(analyte=analyte, canonical__lt=max(lows))
        if highs:
            found |= Q(analyte=analyte, canonical__gt=min(highs))
    return WITHOUT_RANGE & Q(analyte__in=list(CLINIC_RANGES)) & found


def _is_without_range(result: Result) -> bool:
    bare = result.reference_low is None and result.reference_high is None and result.number is not None
    return bare and result.analyte in CLINIC_RANGES


def _range_of(result: Result, pregnant: Mapping[int, Sequence[Span]]) -> ClinicRange | None:
    patient, day = result.patient, result.taken_on
    return clinic_range(
        result.analyte,
        result.unit,
        sex=patient.sex,
        age=patient.age_on(day),
        pregnant=any(span.holds(day) for span in pregnant.get(patient.pk, ())),
    )
