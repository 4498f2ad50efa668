"""What the database itself refuses of jobs and messages; each refusal beside what it allows."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from b12clinic.jobs.models import Pending
from b12clinic.messages.models import LetterBatch, Message
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def accepts(model, **fields):
    """Whether the database takes such a row."""
    try:
        with transaction.atomic():
            model.objects.create(**fields)
    except IntegrityError:
        return False
    return True


@pytest.fixture
def owed():
    """The fields of a message that the database takes."""
    patient = a_patient(a_clinic())
    return {
        "clinic": patient.clinic,
        "patient": patient,
        "kind": "missed_injection",
        "subject_id": 7,
        "about_on": date(2026, 1, 5),
        "step": "overdue",
        "audience": "patient",
        "channel": "email",
    }


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"kind": "a", "subject_id": 2}, True),
        ({"kind": "b", "subject_id": 1}, True),
        ({"kind": "a", "subject_id": 1}, False),
    ],
)
def test_a_job_waits_once(fields, taken):
    Pending.objects.create(kind="a", subject_id=1)

    assert accepts(Pending, **fields) is taken


def test_a_job_has_a_kind():
    assert not accepts(Pending, kind="", subject_id=1)


@pytest.mark.parametrize(
    "another",
    [
        {"kind": "overdue_recheck"},
        {"subject_id": 8},
        {"about_on": date(2026, 1, 6)},
        {"step": "long_overdue"},
        {"audience": "clinic"},
        {"channel": "sms"},
    ],
    ids=lambda another: next(iter(another)),
)
def test_a_message_is_owed_once_for_all_that_names_it(owed, another):
    Message.objects.create(**owed)

    assert not accepts(Message, **owed)
    assert accepts(Message, **owed | another)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"state": "failed"}, True),
        ({"state": "ended"}, True),
        ({"state": "lost"}, False),
        ({"audience": "clinic", "patient": None}, True),
        ({"audience": "patient", "patient": None}, False),
        ({"audience": "press"}, False),
        ({"channel": "letter"}, True),
        ({"channel": "pigeon"}, False),
        ({"state": "sent", "sent_at": AT}, True),
        ({"state": "sent"}, False),
        ({"state": "owed", "sent_at": AT}, False),
        ({"state": "sending", "leased_until": AT}, True),
        ({"state": "sending"}, False),
    ],
)
def test_a_message_makes_sense(owed, fields, taken):
    assert accepts(Message, **owed | fields) is taken


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"channel": "letter", "state": "sent", "sent_at": AT}, True),
        ({"channel": "email", "state": "sent", "sent_at": AT}, False),
        ({"channel": "letter", "state": "owed"}, False),
    ],
)
def test_only_a_letter_that_was_printed_is_in_a_batch(owed, fields, taken):
    by = a_user(owed["clinic"])
    batch = LetterBatch.objects.create(clinic=owed["clinic"], made_at=AT, made_by=by, count=1, content=b"")

    assert accepts(Message, **owed | fields, batch=batch) is taken


@pytest.mark.parametrize(("count", "taken"), [(1, True), (0, False)])
def test_a_batch_holds_a_letter_at_least(owed, count, taken):
    fields = {"clinic": owed["clinic"], "made_at": AT, "made_by": a_user(owed["clinic"]), "content": b""}

    assert accepts(LetterBatch, **fields, count=count) is taken
