"""In which order the alerts of a clinic stand on its worklist."""

from datetime import UTC, date, datetime

import pytest

from monitoring.services.alerts import raise_alert
from regimens.queries.worklist import worklist_for
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_the_newest_emergency_stands_first_then_other_urgent_reactions_then_what_blocks():
    clinic = a_clinic()
    patient = a_patient(clinic)
    for rule, severity, hour in (
        ("INR_HIGH", "block", 1),
        ("GIVEN_DESPITE_BLOCK", "urgent", 3),
        ("DOUBLE_INJECTION", "urgent", 2),
        ("REACTION_REVIEW", "warn", 9),
        ("EARLY_DOSE", "warn", 1),
        ("REACTION_SEVERE", "urgent", 4),
        ("REACTION_ANAPHYLAXIS", "urgent", 5),
        ("REACTION_ANAPHYLAXIS", "urgent", 6),
    ):
        raise_alert(
            patient=patient, clinic=clinic, rule=rule, subject=f"{hour}", severity=severity, sentence="Look.",
            source="Local policy", at=datetime(2026, 1, 5, hour, tzinfo=UTC),
        )  # fmt: skip

    shown = [
        (one.rule, one.raised_at.hour)
        for one in worklist_for(clinic, a_user(clinic, "prescriber"), date(2026, 1, 5)).alerts
    ]

    assert shown == [
        ("REACTION_ANAPHYLAXIS", 6),
        ("REACTION_ANAPHYLAXIS", 5),
        ("REACTION_SEVERE", 4),
        ("INR_HIGH", 1),
        ("DOUBLE_INJECTION", 2),
        ("GIVEN_DESPITE_BLOCK", 3),
        ("EARLY_DOSE", 1),
        ("REACTION_REVIEW", 9),
    ]
