import io
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
import typst
from pypdf import PdfReader

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import ClinicMessaging, LetterBatch, Message
from tests.factories.messages import a_letter
from tests.factories.people import a_clinic, a_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dealt_with")]

URL = "/messages/letters/"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def clinic():
    return a_clinic(time_zone="Pacific/Kiritimati")


@pytest.fixture
def nurse(client, clinic):
    return signed_in(client, a_user(clinic, "nurse", first_name="Nora", last_name="Example"))


def page(client) -> str:
    with time_machine.travel(NOON, tick=False):
        return " ".join(client.get(URL).content.decode().split())


def make(client):
    with time_machine.travel(NOON, tick=False):
        return client.post(URL, follow=True)


def test_the_page_says_how_many_letters_wait_and_makes_nothing(nurse, clinic):
    assert "No letter waits" in page(nurse)

    first = a_letter(clinic)
    a_letter(clinic, first.patient)
    assert "1 letter waits to be printed." in page(nurse)
    a_letter(clinic)
    assert "2 letters wait to be printed." in page(nurse)
    assert LetterBatch.objects.count() == 0


def test_a_nurse_makes_a_batch_and_finds_it_in_the_list_by_the_clinics_own_clock(nurse, clinic):
    a_letter(clinic)

    answer = make(nurse)

    assert "A batch of 1 letter is made: download, print and post it." in answer.content.decode()
    text = page(nurse)
    for part in ("Mon 23 Nov 2026, 02:00", "Nora Example", "1 letter", "Download PDF"):
        assert part in text
    assert "Look through it before posting" not in text
    assert Message.objects.get().batch == LetterBatch.objects.get()


def test_the_batch_is_downloaded_under_a_name_of_our_own_and_kept_by_nobody(nurse, clinic):
    letter = a_letter(clinic)
    make(nurse)
    batch = LetterBatch.objects.get()

    answer = nurse.get(f"{URL}{batch.public_id}/")

    assert letter.patient.name in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="letters-2026-11-23-{str(batch.public_id)[:8]}.pdf"'
    )
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store, private")


def test_every_download_is_on_the_audit_trail(nurse, clinic):
    a_letter(clinic)
    make(nurse)
    batch = LetterBatch.objects.get()
    for _ in range(2):
        nurse.get(f"{URL}{batch.public_id}/")

    events = AuditEvent.objects.filter(action="letters.downloaded", subject=f"letters:{batch.public_id}")
    assert [event.after for event in events] == [{"count": 1, "digest": batch.digest}] * 2


def test_when_no_letter_may_go_none_is_made_and_it_is_said(nurse, clinic, dealt_with):
    dealt_with.add(a_letter(clinic).subject_id)

    assert "There was no letter to print" in make(nurse).content.decode()
    assert LetterBatch.objects.count() == 0


def test_when_the_pdf_cannot_be_made_the_letters_wait_and_it_is_said(nurse, clinic, monkeypatch):
    def broken(*args, **kwargs):
        raise typst.TypstError("no font")

    monkeypatch.setattr("typst.compile", broken)
    a_letter(clinic)

    assert "The letters cannot be put on paper" in make(nurse).content.decode()
    assert Message.objects.get().state == "owed"


def test_a_batch_that_may_lack_a_sign_is_to_be_looked_through(nurse, clinic):
    by = a_user(clinic)
    LetterBatch.objects.create(
        clinic=clinic, made_at=NOON, made_by=by, count=1, content=b"", accessible=False
    )

    assert "Look through it before posting" in page(nurse)


def test_a_clinic_that_pauses_its_messages_has_no_button(nurse, clinic):
    a_letter(clinic)
    ClinicMessaging.objects.create(
        clinic=clinic, paused_at=NOON, paused_by=a_user(clinic), paused_why="Wrong dates"
    )

    assert "Messages are paused" in page(nurse)
    assert "Make the batch" not in page(nurse)
    make(nurse)
    assert LetterBatch.objects.count() == 0


def test_a_batch_of_another_clinic_is_not_there(nurse):
    elsewhere = a_clinic()
    batch = LetterBatch.objects.create(
        clinic=elsewhere, made_at=NOON, made_by=a_user(elsewhere), count=7, content=b"Canary"
    )

    answer = nurse.get(f"{URL}{batch.public_id}/")
    assert (answer.status_code, b"Canary" in answer.content) == (404, False)
    assert nurse.get(f"{URL}{uuid4()}/").status_code == 404
    assert "7 letters" not in page(nurse)


def test_a_prescriber_prints_no_letters_and_finds_no_way_there(client, clinic, nurse):
    assert URL in nurse.get("/messages/").content.decode()

    prescriber = signed_in(client, a_user(clinic, "prescriber"))
    assert URL not in prescriber.get("/messages/").content.decode()
    assert prescriber.post(URL).status_code == 403


def test_the_outbox_says_that_a_letter_waits_to_be_printed(nurse, clinic):
    a_letter(clinic, about_on=date(2026, 11, 17))

    assert "Waits to be printed" in nurse.get("/messages/").content.decode()


def test_the_outbox_shows_what_another_letter_says(nurse, clinic):
    first = a_letter(clinic)
    a_letter(clinic, first.patient)
    make(nurse)

    assert "Said in another message" in nurse.get("/messages/").content.decode()


@pytest.mark.parametrize("method", ["put", "delete"])
def test_other_methods_are_refused(nurse, method):
    assert getattr(nurse, method)(URL).status_code == 405
