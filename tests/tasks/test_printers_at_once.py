"""Several people who print a clinic's letters at the same moment: each letter is in one batch only."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from b12clinic.messages.models import LetterBatch, Message
from b12clinic.messages.services.print_letters import print_letters
from tests.factories.messages import a_letter
from tests.factories.people import a_clinic, a_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.usefixtures("dealt_with"),
]


def test_four_who_print_at_once_print_each_of_twenty_letters_once():
    clinic = a_clinic()
    people = [a_user(clinic, "nurse") for _ in range(4)]
    names = {a_letter(clinic).patient.name for _ in range(20)}
    start = Barrier(4)

    def print_all(by):
        start.wait()
        try:
            return print_letters(clinic=clinic, by=by, at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(print_all, people))

    pages = [
        page.extract_text()
        for batch in LetterBatch.objects.all()
        for page in PdfReader(io.BytesIO(bytes(batch.content))).pages
    ]
    assert sorted(name for page in pages for name in names if f"{name}\n" in page) == sorted(names)
    assert list(Message.objects.values_list("state", flat=True)) == ["sent"] * 20
    assert sum(LetterBatch.objects.values_list("count", flat=True)) == 20


def test_a_letter_that_somebody_has_in_hand_is_left_to_them_without_waiting():
    clinic = a_clinic()
    held, free = a_letter(clinic), a_letter(clinic)
    nora = a_user(clinic, "nurse")

    def print_all():
        try:
            return print_letters(clinic=clinic, by=nora, at=timezone.now()).count
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        Message.objects.select_for_update().get(pk=held.pk)
        assert threads.submit(print_all).result(timeout=20) == 1

    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.state, free.state) == ("owed", "sent")
