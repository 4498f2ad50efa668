from datetime import UTC, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.default_wordings import Text
from b12clinic.messages.models import Audience, ClinicMessaging, WordingTemplate
from b12clinic.messages.services.change_wording import (
    Place,
    WordingChanged,
    WordingRefused,
    change_wording,
    reset_wording,
)
from b12clinic.messages.wording import words_for
from b12clinic.messages.wording_rules import find_problems
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_clinic, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PLACE = Place(kind="missed_injection", step="", language="en")
OURS = Text("From {clinic}", "We missed you on {day} for {about}.", "We missed you on {day}.")


@pytest.fixture
def clinic():
    return a_clinic(contact_phone="020 7946 0001")


def change(clinic, text=OURS, version=0, place=PLACE):
    change_wording(clinic=clinic, place=place, text=text, version=version, by=a_user(clinic), at=AT)


def test_a_clinics_own_words_are_what_its_patients_get(clinic):
    change(clinic)

    message = a_message(a_reachable_patient(clinic), kind="missed_injection")
    assert "We missed you on Tuesday 17 November 2026 for an appointment." in words_for(message).body
    elsewhere = a_message(a_reachable_patient(a_clinic()), kind="missed_injection")
    assert "We missed you" not in words_for(elsewhere).body


def test_words_leave_before_and_after_on_the_trail(clinic):
    change(clinic)
    change(clinic, Text("Hello", OURS.body, OURS.short), version=1)

    second, first = AuditEvent.objects.filter(action="wording.changed")
    assert (first.subject, first.before) == ("wording:missed_injection:any:en", {})
    assert first.after == {"subject": "From {clinic}", "body": OURS.body, "short": OURS.short}
    assert (second.before["subject"], second.after["subject"]) == ("From {clinic}", "Hello")


def test_nothing_is_written_when_nothing_differs(clinic):
    change(clinic)
    change(clinic, version=1)

    assert WordingTemplate.objects.get().version == 1
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize("version", [0, 2])
def test_words_over_another_version_are_refused(clinic, version):
    change(clinic)
    with pytest.raises(WordingChanged):
        change(clinic, Text("Mine", "Mine.", "Mine."), version=version)
    assert WordingTemplate.objects.get().subject == "From {clinic}"


def test_a_reset_goes_back_to_the_products_words(clinic):
    change(clinic)
    with pytest.raises(WordingChanged):
        reset_wording(clinic=clinic, place=PLACE, version=2, by=a_user(clinic), at=AT)

    reset_wording(clinic=clinic, place=PLACE, version=1, by=a_user(clinic), at=AT)

    assert not WordingTemplate.objects.exists()
    assert AuditEvent.objects.first().after == {}
    with pytest.raises(WordingChanged):
        reset_wording(clinic=clinic, place=PLACE, version=1, by=a_user(clinic), at=AT)


def test_words_are_kept_once_for_a_place(clinic):
    change(clinic)
    change(clinic, place=Place(kind="missed_injection", step="overdue", language="en"))
    change(clinic, place=Place(kind="missed_injection", step="", language="nl"))
    assert WordingTemplate.objects.filter(audience=Audience.PATIENT).count() == 3


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", "Write what it says"),
        ("See you on {date}", "{date} is no placeholder"),
        ("See you on {day.year}", "{day.year} is no placeholder"),
        ("See you on {}", "{} is no placeholder"),
        ("See you on {day", "A brace stands alone"),
        ("See you on day}", "A brace stands alone"),
        ("See {{day}}", "A brace stands alone"),
        ("Book at https://example.org", "may become a link"),
        ("Book at www.example.org", "may become a link"),
        ("Book at example.org/b", "“example.org” may become a link"),
        ("Book at {clinic}.org", "may become a link"),
        ("Write to us@example.org", "may become a link"),
        ("Your B12 is due", "“B12” says what the patient is treated for"),
        ("Your injections are due", "“injections” says what"),
        ("Your Vitamin shot", "“Vitamin” says what"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_sentence(clinic, said, sentence):
    with pytest.raises(WordingRefused) as refused:
        change(clinic, Text("Hello", said, "Hello"))
    assert refused.value.field == "body"
    assert sentence in str(refused.value)
    assert not WordingTemplate.objects.exists()


@pytest.mark.parametrize(
    "said", ["Come at 10.30 a.m. please.", "We open at 8. Ring {phone}.", "It costs 1.5 hours, e.g. by bus"]
)
def test_a_dot_makes_no_link(clinic, said):
    assert not list(
        find_problems(Text("Hello", said, "Hello"), kind="missed_injection", language="en", clinic=clinic)
    )


def test_a_clinic_that_allows_links_may_write_one(clinic):
    ClinicMessaging.objects.create(clinic=clinic, may_link=True)
    change(clinic, Text("Hello", "Book at https://example.org", "Hello"))
    assert WordingTemplate.objects.get().body == "Book at https://example.org"


def test_each_language_withholds_its_own_words(clinic):
    german = Place(kind="missed_injection", step="", language="de")
    with pytest.raises(WordingRefused, match="Blutabnahme"):
        change(clinic, Text("Hallo", "Ihre Blutabnahme", "Hallo"), place=german)


@pytest.mark.parametrize(("letters", "fits"), [(231, True), (232, False)])
def test_a_text_message_takes_two_at_most_with_all_that_stands_around_it(letters, fits):
    clinic = a_clinic(name="Riverside Example", contact_phone="020 7946 0001")
    text = Text("Hello", "Hello", "a" * letters)
    found = list(find_problems(text, kind="missed_injection", language="en", clinic=clinic))
    assert [field for field, _ in found] == ([] if fits else ["short"])


def test_a_clinic_without_a_telephone_cannot_name_it():
    with pytest.raises(WordingRefused, match="no telephone number"):
        change(a_clinic(), Text("Hello", "Ring {phone}", "Hello"))


def test_a_subject_is_one_line(clinic):
    with pytest.raises(WordingRefused, match="in one line"):
        change(clinic, Text("Hello\nBcc: all@example", "Hello", "Hello"))
