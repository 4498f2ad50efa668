"""A serum B12 above the plausible range is doubted, unless the sample follows a dose of B12."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from b12clinic.patients.models import PatientMedicine
from monitoring.models import Result, WaitingRow
from monitoring.services.import_lab_file import import_lab_file
from monitoring.services.record_results import ResultsRefused, record_results
from regimens.models import Administration
from regimens.services.correct_administration import enter_in_error
from tests.factories.lab_files import a_csv, a_row, received
from tests.factories.labs import an_entry
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
HIGH = "is implausibly high"


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def patient(clinic):
    return a_patient(clinic, born_on=date(1948, 3, 2), record_number="R-1")


def treated(patient, on):
    doctor = a_user(patient.clinic)
    give(a_regimen(patient, doctor, starts_on=on), doctor, on)


def typed(patient, value=">1476", analyte="total_b12", unit="pmol/L"):
    """The sentences that refuse it; none where it is kept."""
    entry, by = an_entry(analyte, value, unit), a_user(patient.clinic, "nurse")
    try:
        record_results(patient=patient, taken_on=TODAY, entries=[entry], by=by, at=AT, today=TODAY)
    except ResultsRefused as refused:
        return [one.stop.sentence for one in refused.refusals]
    return []


def imported(clinic, *rows):
    file = received(clinic, a_csv(*rows))
    import_lab_file(file=file, accept_partial=True, by=None, at=AT, today=TODAY)
    kept = Result.objects.order_by("pk").values_list("reported_value", flat=True)
    return list(kept), list(WaitingRow.objects.values_list("fate", flat=True))


def a_b12(value=">1476", **cells):
    return a_row(
        **{"code": "14685-2", "unit": "pmol/L", "range": "", "taken_on": "2026-01-14"} | cells, value=value
    )


@pytest.mark.parametrize(
    ("given_on", "doubted"),
    [
        (date(2025, 9, 13), True),
        (date(2025, 9, 14), False),
        (date(2026, 1, 13), False),
        (date(2026, 1, 14), True),
    ],
)
def test_an_injection_in_the_four_months_before_the_sample_explains_it(patient, clinic, given_on, doubted):
    treated(patient, given_on)

    assert imported(clinic, a_b12()) == (([], ["doubted"]) if doubted else ([">1476"[1:]], []))
    assert [HIGH in sentence for sentence in typed(patient, ">1480")] == [True] * doubted


def test_without_treatment_it_waits_for_a_reason(patient, clinic):
    assert imported(clinic, a_b12()) == ([], ["doubted"])
    assert HIGH in typed(patient)[0]


def test_active_b12_goes_likewise_and_no_other_analyte_does(patient):
    treated(patient, date(2026, 1, 5))

    assert typed(patient, ">300", "active_b12") == []
    [sentence] = typed(patient, "100001", "methylmalonic_acid", "nmol/L")
    assert HIGH in sentence


def test_too_low_a_value_is_doubted_on_treatment_too(patient, clinic):
    treated(patient, date(2026, 1, 5))

    assert imported(clinic, a_b12("10")) == ([], ["doubted"])


def test_a_dose_of_another_patient_or_one_entered_in_error_explains_nothing(patient, clinic):
    treated(a_patient(clinic), date(2026, 1, 5))
    assert HIGH in typed(patient)[0]

    treated(patient, date(2026, 1, 5))
    enter_in_error(
        administration=Administration.objects.get(patient=patient),
        reason="Not given",
        form_key=uuid4(),
        by=a_user(clinic),
        at=AT,
        today=TODAY,
    )
    assert HIGH in typed(patient)[0]


@pytest.mark.parametrize(
    ("since", "ended", "doubted"),
    [
        (None, None, False),
        (TODAY - timedelta(days=1), None, False),
        (TODAY, None, True),
        (date(2025, 12, 1), date(2026, 1, 2), True),
    ],
)
def test_tablets_that_were_begun_before_the_sample_and_are_still_taken_explain_it(
    patient, since, ended, doubted
):
    PatientMedicine.objects.create(
        patient=patient, code="oral_cyanocobalamin", since=since, noted_on=date(2025, 12, 1), ended_on=ended
    )

    assert [HIGH in sentence for sentence in typed(patient)] == [True] * doubted
