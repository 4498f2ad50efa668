"""Before the needle: the questions, the check, the box; and what the page asks for when something speaks against it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from b12clinic.patients.models import PatientMedicine
from monitoring.models import Alert
from regimens.models import Administration, Product
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import ANSWERS, a_regimen, confirm_deficiency, give, next_dose
from tests.views.test_record_injection import post, typed

pytestmark = [pytest.mark.django_db, pytest.mark.data]

CODE = "01095011015300031727063010A123"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(datetime(2026, 1, 5, 12, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", first_name="Sam", last_name="Example")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


@pytest.fixture
def regimen(clinic, nurse):
    regimen = a_regimen(a_patient(clinic, name="Ada Sample"), nurse)
    confirm_deficiency(regimen.patient, nurse)
    return regimen


@pytest.fixture
def product(clinic):
    return Product.objects.create(
        clinic=clinic,
        name="Hydroxocobalamin 1 mg/mL",
        drug="hydroxocobalamin",
        mcg_per_ml=1000,
        gtin="09501101530003",
    )


def test_the_questions_come_before_the_injection_in_their_order(client, nurse, regimen):
    page = signed_in(client, nurse).get(given_url(regimen)).content.decode()

    places = [page.index(f'name="{name}"') for name in (*ANSWERS, "product", "site")]
    assert places == sorted(places)


def given_url(regimen):
    return reverse("regimens:record_given", args=[next_dose(regimen).public_id])


def test_the_answers_are_kept_by_their_codes(client, nurse, regimen):
    post(client, nurse, next_dose(regimen), anticoagulant="yes", inr="2.4", inr_on="2026-01-02")

    assert Administration.objects.get().prechecks == ANSWERS | {
        "anticoagulant": "yes",
        "inr": "2.4",
        "inr_on": "2026-01-02",
    }


@pytest.mark.parametrize("question", [*ANSWERS])
def test_a_question_left_open_is_asked_for(client, nurse, regimen, question):
    answer = post(client, nurse, next_dose(regimen), **{question: []})

    assert answer.status_code == 422
    assert (b"Ask, and note the answer" in answer.content) is (question not in {"identity", "consent"})
    assert not Administration.objects.exists()


def test_one_item_is_no_identity(client, nurse, regimen):
    answer = post(client, nurse, next_dose(regimen), identity=["name"])

    assert answer.status_code == 422 and b"Ask for two items" in answer.content


@pytest.mark.parametrize(
    "changed",
    [
        {"given_elsewhere": "on"},
        {"self_administered": "on"},
        {"given_on": "2026-01-04", "reason": "Came to light today"},
    ],
    ids=["elsewhere", "by the patient", "yesterday"],
)
def test_what_did_not_happen_here_today_is_not_asked_about(client, nurse, regimen, changed):
    nobody_asked = {key: [] for key in ANSWERS}

    answer = post(client, nurse, next_dose(regimen), **nobody_asked | changed)

    assert answer.status_code == 302
    assert Administration.objects.get().prechecks is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"allergy": "yes"}, b"every cobalamin is contraindicated"),
        ({"unwell": "yes"}, b"Unwell today: ask a prescriber"),
        ({"pregnant": "yes"}, b"use a preservative-free product"),
        ({"anticoagulant": "yes", "inr": "3.1"}, b"hold the intramuscular injection"),
        ({"consent": "no"}, b"No consent: do not give"),
    ],
)
def test_an_answer_against_it_shows_the_words_of_the_rule_and_wants_a_reason(
    client, nurse, regimen, answer, words
):
    dose = next_dose(regimen)

    asked = post(client, nurse, dose, **answer)
    recorded = post(client, nurse, dose, reason="The doctor was asked", **answer)

    assert asked.status_code == 422 and words in asked.content
    assert recorded.status_code == 302
    assert Alert.objects.get().rule == "GIVEN_AGAINST_ANSWER"


@pytest.mark.parametrize(("answer", "asked"), [("yes", True), ("no", False)])
def test_the_inr_is_asked_for_where_it_matters(client, nurse, regimen, answer, asked):
    page = check(client, nurse, regimen, anticoagulant=answer).content

    assert (b'name="inr"' in page) is asked


def test_the_inr_is_asked_for_with_warfarin_on_record(client, nurse, regimen):
    PatientMedicine.objects.create(patient=regimen.patient, code="warfarin", noted_on=date(2026, 1, 1))

    page = signed_in(client, nurse).get(given_url(regimen)).content

    assert b"Last INR: none on record." in page
    assert b"23 to 25 G" in page and b"Firm pressure for 2 minutes" in page


def check(client, nurse, regimen, **changed):
    return signed_in(client, nurse).post(given_url(regimen), typed(act="check", **changed))


def test_the_check_saves_nothing_and_keeps_what_was_typed(client, nurse, regimen):
    answer = check(client, nurse, regimen, lot="KEPT7")

    assert answer.status_code == 200
    assert b"Nothing speaks against giving it" in answer.content and b'value="KEPT7"' in answer.content
    assert not Administration.objects.exists()


@pytest.mark.parametrize(
    ("expires_on", "stopped"), [("2026-01-04", True), ("2026-01-05", False)], ids=["yesterday", "today"]
)
def test_an_expired_product_stops_the_check(client, nurse, regimen, expires_on, stopped):
    page = check(client, nurse, regimen, expires_on=expires_on).content

    assert (b"Stop: do not give it" in page) is stopped


def test_the_check_says_what_is_still_to_ask(client, nurse, regimen):
    page = check(client, nurse, regimen, consent=[]).content

    assert b"Still to ask: Agrees to the injection today?" in page
    assert b"Nothing speaks against" not in page


def test_a_blocking_rule_stops_the_check_and_wants_a_reason(client, nurse, regimen):
    reacted = give(regimen, nurse, date(2026, 1, 5), reaction_grade="2", reaction="Hives")
    assert reacted.redating.next_dose is not None
    with time_machine.travel(datetime(2026, 1, 7, 12, 0, tzinfo=UTC), tick=False):
        page = check(client, nurse, regimen, given_on="2026-01-07").content
        refused = post(client, nurse, next_dose(regimen), given_on="2026-01-07")
        post(client, nurse, next_dose(regimen), given_on="2026-01-07", reason="Reviewed by telephone")

    assert b"Stop: do not give it" in page and b"waits for a prescriber" in page
    assert refused.status_code == 422
    assert Alert.objects.filter(rule="GIVEN_DESPITE_BLOCK").count() == 1


def test_the_volume_is_worked_out_and_kept(client, nurse, regimen, product):
    page = check(client, nurse, regimen).content
    post(client, nurse, next_dose(regimen))

    assert b"Draw up 1,000 mcg \xc3\xb7 1,000 mcg/mL = 1 mL." in page
    assert Administration.objects.get().volume_ml == Decimal("1.00")


def test_a_volume_too_large_for_the_deltoid_is_said(client, nurse, regimen, product):
    product.mcg_per_ml = 500
    product.save()

    assert b"2 mL is more than 1 mL" in check(client, nurse, regimen).content


def test_the_dorsogluteal_site_is_warned_of_and_wants_a_reason(client, nurse, regimen):
    page = check(client, nurse, regimen, site="dorsogluteal").content
    refused = post(client, nurse, next_dose(regimen), site="dorsogluteal")

    assert b"Avoid the dorsogluteal site" in page
    assert refused.status_code == 422


def test_the_next_place_and_the_watch_after_a_first_injection_are_told(client, nurse, regimen):
    first = signed_in(client, nurse).get(given_url(regimen)).content
    give(regimen, nurse, date(2026, 1, 5))
    second = client.get(given_url(regimen)).content

    assert b"<strong>left deltoid</strong>" in first and b"observe for 15 to 30 minutes" in first
    assert b"<strong>right deltoid</strong>" in second and b"observe for 15 to 30 minutes" not in second


def scan(client, nurse, regimen, code, **changed):
    form = typed(act="scan", code=code, product="", lot="", expires_on="", **changed)
    return signed_in(client, nurse).post(given_url(regimen), form).content


def test_a_scan_fills_in_product_lot_and_expiry_and_keeps_the_rest(client, nurse, regimen, product):
    page = scan(client, nurse, regimen, CODE, needle="23 G 25 mm")

    assert b'value="Hydroxocobalamin 1 mg/mL"' in page and b'name="lot" value="A123"' in page
    assert b'name="expires_on" value="2027-06-30"' in page and b'value="23 G 25 mm"' in page
    assert b"Read: Hydroxocobalamin 1 mg/mL." in page and b"Draw up" in page
    assert not Administration.objects.exists()


def test_an_unknown_article_fills_in_the_lot_and_tells_who_can_attach_it(client, nurse, regimen):
    page = scan(client, nurse, regimen, CODE)

    assert b"No product of the formulary has the article number 09501101530003" in page
    assert b'name="lot" value="A123"' in page
    assert b"An administrator can attach it" in page and b"?gtin=" not in page


@pytest.mark.parametrize(
    ("code", "kept"),
    [("01095011015300031727063010B7", False), ("010950110153000317270630", False), ("12345", True)],
    ids=["another box", "another box without a lot", "no box at all"],
)
def test_nothing_of_the_box_before_is_taken_for_the_one_scanned(client, nurse, regimen, code, kept):
    before = {"product": "Hydroxocobalamin 1 mg/mL", "lot": "OLD1", "expires_on": "2026-02-01"}
    form = typed(act="scan", code=code, **before)
    page = signed_in(client, nurse).post(given_url(regimen), form).content

    assert (b'value="OLD1"' in page) is kept
    assert (b'name="product" value="Hydroxocobalamin 1 mg/mL"' in page) is kept
    assert (b'name="expires_on" value="2026-02-01"' in page) is kept


def test_an_administrator_is_led_to_attach_it(client, clinic, regimen):
    both = a_user(clinic, "nurse", "administrator")

    assert b"/clinic/formulary/?gtin=09501101530003" in scan(client, both, regimen, CODE)


def test_a_code_that_cannot_be_read_is_kept_to_be_looked_at(client, nurse, regimen):
    page = scan(client, nurse, regimen, "12345")

    assert b"This is not the square code" in page and b'value="12345"' in page


def test_another_clinics_article_is_unknown_here(client, nurse, regimen):
    Product.objects.create(
        clinic=a_clinic(), name="Theirs", drug="hydroxocobalamin", mcg_per_ml=1000, gtin="09501101530003"
    )

    assert b"No product of the formulary" in scan(client, nurse, regimen, CODE)


def test_a_box_used_here_is_filled_in_from_its_button(client, nurse, regimen):
    post(client, nurse, next_dose(regimen), lot="BOX7")
    used = Administration.objects.get()

    page = client.post(given_url(regimen), typed(use=str(used.public_id), lot="", product="")).content

    assert b'name="lot" value="BOX7"' in page
    assert b"against the ampoule in your hand" in page


def test_a_box_of_another_clinic_is_not_filled_in(client, nurse, regimen):
    other = a_user(a_clinic(), "nurse")
    theirs = a_regimen(a_patient(other.memberships.get().clinic), other)
    used = give(theirs, other, date(2026, 1, 5), lot="SECRET9").administration

    page = (
        signed_in(client, nurse)
        .post(given_url(regimen), typed(use=str(used.public_id), lot="", product=""))
        .content
    )

    assert b"SECRET9" not in page and b"not on record any more" in page


def test_a_direction_not_in_force_wants_a_reason(client, nurse, regimen):
    dose = next_dose(regimen)

    refused = post(client, nurse, dose, authority="psd")
    recorded = post(client, nurse, dose, authority="psd", reason="Signed on paper")

    assert refused.status_code == 422 and b"No patient-specific direction is in force" in refused.content
    assert recorded.status_code == 302
    assert Alert.objects.get().rule == "PSD_NOT_IN_FORCE"


def test_a_colleague_may_have_given_it_and_another_checked_it(client, nurse, clinic, regimen):
    giver, checker = a_user(clinic, "nurse"), a_user(clinic)

    post(client, nurse, next_dose(regimen), given_by=str(giver.pk), checked_by=str(checker.pk))

    row = Administration.objects.get()
    assert (row.given_by, row.checked_by, row.recorded_by) == (giver, checker, nurse)


@pytest.mark.parametrize("name", ["given_by", "checked_by"])
def test_nobody_from_elsewhere_gives_or_checks(client, nurse, regimen, name):
    stranger = a_user(a_clinic(), "nurse")

    assert post(client, nurse, next_dose(regimen), **{name: str(stranger.pk)}).status_code == 422


def test_nobody_checks_their_own(client, nurse, regimen):
    answer = post(client, nurse, next_dose(regimen), checked_by=str(nurse.pk))

    assert answer.status_code == 422 and b"cannot check it too" in answer.content


def test_an_anaphylactic_reaction_is_told_at_once(client, nurse, regimen):
    answer = post(
        client, nurse, next_dose(regimen), reaction_grade="3", reactions=["wheeze"], reaction="Adrenaline"
    )

    page = client.get(answer.url).content
    assert b"The allergy is noted, the regimen is paused" in page
    assert b"Next injection" not in page


def test_anaphylaxis_is_no_mild_reaction(client, nurse, regimen):
    answer = post(
        client, nurse, next_dose(regimen), reaction_grade="1", reactions=["anaphylaxis"], reaction="Itch"
    )

    assert answer.status_code == 422 and b"Anaphylaxis is grade 3 or above" in answer.content
