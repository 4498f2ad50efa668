from datetime import date

import pytest

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Message
from b12clinic.messages.still_owed import check_for
from b12clinic.messages.wording import ABOUT, KINDS, STAFF_ONLY, in_words, kind_label, words_for
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Drug

RIVERSIDE = Clinic(name="Riverside Example", contact_phone="020 7946 0001")
ADA = Patient(name="Ada Example", email="ada@example.org")
CLINICAL = {"injection", "b12", "vitamin", "blood", "test", "result", "dose", "anaemia", "recheck", "lab"}


def words(kind: str, audience: str = "patient", clinic: Clinic = RIVERSIDE) -> str:
    message = Message(kind=kind, audience=audience, about_on=date(2026, 11, 17), clinic=clinic, patient=ADA)
    wording = words_for(message)
    return f"{wording.subject}\n\n{wording.body}"


def test_a_missed_injection_asks_the_patient_to_telephone_and_says_nothing_more():
    assert words("missed_injection") == (
        "A message from Riverside Example\n\n"
        "Hello,\n\n"
        "our records show that an appointment with us was due on Tuesday 17 November 2026, and we have not seen you"
        " since. Please telephone us on 020 7946 0001 to arrange a time.\n\n"
        "If you have been in touch already, there is nothing you need to do.\n\n"
        "If you no longer wish to receive these messages, please tell us.\n\n"
        "Riverside Example\n020 7946 0001\n"
    )


def short(kind: str, also: int = 0, audience: str = "patient") -> str:
    first, *others = (
        Message(kind=kind, audience=audience, about_on=date(2026, 11, 17 + n), clinic=RIVERSIDE, patient=ADA)
        for n in range(also + 1)
    )
    return words_for(first, others).short


def test_a_text_message_says_the_same_in_two_sentences():
    assert short("missed_injection") == (
        "Riverside Example: our records show that an appointment with us was due on Tuesday 17 November 2026, and we have"
        " not seen you since. Please telephone us on 020 7946 0001 to arrange a time."
    )
    assert (
        short("missed_injection", audience="clinic")
        == "1 item waits for Riverside Example in B12 Clinic. Please sign in to see it."
    )


@pytest.mark.parametrize(
    ("also", "text"),
    [
        (
            4,
            "Riverside Example: our records show that a routine check with us is due on Tuesday 17 November 2026; that",
        ),
        (5, "Riverside Example: it is time to get in touch with us. Please telephone us on 020 7946 0001 to"),
    ],
)
def test_a_text_message_that_would_be_too_long_says_only_to_get_in_touch(also, text):
    assert short("recheck_due", also).startswith(text)
    assert len(short("recheck_due", also)) <= 459


def test_a_clinic_without_a_telephone_is_to_be_contacted():
    text = words("overdue_recheck", clinic=Clinic(name="Riverside Example"))
    assert "a routine check with us was due on Tuesday 17 November 2026. Please contact us to arrange" in text
    assert text.endswith("please tell us.\n\nRiverside Example\n")


def test_the_clinic_is_told_that_something_waits_behind_the_sign_in():
    assert words("missed_injection", "clinic") == (
        "1 item waits for Riverside Example\n\n"
        "1 item waits for Riverside Example in B12 Clinic. Please sign in to see it.\n"
    )


@pytest.mark.parametrize("kind", [*KINDS, "something_new"])
def test_nothing_sent_to_a_patient_says_what_they_are_treated_for_or_who_they_are(kind):
    text = words(kind).lower()
    for word in CLINICAL | {drug.value for drug in Drug} | {"ada", "http", "www"}:
        assert word not in text, word


@pytest.mark.parametrize("kind", [*KINDS, "something_new"])
def test_nothing_sent_to_the_clinic_names_a_patient_or_holds_a_link(kind):
    text = words(kind, "clinic").lower()
    for word in ("ada", "http", "www", "17 november"):
        assert word not in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_of_its_own_and_somebody_who_says_whether_it_is_still_owed(kind):
    assert (kind in ABOUT) is (kind not in STAFF_ONLY)
    assert callable(check_for(kind))


def test_a_kind_without_words_of_its_own_gets_the_plainest():
    assert "our records show that it is time to get in touch with us." in words("something_new")
    assert kind_label("something_new") == "Something new"


def test_the_clinic_is_told_that_a_reaction_is_urgent_and_no_more():
    assert "1 urgent item waits for Riverside Example" in words("urgent_reaction", "clinic")
    assert "1 item waits for Riverside Example" in words("missed_injection", "clinic")


def test_a_day_is_written_out():
    assert in_words(date(2026, 3, 1)) == "Sunday 1 March 2026"
