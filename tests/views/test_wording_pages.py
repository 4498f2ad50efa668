from datetime import date

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.messages.models import WordingTemplate
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db
LIST = "/messages/wording/"
EDIT = "/messages/wording/edit/?kind=missed_injection&language=en"
TYPED = {
    "version": "0",
    "subject": "From {clinic}",
    "body": "We missed you on {day} for {about}.",
    "short": "We missed you on {day}.",
}


@pytest.fixture
def clinic():
    return a_clinic(name="Riverside Example", contact_phone="020 7946 0001")


@pytest.fixture
def admin(client, clinic):
    return signed_in(client, a_user(clinic, "administrator"))


def body(answer):
    return answer.content.decode()


def test_every_kind_and_language_stands_on_the_list(admin):
    shown = body(admin.get(LIST))
    for said in (
        "Injection due soon",
        "Missed injection",
        "Second reminder",
        "German",
        "kind=overdue_recheck",
    ):
        assert said in shown
    assert "the clinic&#x27;s own" not in shown


def test_words_are_saved_and_marked_as_the_clinics_own(admin):
    assert "Our records show that {about} with us was due on {day}" in body(admin.get(EDIT))

    assert admin.post(EDIT, TYPED | {"save": "1"})["Location"] == LIST

    assert WordingTemplate.objects.get().body == "We missed you on {day} for {about}."
    assert "own</span>" in body(admin.get(LIST))
    assert "We missed you on {day} for {about}." in body(admin.get(EDIT))


def test_a_link_is_refused_beside_its_field_and_what_was_typed_stays(admin):
    answer = admin.post(EDIT, TYPED | {"save": "1", "body": "Book at www.example.org"})
    assert answer.status_code == 422
    assert "may become a link" in body(answer)
    assert "Book at www.example.org" in body(answer)


def test_a_preview_is_what_the_next_patient_owed_it_would_get(admin, clinic):
    ada = a_reachable_patient(clinic, name="Ada Example")
    a_message(ada, kind="missed_injection", about_on=date(2026, 11, 17), urgent=False)
    a_message(ada, kind="overdue_recheck", about_on=date(2026, 11, 19), urgent=False)

    shown = body(admin.post(EDIT, TYPED))

    assert "To <strong>Ada Example</strong>" in shown
    assert "From Riverside Example" in shown
    assert "We missed you on Tuesday 17 November 2026 for an appointment." in shown
    assert "a routine check with us was due on Thursday 19 November 2026" in shown
    assert "It also says what 1 other message would have said." in shown
    assert not WordingTemplate.objects.exists()
    assert AuditEvent.objects.get(action="patient.viewed").patient_id == ada.pk


def test_a_preview_keeps_to_the_patients_language_and_consents(admin, clinic):
    a_reachable_patient(clinic, name="Ada Example", consents_to_detail=True)
    a_reachable_patient(clinic, name="Odile Example", language="fr")
    a_patient(clinic, name="Nemo Example")

    assert "for your B12 injection." in body(admin.post(EDIT, TYPED | {"q": "Ada"}))
    french = body(admin.post(EDIT, TYPED | {"q": "Odile"}))
    assert "written to in French" in french
    assert "Un message de Riverside Example" in french
    assert "agreed to no messages" in body(admin.post(EDIT, TYPED | {"q": "Nemo"}))


def test_a_preview_says_when_a_step_has_words_of_its_own(admin, clinic):
    a_message(a_reachable_patient(clinic), kind="missed_injection", step="overdue", urgent=False)
    admin.post(f"{EDIT}&step=overdue", TYPED | {"save": "1", "subject": "For the first"})

    shown = body(admin.post(EDIT, TYPED))

    assert "It goes at the step “First reminder”, which has words of its own; shown are those." in shown
    assert "For the first" in shown


def test_several_who_fit_are_offered_and_nobody_is_said(admin, clinic):
    one = a_reachable_patient(clinic, name="Ada Example")
    a_reachable_patient(clinic, name="Ada Exemplar")

    offered = body(admin.post(EDIT, TYPED | {"q": "Ada"}))
    assert f'value="{one.public_id}"' in offered
    assert "Ada Exemplar" in offered
    chosen = body(admin.post(EDIT, TYPED | {"q": "Ada", "patient": str(one.public_id)}))
    assert "To <strong>Ada Example</strong>" in chosen
    assert "Nobody fits" in body(admin.post(EDIT, TYPED | {"q": "Zebedee"}))
    assert "Nobody is owed such a message now" in body(admin.post(EDIT, TYPED))


def test_nobody_of_another_clinic_is_previewed_on(admin):
    stranger = a_reachable_patient(a_clinic(), name="Carla Canary")
    a_message(stranger, kind="missed_injection")
    for sent in ({"patient": str(stranger.public_id)}, {"q": "Carla"}, {}):
        assert "To <strong>" not in body(admin.post(EDIT, TYPED | sent))


def test_the_second_of_two_who_save_is_told_and_may_save_again(admin):
    admin.post(EDIT, TYPED | {"save": "1"})

    answer = admin.post(EDIT, TYPED | {"save": "1", "subject": "Mine"})

    assert answer.status_code == 409
    assert "Somebody else saved first" in body(answer)
    assert 'name="version" value="1"' in body(answer)
    assert WordingTemplate.objects.get().subject == "From {clinic}"
    admin.post(EDIT, TYPED | {"save": "1", "subject": "Mine", "version": "1"})
    assert WordingTemplate.objects.get().subject == "Mine"


def test_a_reset_goes_back_to_the_products_words(admin):
    admin.post(EDIT, TYPED | {"save": "1"})
    there = EDIT.replace("/edit/", "/reset/")

    assert admin.post(there, {"version": "7"}).status_code == 409
    assert admin.post(there, {"version": "1"}).status_code == 302
    assert not WordingTemplate.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?kind=review_due&language=en",
        "?kind=missed_injection&language=tlh",
        "?kind=missed_injection&language=en&step=never",
    ],
)
def test_a_wording_that_cannot_be_is_404(admin, query):
    assert admin.get(f"/messages/wording/edit/{query}").status_code == 404
