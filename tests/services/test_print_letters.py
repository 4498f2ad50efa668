"""A batch of letters: one PDF, one letter a patient, each letter in one batch, and nothing marked without the PDF."""

import hashlib
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import typst
from pypdf import PdfReader

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages import letter_paper
from b12clinic.messages import still_owed as registry
from b12clinic.messages.models import ClinicMessaging, DailyWord, LetterBatch, Message
from b12clinic.messages.queries import letters_waiting
from b12clinic.messages.services.print_letters import NotPrinted, print_letters
from b12clinic.messages.services.withdraw import withdraw
from b12clinic.messages.tasks import send_due
from b12clinic.vocabulary import Drug
from tests.factories.messages import KIND, a_letter, a_message, a_reachable_patient
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data, pytest.mark.usefixtures("dealt_with")]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CLINICAL = {"injection", "b12", "vitamin", "blood", "test", "result", "dose", "anaemia", "recheck"}


@pytest.fixture
def clinic():
    return a_clinic(name="Riverside Example", contact_phone="020 7946 0001", contact_email="desk@example.org")


@pytest.fixture
def nora(clinic):
    return a_user(clinic, "nurse")


def pages_of(batch) -> list[str]:
    """What each page says, line by line."""
    pages = PdfReader(io.BytesIO(bytes(batch.content))).pages
    return ["\n".join(line.strip() for line in page.extract_text().splitlines()) for page in pages]


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_a_batch_holds_every_letter_that_waits_and_marks_it_sent(clinic, nora):
    letters = [a_letter(clinic) for _ in range(3)]

    batch = print_letters(clinic=clinic, by=nora, at=NOON)

    assert (batch.count, batch.made_at, batch.made_by, batch.accessible) == (3, NOON, nora, True)
    assert len(pages_of(batch)) == 3
    for letter in letters:
        letter.refresh_from_db()
        assert (letter.state, letter.sent_at, letter.batch, letter.attempts) == ("sent", NOON, batch, 1)
    assert print_letters(clinic=clinic, by=nora, at=NOON) is None
    assert LetterBatch.objects.count() == 1


def test_a_letter_has_letterhead_address_day_and_words(clinic, nora):
    patient = a_patient(
        clinic,
        name="Ada Example",
        postal_address="1 Example Street\r\n\r\n  Exampleton ",
        consents_to_letter=True,
    )
    a_letter(clinic, patient, kind=KIND)

    [page] = pages_of(print_letters(clinic=clinic, by=nora, at=NOON))

    assert page.split("\n") == [
        "Riverside Example",
        "020 7946 0001",
        "desk@example.org",
        "Ada Example",
        "1 Example Street",
        "Exampleton",
        "Sunday 22 November 2026",
        "Hello,",
        "It is time to get in touch with us.",
        "Please telephone us on 020 7946 0001 to arrange a time.",
        "If you have been in touch already, there is nothing you need to do.",
        "If you no longer wish to receive these messages, please tell us.",
        "Riverside Example",
        "020 7946 0001",
    ]


def test_a_letter_says_nothing_clinical(clinic, nora, monkeypatch):
    for kind in ("injection_due", "missed_injection", "recheck_due", "overdue_recheck"):
        monkeypatch.setitem(registry._CHECKS, kind, lambda **_: True)
        a_letter(clinic, kind=kind)

    text = " ".join(pages_of(print_letters(clinic=clinic, by=nora, at=NOON))).lower()

    for word in CLINICAL | {drug.value for drug in Drug} | {"http", "www"}:
        assert word not in text, word


def test_the_day_is_the_clinics_own(nora):
    clinic = a_clinic(time_zone="Pacific/Kiritimati")
    a_letter(clinic)

    [page] = pages_of(print_letters(clinic=clinic, by=nora, at=NOON))

    assert "Monday 23 November 2026" in page


def test_the_pdf_is_tagged_and_says_what_it_is(clinic, nora):
    a_letter(clinic)

    batch = print_letters(clinic=clinic, by=nora, at=NOON)

    pdf = PdfReader(io.BytesIO(bytes(batch.content)))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712  pypdf's own kind of true
    assert (pdf.trailer["/Root"]["/Lang"], pdf.metadata.author) == ("en", "Riverside Example")
    assert pdf.metadata.title == "Letters of Riverside Example, Sunday 22 November 2026"
    assert batch.digest == hashlib.sha256(bytes(batch.content)).hexdigest()


def test_what_somebody_is_called_is_text_and_no_markup(clinic, nora):
    name = """#panic("x") *A* $x$ _E_ <y> @z \\ [B] // `r`"""
    patient = a_patient(
        clinic, name=name, postal_address='#read("/etc/passwd")\n= Street', consents_to_letter=True
    )
    a_letter(clinic, patient)

    [page] = pages_of(print_letters(clinic=clinic, by=nora, at=NOON))

    assert name in page
    assert '#read("/etc/passwd")\n= Street' in page


def test_a_sign_without_a_font_is_told_of_and_stops_no_letter(clinic, nora, monkeypatch):
    """As on a machine that has no fonts but those that come with the product."""
    no_other = letter_paper.PAPER.replace(b"size: 11.5pt", b"size: 11.5pt, fallback: false")
    assert no_other != letter_paper.PAPER
    monkeypatch.setattr(letter_paper, "PAPER", no_other)
    for name in ("Łukasz Ōé Пример", "山田 Example"):
        a_letter(
            clinic, a_patient(clinic, name=name, postal_address="1 Example Street", consents_to_letter=True)
        )

    batch = print_letters(clinic=clinic, by=nora, at=NOON)

    first, second = pages_of(batch)
    assert ("Łukasz Ōé Пример" in first, "Example\n1 Example Street" in second) == (True, True)
    assert not batch.accessible


def test_without_the_stricter_kind_of_pdf_the_plain_kind_is_made(clinic, nora, monkeypatch):
    compile_pdf = typst.compile

    def not_accessible(*args, pdf_standards, **kwargs):
        if pdf_standards:
            raise typst.TypstError("no font for Ada")
        return compile_pdf(*args, pdf_standards=pdf_standards, **kwargs)

    monkeypatch.setattr("typst.compile", not_accessible)
    a_letter(clinic)

    batch = print_letters(clinic=clinic, by=nora, at=NOON)

    assert (batch.accessible, len(pages_of(batch))) == (False, 1)


def test_without_a_pdf_nothing_is_marked(clinic, nora, monkeypatch, dealt_with):
    def broken(*args, **kwargs):
        raise typst.TypstError("no font for Ada")

    monkeypatch.setattr("typst.compile", broken)
    a_letter(clinic)
    dealt_with.add(a_letter(clinic).subject_id)

    with pytest.raises(NotPrinted, match="The letters cannot be put on paper"):
        print_letters(clinic=clinic, by=nora, at=NOON)

    assert states() == ["owed", "owed"]
    assert (LetterBatch.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_what_waits_for_one_patient_is_one_letter(clinic, nora):
    first = a_letter(clinic, about_on=date(2026, 11, 16))
    urgent = a_letter(clinic, first.patient, about_on=date(2026, 11, 15), urgent=True)
    a_letter(clinic, first.patient)
    a_letter(clinic)

    batch = print_letters(clinic=clinic, by=nora, at=NOON)

    assert (batch.count, len(pages_of(batch))) == (2, 2)
    assert states() == ["merged", "sent", "merged", "sent"]
    assert set(Message.objects.filter(state="merged").values_list("merged_into", "batch")) == {
        (urgent.pk, None)
    }


def test_a_letter_needs_no_day_and_keeps_no_hours(clinic, nora):
    night = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    letter = a_letter(clinic)
    DailyWord.objects.create(patient=letter.patient, on=date(2026, 11, 22), message=a_message(letter.patient))

    assert print_letters(clinic=clinic, by=nora, at=night).count == 1


@pytest.mark.parametrize(
    ("change", "state", "why"),
    [
        ({"died_on": date(2026, 11, 20)}, "withdrawn", "The patient has died."),
        ({"moved_on": date(2026, 11, 20)}, "withdrawn", "The patient has moved to another clinic."),
        (
            {"consents_to_letter": False},
            "withdrawn",
            "The patient does not agree to this kind of message.",
        ),
        ({"postal_address": " \n "}, "failed", "The patient has no postal address."),
    ],
)
def test_what_changed_since_it_was_owed_keeps_it_out_of_the_batch(clinic, nora, change, state, why):
    letter, other = a_letter(clinic), a_letter(clinic)
    type(letter.patient).objects.filter(pk=letter.patient_id).update(**change)

    assert print_letters(clinic=clinic, by=nora, at=NOON).count == 1

    letter.refresh_from_db()
    assert (letter.state, letter.why, letter.batch) == (state, why, None)
    event = AuditEvent.objects.get(action=f"message.{state}")
    assert (event.actor, event.patient_id, event.reason) == (nora, letter.patient_id, why)
    assert AuditEvent.objects.get(action="message.sent").patient_id == other.patient_id


def test_what_has_been_dealt_with_is_not_printed_and_makes_no_batch(clinic, nora, dealt_with):
    dealt_with.add(a_letter(clinic).subject_id)

    assert print_letters(clinic=clinic, by=nora, at=NOON) is None
    assert states() == ["withdrawn"]


def test_one_of_two_that_has_been_dealt_with_is_not_said_beside_the_other(clinic, nora, dealt_with):
    first = a_letter(clinic)
    a_letter(clinic, first.patient)
    dealt_with.add(first.subject_id)

    assert print_letters(clinic=clinic, by=nora, at=NOON).count == 1
    assert states() == ["withdrawn", "sent"]


def test_a_letter_that_nobody_answers_for_goes_on_waiting_and_stops_no_other(clinic, nora, monkeypatch):
    monkeypatch.setitem(registry._CHECKS, "tests.broken", lambda **_: 1 / 0)
    unknown = a_letter(clinic, kind="tests.unknown")
    broken = a_letter(clinic, kind="tests.broken")
    a_letter(clinic)

    assert print_letters(clinic=clinic, by=nora, at=NOON).count == 1

    assert states() == ["owed", "owed", "sent"]
    unknown.refresh_from_db()
    assert unknown.why == "Nobody can say whether messages of the kind “tests.unknown” are still owed."
    broken.refresh_from_db()
    assert broken.why == "It could not be made ready to send; the product's log says more."


def test_only_letters_of_the_clinic_to_patients_that_are_due_are_printed(clinic, nora):
    a_letter(clinic)
    a_letter(a_clinic())
    a_letter(clinic, audience="clinic")
    a_letter(clinic, next_try_at=NOON + timedelta(microseconds=1))
    a_message(a_reachable_patient(clinic))
    a_letter(clinic, next_try_at=NOON)
    assert letters_waiting(clinic, NOON) == 2

    assert print_letters(clinic=clinic, by=nora, at=NOON).count == 2
    assert states() == ["sent", "owed", "owed", "owed", "owed", "sent"]


def test_a_clinic_that_pauses_its_messages_prints_none(clinic, nora):
    a_letter(clinic)
    ClinicMessaging.objects.create(clinic=clinic, paused_at=NOON, paused_by=nora, paused_why="Wrong dates")

    assert letters_waiting(clinic, NOON) == 0
    assert print_letters(clinic=clinic, by=nora, at=NOON) is None
    assert states() == ["owed"]


def test_the_worker_leaves_letters_alone(clinic):
    a_letter(clinic)

    send_due()

    assert states() == ["owed"]


def test_a_printed_letter_stays_sent_when_what_it_spoke_of_is_dealt_with(clinic, nora):
    letter = a_letter(clinic)
    print_letters(clinic=clinic, by=nora, at=NOON)

    withdraw(kinds=(KIND,), subject_id=letter.subject_id, why="The injection was recorded.")

    assert states() == ["sent"]


@pytest.mark.parametrize(("waiting", "left"), [(4, 0), (5, 1)])
def test_a_batch_takes_up_so_many_and_the_next_the_rest(clinic, nora, monkeypatch, waiting, left):
    monkeypatch.setattr("b12clinic.messages.services.print_letters.MOST_MESSAGES", 4)
    for _ in range(waiting):
        a_letter(clinic)

    print_letters(clinic=clinic, by=nora, at=NOON)

    assert letters_waiting(clinic, NOON) == left


def test_the_batch_is_on_the_audit_trail(clinic, nora):
    a_letter(clinic)
    batch = print_letters(clinic=clinic, by=nora, at=NOON)

    event = AuditEvent.objects.get(action="letters.printed")
    assert (event.at, event.actor, event.subject) == (NOON, nora, f"letters:{batch.public_id}")
    assert event.after == {"count": 1, "digest": batch.digest}
