from datetime import date

import pytest

from b12clinic.accounts.models import Clinic
from b12clinic.messages.default_wordings import PATIENT_KINDS, Text, frame_of, frames
from b12clinic.messages.models import ClinicMessaging, Message
from b12clinic.messages.still_owed import check_for
from b12clinic.messages.text_parts import parts_of
from b12clinic.messages.wording import KINDS, STAFF_ONLY, in_words, kind_label, words_for
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Drug

RIVERSIDE = Clinic(name="Riverside Example", contact_phone="020 7946 0001")
ADA = Patient(name="Ada Example", email="ada@example.org")
NAMED = [kind for kind in KINDS if kind != "digest"]
"""The morning summary counts rows: it has tests of its own."""

CLINICAL = {"injection", "b12", "vitamin", "blood", "test", "result", "dose", "anaemia", "recheck", "lab"}


def a_word(kind: str, audience: str = "patient", clinic: Clinic = RIVERSIDE, **fields) -> Message:
    given = {"about_on": date(2026, 11, 17), "patient": ADA, "step": "overdue"} | fields
    return Message(kind=kind, audience=audience, clinic=clinic, **given)


def words(kind: str, audience: str = "patient", clinic: Clinic = RIVERSIDE, **fields) -> str:
    wording = words_for(a_word(kind, audience, clinic, **fields), own={})
    return f"{wording.subject}\n\n{wording.body}\n\n{wording.short}"


def test_a_missed_injection_asks_the_patient_to_telephone_and_says_nothing_more():
    assert words("missed_injection") == (
        "A message from Riverside Example\n\n"
        "Hello,\n\n"
        "Our records show that an appointment with us was due on Tuesday 17 November 2026, and we have not seen you"
        " since.\n\n"
        "Please telephone us on 020 7946 0001 to arrange a time.\n\n"
        "If you have been in touch already, there is nothing you need to do.\n\n"
        "If you no longer wish to receive these messages, please tell us.\n\n"
        "Riverside Example\n020 7946 0001\n\n\n"
        "Riverside Example: An appointment with us was due on Tuesday 17 November 2026."
        " Please telephone us on 020 7946 0001 to arrange a time. To stop, tell us."
    )


def short(kind: str, also: int = 0, audience: str = "patient") -> str:
    first, *others = (
        Message(kind=kind, audience=audience, about_on=date(2026, 11, 17 + n), clinic=RIVERSIDE, patient=ADA)
        for n in range(also + 1)
    )
    return words_for(first, others, own={}).short


def test_a_text_message_says_the_same_in_two_sentences():
    assert short("missed_injection") == (
        "Riverside Example: An appointment with us was due on Tuesday 17 November 2026."
        " Please telephone us on 020 7946 0001 to arrange a time. To stop, tell us."
    )
    assert (
        short("missed_injection", audience="clinic")
        == "1 item waits for Riverside Example in B12 Clinic. Please sign in to see it."
    )


@pytest.mark.parametrize(
    ("also", "text"),
    [
        (2, "Riverside Example: A routine check with us is due on Tuesday 17 November 2026. A routine check"),
        (3, "Riverside Example: It is time to get in touch with us. Please telephone us on 020 7946 0001 to"),
    ],
)
def test_a_text_message_longer_than_two_parts_says_only_to_get_in_touch(also, text):
    assert short("recheck_due", also).startswith(text)


def test_a_clinic_without_a_telephone_is_to_be_contacted():
    text = words("overdue_recheck", clinic=Clinic(name="Riverside Example"))
    assert (
        "a routine check with us was due on Tuesday 17 November 2026.\n\nPlease contact us to arrange" in text
    )
    assert "please tell us.\n\nRiverside Example\n\n" in text


def test_the_clinic_is_told_that_something_waits_behind_the_sign_in():
    assert words("missed_injection", "clinic") == (
        "1 item waits for Riverside Example\n\n"
        "1 item waits for Riverside Example in B12 Clinic. Please sign in to see it.\n\n\n"
        "1 item waits for Riverside Example in B12 Clinic. Please sign in to see it."
    )


@pytest.mark.parametrize("kind", [*NAMED, "something_new"])
def test_nothing_sent_to_a_patient_says_what_they_are_treated_for_or_who_they_are(kind):
    text = words(kind).lower()
    for word in CLINICAL | {drug.value for drug in Drug} | {"ada", "http", "www"}:
        assert word not in text, word


@pytest.mark.parametrize("kind", [*NAMED, "something_new"])
def test_nothing_sent_to_the_clinic_names_a_patient_or_holds_a_link(kind):
    text = words(kind, "clinic").lower()
    for word in ("ada", "http", "www", "17 november"):
        assert word not in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_of_its_own_and_somebody_who_says_whether_it_is_still_owed(kind):
    assert (kind in list(PATIENT_KINDS)) is (kind not in STAFF_ONLY)
    assert callable(check_for(kind))


def test_a_kind_without_words_of_its_own_gets_the_plainest():
    assert "It is time to get in touch with us." in words("something_new")
    assert kind_label("something_new") == "Something new"


def test_the_clinic_is_told_that_a_reaction_is_urgent_and_no_more():
    assert "1 urgent item waits for Riverside Example" in words("urgent_reaction", "clinic")
    assert "1 item waits for Riverside Example" in words("missed_injection", "clinic")


def test_a_day_is_written_out():
    assert in_words(date(2026, 3, 1), frame_of("")) == "Sunday 1 March 2026"


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("nl", "zondag 1 maart 2026", "maandag 2 maart 2026"),
        ("fr", "dimanche 1er mars 2026", "lundi 2 mars 2026"),
        ("de", "Sonntag, 1. März 2026", "Montag, 2. März 2026"),
    ],
)
def test_a_day_is_written_in_the_patients_language(language, first, second):
    days = [in_words(date(2026, 3, day), frame_of(language)) for day in (1, 2)]
    assert days == [first, second]


@pytest.mark.parametrize(
    ("language", "plain", "detail"),
    [
        ("", "an appointment with us was due", "your B12 injection with us was due"),
        ("nl", "stond een afspraak bij ons gepland", "stond uw B12-injectie bij ons gepland"),
        ("fr", "un rendez-vous devait avoir lieu", "votre injection de B12 devait avoir lieu"),
        ("de", "war ein Termin bei uns für", "war Ihre B12-Injektion bei uns für"),
    ],
)
def test_what_it_is_about_is_said_only_to_those_who_agreed_to_that(language, plain, detail):
    said = words("missed_injection", patient=Patient(language=language))
    assert plain in said
    assert "B12" not in said
    assert detail in words("missed_injection", patient=Patient(language=language, consents_to_detail=True))


@pytest.mark.parametrize("language", frames())
@pytest.mark.parametrize("kind", PATIENT_KINDS)
def test_every_language_has_words_for_every_kind_that_two_text_messages_hold(language, kind):
    frame = frame_of(language)
    patient = Patient(language=language, consents_to_detail=True)
    wording = words_for(a_word(kind.value, patient=patient, about_on=date(2026, 8, 30)), own={})
    assert kind.value in frame.texts
    assert parts_of(wording.short) <= 2
    assert "30" in wording.short
    assert "{" not in wording.subject + wording.body + wording.short


def test_several_messages_are_one_each_with_its_own_words():
    first, second = a_word("missed_injection"), a_word("overdue_recheck", about_on=date(2026, 11, 19))
    own = {
        ("overdue_recheck", ""): Text("A check", "Come for {about}; it was due on {day}.", "Come on {day}.")
    }
    wording = words_for(first, [second, second], own)
    assert wording.subject == "A message from Riverside Example"
    assert (
        "an appointment with us was due on Tuesday 17 November 2026, and we have not seen you since.\n\n"
        "Come for a routine check; it was due on Thursday 19 November 2026.\n\nPlease telephone us on"
    ) in wording.body


def test_words_for_the_step_come_before_those_for_every_step():
    own = {
        ("missed_injection", ""): Text("For every step", "Every step.", "Every step."),
        ("missed_injection", "overdue_again"): Text("Again", "Again.", "Again."),
    }
    assert words_for(a_word("missed_injection", step="overdue_again"), own=own).subject == "Again"
    assert words_for(a_word("missed_injection", step="overdue"), own=own).subject == "For every step"


def test_words_that_ask_for_a_telephone_are_not_used_without_one():
    own = {("missed_injection", ""): Text("Ring {phone}", "Ring {phone}.", "Ring {phone}.")}
    silent = Clinic(name="Riverside Example")
    assert words_for(a_word("missed_injection"), own=own).subject == "Ring 020 7946 0001"
    assert words_for(a_word("missed_injection", clinic=silent), own=own).subject.startswith("A message from")


def test_words_with_a_link_are_not_used_once_links_are_not_allowed():
    own = {("missed_injection", ""): Text("See us", "See www.example.org.", "See us.")}
    assert "www" not in words_for(a_word("missed_injection"), own=own).body
    linking = Clinic(name="Riverside Example")
    linking.messaging = ClinicMessaging(may_link=True)
    assert "www" in words_for(a_word("missed_injection", clinic=linking), own=own).body


def test_a_text_message_that_would_take_three_says_the_plainest():
    many = [a_word("overdue_recheck", about_on=date(2026, 11, day)) for day in (3, 4, 5, 6)]
    short = words_for(a_word("missed_injection"), many, own={}).short
    assert short == (
        "Riverside Example: It is time to get in touch with us."
        " Please telephone us on 020 7946 0001 to arrange a time. To stop, tell us."
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "To stop, tell us."),
        ("nl", "Stoppen? Meld het."),
        ("fr", "Pour ne plus en recevoir, dites-le-nous."),
        ("de", "Abmelden? Sagen Sie es uns."),
    ],
)
def test_a_text_message_says_how_to_stop_them(language, said):
    patient = Patient(language=language)
    assert words_for(a_word("other", patient=patient), own={}).short.endswith(f" {said}")


@pytest.mark.parametrize(("letters", "places", "stops"), [(105, 160, True), (106, 143, False)])
def test_it_does_so_only_where_that_costs_no_further_part(letters, places, stops):
    silent = Clinic(name="A Clinic")
    own = {("other", ""): Text("x", "x", "X" * (letters - len("A Clinic: ") - 1) + ".")}
    short = words_for(a_word("other", clinic=silent), own=own).short
    assert (len(short), short.endswith("To stop, tell us.")) == (places, stops)
    assert parts_of(short) == 1


def test_two_parts_stay_two_with_it():
    silent = Clinic(name="A Clinic")
    own = {("other", ""): Text("x", "x", "X" * 200 + ".")}
    short = words_for(a_word("other", clinic=silent), own=own).short
    assert short.endswith("To stop, tell us.")
    assert parts_of(short) == 2


def test_what_is_filled_in_is_not_interpreted_again():
    odd = Clinic(name="{phone} {0.__class__} Example")
    assert words_for(a_word("missed_injection", clinic=odd), own={}).subject == (
        "A message from {phone} {0.__class__} Example"
    )
