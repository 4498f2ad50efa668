"""A prescriber's decisions on a running regimen: reviews, pauses, directions, and what waits on the worklist."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from regimens.models import Direction, Pause, Phase, Regimen, Revision
from regimens.queries.directions import direction_in_force
from regimens.tasks import sweep_late_doses, sweep_paused_regimens
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, SIX_DOSES, WEEKLY, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

NOW = datetime(2026, 1, 26, 12, 0, tzinfo=UTC)
TODAY = date(2026, 1, 26)
OPEN = replace(SIX_DOSES, gaps=(), doses=None, horizon=11, ends_when="No further improvement at a review.")
AFTERWARDS = replace(EVERY_THREE_MONTHS, starts_by_decision=True)
REVIEW = {
    "symptoms": "Tingling less",
    "signs": "Vibration felt at the ankles",
    "gait": "Steady",
    "change": "improving",
    "what_changed": "Walks without a stick",
    "decision": "goes_on",
    "next_in_days": "14",
    "reason": "",
}
PAUSE = {"from_on": "2026-01-26", "until_on": "2026-02-09", "reason": "In hospital"}
DIRECTION = {"from_on": "2026-01-26", "until_on": "2026-06-30"}


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def doctor():
    clinic = a_clinic(open_weekdays=[0, 1, 2, 3, 4, 5, 6])
    return a_user(clinic, "prescriber", first_name="Robin", last_name="Example")


@pytest.fixture
def regimen(doctor):
    """An open neurological loading given on 5 and 25 January: its first review is due today."""
    patient = a_patient(doctor.memberships.get().clinic, name="Nora Canary")
    regimen = a_regimen(patient, doctor, OPEN, AFTERWARDS, neurological=True)
    give(regimen, doctor, date(2026, 1, 5))
    give(regimen, doctor, date(2026, 1, 25))
    regimen.refresh_from_db()
    return regimen


@pytest.fixture
def visitor(client, doctor):
    return signed_in(client, doctor)


def address(page, regimen):
    parts = [regimen.public_id, 0] if page == "review_loading" else [regimen.public_id]
    return reverse(f"regimens:{page}", args=parts)


def text(answer):
    return " ".join(answer.content.decode().split())


def chart(visitor, regimen):
    return text(visitor.get(reverse("regimens:chart", args=[regimen.patient.public_id])))


def primary(shown):
    """The label of the page's primary button."""
    found = re.search(r'class="btn btn-primary[^>]*>(.*?)</a>', shown)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


class TestANeurologicalReview:
    def test_a_due_review_stands_on_worklist_and_chart(self, visitor, regimen):
        due = "Neurological review due Mon 26 Jan, today"
        assert due in text(visitor.get(reverse("regimens:worklist")))
        assert due in chart(visitor, regimen)

    def test_not_the_day_before(self, visitor, regimen):
        with time_machine.travel(datetime(2026, 1, 25, 12, 0, tzinfo=UTC), tick=False):
            assert "Neurological review due" not in text(visitor.get(reverse("regimens:worklist")))
            assert "Neurological review due Mon 26 Jan, in 1 day" in chart(visitor, regimen)

    @pytest.mark.parametrize(("day", "warns"), [(25, True), (26, False)])
    def test_an_early_end_is_warned_of_with_its_source_before_it_is_signed(
        self, visitor, regimen, day, warns
    ):
        with time_machine.travel(datetime(2026, 1, day, 12, 0, tzinfo=UTC), tick=False):
            shown = text(visitor.get(address("review_loading", regimen)))
        assert ("Ending the loading now would be early" in shown) is warns
        assert ("first review is due on day 21, 26 January 2026" in shown) is warns
        assert shown.count("BNF and BSH: until no further improvement") == (2 if warns else 1)

    def test_going_on_sets_the_next_review(self, visitor, regimen):
        answer = visitor.post(address("review_loading", regimen), REVIEW | {"version": regimen.version})
        assert answer.url == reverse("regimens:chart", args=[regimen.patient.public_id])
        shown = chart(visitor, regimen)
        assert "Neurological review due Mon 9 Feb, in 14 days" in shown
        assert "Symptoms: Tingling less · Signs: Vibration felt at the ankles · Gait: Steady" in shown

    def test_an_improving_patient_is_not_moved_on_without_a_reason(self, visitor, regimen):
        ends = REVIEW | {"decision": "ends", "version": regimen.version}
        answer = visitor.post(address("review_loading", regimen), ends)
        assert answer.status_code == 422
        assert "Write why it ends now." in text(answer)
        assert (
            visitor.post(address("review_loading", regimen), ends | {"reason": "Her wish"}).status_code == 302
        )
        assert next_dose(regimen).phase.kind == "maintenance"

    @pytest.mark.parametrize("days", ["", "13", "22"])
    def test_the_interval_is_the_policys(self, visitor, regimen, days):
        answer = visitor.post(
            address("review_loading", regimen), REVIEW | {"next_in_days": days, "version": regimen.version}
        )
        assert (answer.status_code, "Choose 14 to 21 days." in text(answer)) == (422, True)
        assert Phase.objects.get(regimen=regimen, ordinal=0).review_on == TODAY

    def test_the_page_that_ends_other_phases_leads_here(self, visitor, regimen):
        answer = visitor.get(reverse("regimens:end_phase", args=[regimen.public_id, 0]))
        assert answer.url == address("review_loading", regimen)


class TestAPause:
    def test_chart_and_banner_say_until_when(self, visitor, regimen):
        visitor.post(
            address("pause", regimen), PAUSE | {"reason": "In hospital.", "version": regimen.version}
        )
        shown = chart(visitor, regimen)
        assert shown.count("Paused until Mon 9 Feb") == 2
        assert "by Robin Example: In hospital. Nobody waits" in shown
        assert "Nora Canary" not in text(visitor.get(reverse("regimens:due_list")))

    def test_a_loading_under_way_warns(self, visitor, regimen):
        assert "Early injections that are missed or late prolong repletion" in text(
            visitor.get(address("pause", regimen))
        )

    def test_maintenance_does_not(self, visitor, doctor):
        kept = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, EVERY_THREE_MONTHS)
        assert "prolong repletion" not in text(visitor.get(address("pause", kept)))

    @pytest.mark.parametrize(("until", "listed"), [("2026-02-02", True), ("2026-02-03", False)])
    def test_the_worklist_shows_what_ends_within_a_week(self, visitor, regimen, until, listed):
        visitor.post(address("pause", regimen), PAUSE | {"until_on": until, "version": regimen.version})
        assert ("Pause ends" in text(visitor.get(reverse("regimens:worklist")))) is listed

    def test_whoever_may_resumes_it_first_and_nobody_is_led_to_another_plan(self, visitor, client, regimen):
        visitor.post(address("pause", regimen), PAUSE | {"version": regimen.version})
        assert primary(chart(visitor, regimen)) == "Resume"
        nurse = signed_in(client, a_user(regimen.clinic, "nurse"))
        assert primary(chart(nurse, regimen)) == ""

    def test_it_is_resumed_by_hand_from_the_chart(self, visitor, regimen):
        visitor.post(address("pause", regimen), PAUSE | {"version": regimen.version})
        assert address("resume", regimen) in chart(visitor, regimen)
        visitor.post(address("resume", regimen), {"version": regimen.version + 1, "reason": "Home"})
        assert (Regimen.objects.get().state, Pause.objects.get().ended_on) == ("active", TODAY)

    def test_and_by_the_beat_on_its_day_in_the_clinics_own_zone(self, visitor, regimen):
        clinic = regimen.clinic
        clinic.time_zone = "Pacific/Kiritimati"  # fourteen hours ahead of UTC
        clinic.save()
        visitor.post(address("pause", regimen), PAUSE | {"from_on": "2026-01-27", "version": regimen.version})
        with time_machine.travel(datetime(2026, 2, 8, 9, 59, tzinfo=UTC), tick=False):
            assert sweep_paused_regimens() == 0
        with time_machine.travel(datetime(2026, 2, 8, 10, 1, tzinfo=UTC), tick=False):
            assert sweep_paused_regimens() == 1
            assert sweep_paused_regimens() == 0


class TestADirection:
    def test_it_is_signed_shown_and_ended(self, visitor, regimen):
        visitor.post(address("direction", regimen), DIRECTION)
        assert "Mon 26 Jan to Tue 30 Jun, signed by Robin Example." in chart(visitor, regimen)
        assert direction_in_force([regimen], TODAY)
        visitor.post(address("end_direction", regimen))
        assert "None signed; the regimen itself is the prescription." in chart(visitor, regimen)

    def test_days_in_the_wrong_order_are_refused(self, visitor, regimen):
        answer = visitor.post(address("direction", regimen), DIRECTION | {"until_on": "2026-01-25"})
        assert (answer.status_code, Direction.objects.exists()) == (422, False)


class TestTheWorklist:
    def test_a_late_dose_waits_before_it_is_given(self, client, doctor):
        late = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, WEEKLY)
        give(late, doctor, date(2026, 1, 5), drug="cyanocobalamin")
        with time_machine.travel(datetime(2026, 1, 27, 12, 0, tzinfo=UTC), tick=False):
            assert sweep_late_doses() == 1
            visitor = signed_in(client, doctor)
            listed = text(visitor.get(reverse("regimens:worklist")))
            assert reverse("regimens:decide_late_dose", args=[next_dose(late).public_id]) in listed
            assert "A late dose waits for a decision" in chart(visitor, late)

    def test_the_history_says_what_was_decided(self, client, doctor):
        late = a_regimen(a_patient(doctor.memberships.get().clinic), doctor, WEEKLY)
        give(late, doctor, date(2026, 1, 5), drug="cyanocobalamin")
        late.refresh_from_db()
        with time_machine.travel(datetime(2026, 2, 9, 12, 0, tzinfo=UTC), tick=False):
            visitor = signed_in(client, doctor)
            visitor.post(
                reverse("regimens:decide_late_dose", args=[next_dose(late).public_id]),
                {"version": late.version, "new_neuro": "no", "choice": "reanchor", "reason": "Abroad"},
            )
            shown = chart(visitor, late)
        assert "Late-dose decision: count from the last injection by Robin Example – Abroad" in shown
        assert "Mon 12 Jan → Mon 9 Feb" in shown

    def test_somebody_who_moved_with_a_plan_is_shown_for_a_decision(self, visitor, regimen):
        regimen.patient.moved_on = TODAY
        regimen.patient.save()
        listed = text(visitor.get(reverse("regimens:worklist")))
        assert "Moved away on Mon 26 Jan; the regimen is still running." in listed
        assert "Neurological review due" not in listed

    def test_a_nurse_reads_and_does_not_decide(self, client, regimen):
        nurse = a_user(regimen.clinic, "nurse")
        listed = text(signed_in(client, nurse).get(reverse("regimens:worklist")))
        assert "Neurological review due" in listed
        assert address("review_loading", regimen) not in listed


@pytest.mark.parametrize(
    ("page", "sent", "kind"),
    [("review_loading", REVIEW, "reviewed"), ("pause", PAUSE, "paused")],
)
def test_a_page_gone_stale_is_told_who_was_first(visitor, regimen, page, sent, kind):
    answer = visitor.post(address(page, regimen), sent | {"version": regimen.version - 1})
    assert answer.status_code == 409
    assert "Robin Example changed this regimen on" in text(answer)
    assert not Revision.objects.filter(kind=kind).exists()


PAGES = {"review_loading": REVIEW, "pause": PAUSE, "resume": {"reason": ""}, "direction": DIRECTION}


@pytest.mark.parametrize("role", ["prescriber", "nurse", "administrator"])
@pytest.mark.parametrize("page", PAGES)
def test_only_a_prescriber_opens_it(client, regimen, page, role):
    answer = signed_in(client, a_user(regimen.clinic, role)).get(address(page, regimen))
    assert answer.status_code == (200 if role == "prescriber" else 403)


@pytest.mark.parametrize("page", [*PAGES, "end_direction"])
def test_another_clinic_changes_nothing(client, regimen, page):
    stranger = a_user(a_clinic(), "prescriber")
    sent = PAGES.get(page, {}) | {"version": regimen.version}
    answer = signed_in(client, stranger).post(address(page, regimen), sent)
    assert (answer.status_code, b"Canary" in answer.content) == (404, False)
    assert Regimen.objects.get().version == regimen.version
