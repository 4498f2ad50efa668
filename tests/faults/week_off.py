"""A clinic that was closed for a week: a hundred thousand messages owed at once, laid down by the thousand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from tests.faults.world import Said, Waiting

ZONE = "Europe/London"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
PATIENTS = 25_000
"""Each has come to all four rungs of the ladder."""


def lay_down(at: datetime) -> list[Waiting]:
    """So many patients of one clinic, all overdue for two weeks or more, none of whom agreed to be written to but one in fifty."""
    from b12clinic.messages.models import ClinicMessaging
    from b12clinic.patients.models import Patient
    from tests.factories.people import a_clinic, a_user

    clinic = a_clinic(name="Clinic after a week off", time_zone=ZONE)
    ClinicMessaging.objects.create(clinic=clinic, sends_from=time(0), sends_until=time(23, 59, 59, 999999))
    nurse = a_user(clinic, "nurse")
    waiting = [
        Waiting(number, ZONE, at.date() - timedelta(days=14 + number % 7), writes=number % 50 == 0)
        for number in range(PATIENTS)
    ]
    patients = Patient.objects.bulk_create(
        (
            Patient(
                clinic=clinic,
                name=f"Patient {one.number}",
                name_key=f"patient {one.number}",
                born_on=date(1950, 1, 1),
                sex="female",
                email=one.address,
                consents_to_email=one.writes,
                consent_noted_on=date(2026, 1, 1),
            )
            for one in waiting
        ),
        batch_size=2_000,
    )
    _treat(patients, waiting, nurse)
    return waiting


def _treat(patients: list[object], waiting: list[Waiting], nurse: object) -> None:
    """A running regimen with one dose waited for, each in four rows."""
    from regimens.models import Assessment, Dose, Phase, Regimen
    from tests.factories.regimens import WEEKLY

    assessments = Assessment.objects.bulk_create(
        (
            Assessment(
                patient=patient, clinic_id=patient.clinic_id, cause="autoimmune_gastritis", certainty="confirmed",
                neuro="no", pregnancy="none", as_of=one.due_on, facts={}, by=nurse, at=BEGAN,
            )
            for patient, one in zip(patients, waiting, strict=True)
        ),
        batch_size=2_000,
    )  # fmt: skip
    regimens = Regimen.objects.bulk_create(
        (
            Regimen(patient=each.patient, clinic_id=each.clinic_id, assessment=each, starts_on=each.as_of, public_id=uuid4())
            for each in assessments
        ),
        batch_size=2_000,
    )  # fmt: skip
    phases = Phase.objects.bulk_create(
        (
            Phase(
                regimen=each, ordinal=0, kind=WEEKLY.kind, drug=WEEKLY.drug, dose_mcg=WEEKLY.dose_mcg, route=WEEKLY.route,
                interval_count=1, interval_unit="week", doses_wanted=4, ends_by="", spec=WEEKLY.to_dict(),
            )
            for each in regimens
        ),
        batch_size=2_000,
    )  # fmt: skip
    Dose.objects.bulk_create(
        (
            Dose(
                phase=phase, clinic_id=phase.regimen.clinic_id, patient=phase.regimen.patient, number=1,
                earliest_on=one.due_on - timedelta(days=2), due_on=one.due_on, overdue_on=one.overdue_on, is_next=True,
            )
            for phase, one in zip(phases, waiting, strict=True)
        ),
        batch_size=2_000,
    )  # fmt: skip


def expected(waiting: list[Waiting]) -> set[Said]:
    """All four rungs of everybody."""
    rungs = (
        ("overdue", "patient"),
        ("overdue_again", "patient"),
        ("to_call", "nurse"),
        ("long_overdue", "prescriber"),
    )
    return {
        Said(
            one.number,
            one.due_on,
            "missed_injection",
            step,
            "clinic" if audience == "patient" and not one.writes else audience,
        )
        for one in waiting
        for step, audience in rungs
    }
