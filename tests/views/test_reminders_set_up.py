from datetime import UTC, datetime, time

import pytest
import time_machine

from b12clinic.messages.models import ClinicMessaging, LadderStep
from tests.factories.messages import a_message
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = pytest.mark.django_db
URL = "/messages/set-up/"
RUNG = "/messages/set-up/rung/?kind=missed_injection&phase=maintenance&code=overdue_again"
HOURS = {"version": "1", "sweeps_from": "07:00", "sends_from": "09:00", "sends_until": "18:00"}
CHANGED = {"version": "1", "days": "10", "audience": "patient", "channel": ""}
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def admin(client, clinic):
    return signed_in(client, a_user(clinic, "administrator", first_name="Nora", last_name="Example"))


def body(answer):
    return " ".join(answer.content.decode().split())


def test_the_ladder_is_shown_as_rows_and_marked_as_local_policy(admin):
    shown = body(admin.get(URL))
    for said in ("local policy", "Missed injection, neurological loading", "7 days before", "28 days after"):
        assert said in shown


@pytest.mark.parametrize("there", [URL, RUNG, "/messages/wording/"])
def test_the_set_up_of_reminders_lies_under_the_clinic(admin, there):
    current = [entry.label for entry in admin.get(there).context["navigation"].entries if entry.current]
    assert current == ["Clinic"]


def test_hours_are_saved(admin):
    assert admin.post(URL, HOURS).status_code == 302
    row = ClinicMessaging.objects.get()
    assert (row.sends_from, row.sends_until, row.daily_digest) == (time(9), time(18), False)


def test_hours_that_cannot_be_are_refused(admin):
    answer = admin.post(URL, HOURS | {"sends_until": "09:00"})
    assert answer.status_code == 422
    assert "The hours of sending end after they begin." in body(answer)


def test_the_second_of_two_who_save_is_told_and_may_save_again(admin):
    admin.post(URL, HOURS)
    answer = admin.post(URL, HOURS | {"sends_from": "10:00"})
    assert answer.status_code == 409
    assert 'name="version" value="2"' in body(answer)
    assert 'value="10:00"' in body(answer)


def test_a_rung_is_changed_added_removed_and_all_reset(admin):
    assert "Days after" in body(admin.get(RUNG))
    assert admin.post(RUNG, CHANGED)["Location"] == URL
    assert LadderStep.objects.get(phase="maintenance", code="overdue_again").days == 10

    new = RUNG.replace("&code=overdue_again", "")
    admin.post(new, CHANGED | {"version": "2", "audience": "nurse", "urgent": "on"})
    added = LadderStep.objects.get(code__startswith="own_")
    assert (added.days, added.audience, added.urgent) == (10, "nurse", True)

    admin.post(RUNG, {"version": "3", "remove": "1"})
    assert not LadderStep.objects.filter(phase="maintenance", code="overdue_again").exists()

    admin.post("/messages/set-up/reset/", {"version": "4"})
    assert not LadderStep.objects.exists()


def test_days_before_are_typed_without_a_minus(admin):
    there = "/messages/set-up/rung/?kind=injection_due&phase=maintenance&code=due_soon"
    assert 'value="7"' in body(admin.get(there))
    admin.post(there, CHANGED | {"days": "5"})
    assert LadderStep.objects.get(kind="injection_due", phase="maintenance").days == -5


def test_a_rung_changed_meanwhile_is_a_conflict(admin):
    admin.post(RUNG, CHANGED)
    assert admin.post(RUNG, CHANGED | {"days": "12"}).status_code == 409
    assert admin.post("/messages/set-up/reset/", {"version": "1"}).status_code == 409


def test_a_rung_that_cannot_be_says_so_beside_its_field(admin):
    answer = admin.post(RUNG, CHANGED | {"channel": "inbox"})
    assert answer.status_code == 422
    assert "Patients have no inbox here" in body(answer)


@pytest.mark.parametrize(
    "query", ["", "?kind=digest", "?kind=missed_injection", "?kind=review_due&code=never"]
)
def test_a_rung_that_is_not_there_is_404(admin, query):
    assert admin.get(f"/messages/set-up/rung/{query}").status_code == 404


def test_a_nurse_pauses_all_messages_and_the_pages_say_who_when_and_why(client, clinic):
    nurse = signed_in(client, a_user(clinic, "nurse", first_name="Nora", last_name="Example"))
    with time_machine.travel(NOON, tick=False):
        assert nurse.post("/messages/pause/", {"why": " "}).status_code == 422
        assert nurse.post("/messages/pause/", {"why": "Moving"})["Location"] == "/messages/"
        assert nurse.post("/messages/pause/", {"why": "Moving"}).status_code == 409

        said = "Nora Example paused them on Sun 22 Nov 2026 at 12:00: Moving"
        assert said in body(nurse.get("/messages/"))
        assert said in body(nurse.get("/messages/pause/"))
        assert nurse.get(URL).status_code == 403
        assert said in body(signed_in(client, a_user(clinic, "administrator")).get(URL))

        assert client.post("/messages/pause/", {"lift": "1"}).status_code == 302
        assert said not in body(client.get("/messages/"))


def test_the_page_of_the_pause_names_messages_about_severe_reactions_that_wait_too(client, clinic):
    nurse = signed_in(client, a_user(clinic, "nurse"))
    severe = {"kind": "urgent_reaction", "audience": "prescriber", "urgent": True}
    a_message(a_patient(a_clinic()), **severe)
    a_message(a_patient(clinic), kind="missed_injection")
    a_message(a_patient(clinic), **severe, state="sending", leased_until=NOON)
    asked = body(nurse.get("/messages/pause/"))
    assert "not even one about a severe reaction" in asked
    assert "wait too" not in asked

    a_message(a_patient(clinic), **severe)
    assert "1 message about a severe reaction would wait too" in body(nurse.get("/messages/pause/"))

    nurse.post("/messages/pause/", {"why": "Moving"})
    a_message(a_patient(clinic), **severe)
    page = body(nurse.get("/messages/pause/"))
    assert "2 messages about severe reactions wait too" in page
    assert "tell a prescriber in person or by telephone" in page
    assert 'href="/messages/?kind=urgent_reaction&amp;state=waiting"' in page


def test_a_prescriber_sees_the_pause_but_cannot_lift_it(client, clinic):
    by = a_user(clinic, "nurse")
    ClinicMessaging.objects.create(clinic=clinic, paused_at=NOON, paused_by=by, paused_why="Moving")
    prescriber = signed_in(client, a_user(clinic, "prescriber"))
    assert "All messages of this clinic wait" in body(prescriber.get("/messages/"))
    assert "Let them go" not in body(prescriber.get("/messages/"))
