"""Reminders in a real browser: said, stopped by what was done, paused, and put into the clinic's own words."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import Page, expect

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import Message
from b12clinic.messages.tasks import send_due
from regimens.models import Product
from regimens.tasks import sweep_plans
from tests.factories.messages import a_message, a_reachable_patient
from tests.factories.people import a_clinic, a_user
from tests.factories.regimens import a_regimen
from tests.journeys.asking import ask_before_giving
from tests.journeys.looking import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OVERDUE = datetime(2026, 1, 7, 10, 0, tzinfo=UTC)  # due on the 5th, on time until the 6th


@pytest.fixture
def clinic() -> Clinic:
    clinic = a_clinic(
        name="Harbour Street Example", contact_email="clinic@example.org", contact_phone="020 7946 0001"
    )
    nurse = a_user(clinic, "nurse", username="sam", first_name="Sam", last_name="Example")
    a_user(clinic, "administrator", username="kim", first_name="Kim", last_name="Pseudonym")
    Product.objects.create(
        clinic=clinic, name="Hydroxocobalamin 1 mg/mL ampoule", drug="hydroxocobalamin", mcg_per_ml=1000
    )
    a_regimen(a_reachable_patient(clinic, name="Ada Sample"), nurse, starts_on=date(2026, 1, 5))
    return clinic


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(OVERDUE, tick=True) as clock:
        yield clock


def come_in(page: Page, live_server, name: str, path: str = "/messages/") -> None:
    page.set_default_timeout(20_000)
    sign_in(page, live_server.url, name)
    page.goto(f"{live_server.url}{path}")


def record_given(page: Page) -> None:
    page.get_by_role("link", name="Due list").first.click()
    page.get_by_role("link", name="Record given for Ada Sample").click()
    ask_before_giving(page)
    page.get_by_label("Product", exact=True).fill("Hydroxocobalamin 1 mg/mL ampoule")
    page.get_by_label("Lot number").fill("A123")
    page.get_by_label("Expiry date").fill("2027-06-30")
    page.get_by_label("Site", exact=True).select_option("deltoid")
    page.get_by_label("Side", exact=True).select_option("left")
    page.get_by_label("Authority to give").select_option("prescription")
    page.locator("[name=reaction_grade]").select_option("none")
    page.get_by_role("button", name="Record as given").click()


def test_a_missed_injection_is_said_then_recorded_and_said_no_more(
    page: Page, live_server, clinic, mail_sink, wednesday
):
    sweep_plans()
    send_due()
    [mail] = mail_sink.taken
    assert mail["To"] == "ada@example.org"

    come_in(page, live_server, "sam")
    expect(page.locator("tbody tr")).to_contain_text("First reminder")
    record_given(page)

    wednesday.move_to(datetime(2026, 1, 12, 10, 0, tzinfo=UTC))
    sweep_plans()
    send_due()
    about_it = Message.objects.filter(kind="missed_injection", about_on=date(2026, 1, 5))
    assert [message.state for message in about_it] == ["sent"]
    come_in(page, live_server, "sam")
    page.get_by_role("link", name="Ada Sample").first.click()
    page.get_by_role("link", name="Messages", exact=True).last.click()
    expect(page.get_by_role("heading", name="What was said when")).to_be_visible()
    look(page, "messages-of-a-patient")


def test_a_patient_who_opts_out_gets_nothing_more(page: Page, live_server, clinic, mail_sink):
    sweep_plans()
    come_in(page, live_server, "sam")
    page.get_by_role("link", name="Ada Sample").first.click()
    page.get_by_role("link", name="Edit details").click()
    page.get_by_label("Agrees to e-mail messages").uncheck()
    look(page, "patient-consents")
    page.get_by_role("button", name="Save").click()

    send_due()

    assert mail_sink.taken == []
    page.goto(f"{live_server.url}/messages/?state=withdrawn")
    expect(page.locator("tbody")).to_contain_text("The patient does not agree to this kind of message.")


def test_all_messages_are_paused_and_let_go_again(page: Page, live_server, clinic, mail_sink):
    sweep_plans()
    come_in(page, live_server, "sam")
    page.get_by_role("link", name="Pause all messages").click()
    look(page, "messages-pause")
    page.get_by_label("Why do all messages wait?").fill("Moving to new rooms")
    page.get_by_role("button", name="Pause all messages").click()
    expect(page.get_by_text("Sam Example paused them on Wed 7 Jan 2026 at 10:00")).to_be_visible()
    expect(page.locator("tbody tr")).to_contain_text("Waits until messages go again")
    look(page, "messages-paused")

    send_due()
    assert mail_sink.taken == []

    page.get_by_role("link", name="Let them go").click()
    look(page, "messages-pause-lift")
    page.get_by_role("button", name="Let them go").click()
    expect(page.get_by_text("Messages go out again")).to_be_visible()
    send_due()
    assert len(mail_sink.taken) == 1


def test_a_wording_is_previewed_on_a_patient_and_kept(page: Page, live_server, clinic):
    ada = clinic.patients.get()
    a_message(ada, kind="missed_injection", about_on=date(2026, 1, 5), urgent=False)
    come_in(page, live_server, "kim", "/messages/wording/")
    look(page, "wordings")
    page.get_by_role("link", name=re.compile("Missed injection, Every step, English")).click()
    page.get_by_label("What it says").fill("We missed you on {day}. Please come for {about}.")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(
        page.get_by_text("We missed you on Monday 5 January 2026. Please come for an appointment.")
    ).to_be_visible()
    look(page, "wording-previewed")
    page.get_by_label("Patient", exact=True).fill("Sample")
    page.keyboard.press("Enter")
    expect(page.get_by_text("To Ada Sample")).to_be_visible()
    page.get_by_label("What it says").fill("Book at www.example.org")
    page.get_by_role("button", name="Save these words").click()
    expect(page.get_by_role("alert")).to_contain_text("may become a link")
    look(page, "wording-refused")
    page.get_by_label("What it says").fill("We missed you on {day}. Please come for {about}.")
    page.get_by_role("button", name="Save these words").click()
    expect(page.get_by_text("the clinic's own")).to_be_visible()


def test_a_rung_of_the_ladder_is_changed(page: Page, live_server, clinic):
    come_in(page, live_server, "kim", "/messages/set-up/")
    look(page, "reminders-set-up")
    page.get_by_role("link", name=re.compile("Missed injection, maintenance, Second reminder")).click()
    page.get_by_label("Days after").fill("10")
    look(page, "reminders-rung")
    page.get_by_role("button", name="Save the rung").click()
    expect(page.get_by_text("The rung is saved.")).to_be_visible()
    expect(page.get_by_text("The clinic's own rungs.")).to_be_visible()
