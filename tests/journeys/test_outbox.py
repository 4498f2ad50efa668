"""The outbox in a real browser, by keyboard, at a desk and on a phone."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from b12clinic.accounts.models import Role
from b12clinic.messages.models import Audience
from b12clinic.vocabulary import Channel
from tests.factories.messages import a_letter, a_message, a_reachable_patient
from tests.factories.people import a_clinic, a_user
from tests.journeys.looking import look, sign_in
from tests.sinks.posting import dealt_with

__all__ = ["dealt_with"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def nurse():
    clinic = a_clinic(name="Harbour Street Example", contact_email="clinic@example.org")
    ada = a_reachable_patient(clinic, name="Ada Example")
    other = a_reachable_patient(clinic, name="Benjamin Example-Featherstonehaugh", email="b@example.org")
    refused = "The mail server refused it: 550 5.1.1 <a•••@example.org>: no such user"
    no_word = "The mail server was handed the message and did not answer; it may have arrived."
    a_message(
        ada, kind="missed_injection", state="sent", sent_at=NOON, recipient="ada@example.org", attempts=1
    )
    a_message(other, kind="overdue_recheck", why="The mail server cannot be used: it does not answer.")
    a_message(
        other,
        kind="overdue_recheck",
        audience=Audience.CLINIC,
        channel=Channel.INBOX,
        state="sent",
        sent_at=NOON,
    )
    a_message(ada, kind="overdue_recheck", state="withdrawn", why="The results were entered.")
    a_message(other, kind="missed_injection", state="uncertain", handed_over_at=NOON, attempts=1, why=no_word)
    a_message(ada, kind="missed_injection", state="failed", attempts=1, why=refused)
    return a_user(clinic, Role.NURSE, first_name="Nora", last_name="Example")


def test_a_nurse_finds_the_failed_message_and_sends_it_again(page: Page, live_server, nurse):
    sign_in(page, live_server.url, nurse.username)
    page.goto(f"{live_server.url}/messages/")
    look(page, "messages")

    page.get_by_role("navigation", name="States of messages").get_by_role(
        "link", name="Need a decision"
    ).click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Send again").first.click()
    look(page, "messages-send-again")

    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it should be sent again.")
    look(page, "messages-send-again-without-a-reason")
    page.get_by_label("Why should it be sent again?").fill("New address on the telephone")
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_text("It goes out again with the next run.")).to_be_visible()
    page.get_by_label("How", exact=True).select_option("inbox")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(f"{live_server.url}/messages/?q=&kind=&channel=inbox&to=")


def test_a_nurse_settles_what_need_not_be_sent_again(page: Page, live_server, nurse):
    sign_in(page, live_server.url, nurse.username)
    page.goto(f"{live_server.url}/messages/?state=decision")
    look(page, "messages-to-decide")

    page.locator("tbody tr", has_text="Benjamin").get_by_role("link", name="Settle").click()
    look(page, "messages-settle")
    page.get_by_role("button", name="Settle it").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what you know of it.")
    look(page, "messages-settle-without-an-answer")
    page.get_by_label("It arrived").check()
    page.get_by_label("How do you know?").fill("He thanked us for it")
    page.get_by_role("button", name="Settle it").click()
    expect(page.get_by_text("nobody is asked about it any more")).to_be_visible()

    page.goto(f"{live_server.url}/messages/?state=decision")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Settle").click()
    look(page, "messages-settle-failed")
    page.get_by_label("How do you know?").fill("Told her on the telephone")
    page.get_by_role("button", name="Settle it").click()
    page.goto(f"{live_server.url}/messages/?state=withdrawn")
    expect(page.get_by_text("Told her on the telephone")).to_be_visible()


def test_a_nurse_who_pauses_all_messages_reads_that_a_severe_reaction_waits_too(
    page: Page, live_server, nurse
):
    patient = a_reachable_patient(nurse.memberships.get().clinic, name="Carla Example")
    a_message(patient, kind="urgent_reaction", audience=Audience.PRESCRIBER, channel=Channel.INBOX)
    sign_in(page, live_server.url, nurse.username)
    page.goto(f"{live_server.url}/messages/pause/")
    expect(page.get_by_text("1 message about a severe reaction would wait too")).to_be_visible()
    look(page, "messages-pause")

    page.get_by_label("Why do all messages wait?").fill("Moving")
    page.get_by_role("button", name="Pause all messages").click()
    page.goto(f"{live_server.url}/messages/pause/")
    look(page, "messages-paused")
    page.get_by_role("link", name="See them").click()
    expect(page.locator("tbody tr")).to_have_count(1)


@pytest.mark.usefixtures("dealt_with")
def test_a_nurse_prints_the_letters_that_wait(page: Page, live_server, nurse):
    clinic = nurse.memberships.get().clinic
    sign_in(page, live_server.url, nurse.username)
    page.goto(f"{live_server.url}/messages/letters/")
    look(page, "letters-none")

    for _ in range(3):
        a_letter(clinic)
    page.goto(f"{live_server.url}/messages/")
    page.get_by_role("link", name="Letters to print").click()
    expect(page.get_by_text("3 letters wait to be printed.")).to_be_visible()
    look(page, "letters-waiting")
    page.get_by_role("button", name="Make the batch").click()

    expect(page.get_by_text("A batch of 3 letters is made: download, print and post it.")).to_be_visible()
    look(page, "letters")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    assert download.value.suggested_filename.startswith("letters-")
