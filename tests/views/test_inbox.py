"""The inbox: who waits, in what order, under which filters; acknowledging, taking and handing over."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from monitoring.models import InboxItem
from tests.factories.inbox import ARRIVED, an_item
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.data]

NOW = datetime(2026, 1, 8, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def doctor(clinic):
    return a_user(clinic, first_name="Robin", last_name="Example")


@pytest.fixture
def other(clinic):
    return a_user(clinic, first_name="Mina", last_name="Example")


@pytest.fixture
def visitor(client, doctor):
    return signed_in(client, doctor)


@pytest.fixture
def ada(clinic):
    return a_patient(clinic, name="Ada Example", record_number="R-1")


@pytest.fixture
def ben(clinic):
    return a_patient(clinic, name="Ben Sample", record_number="R-2")


def inbox(visitor, **asked):
    return visitor.get(reverse("monitoring:inbox"), asked)


def words(answer):
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def send(visitor, act, query="", **data):
    return visitor.post(reverse(f"monitoring:{act}") + query, data)


def names(answer):
    return [patient.name for patient in answer.context["patients"]]


def tabs(answer):
    return {tab["label"]: tab["count"] for tab in answer.context["tabs"]}


def a_low_potassium(patient, **fields):
    given = {"critical": True, "reference_low": "3.5", "reference_high": "5.3", "taken_on": date(2026, 1, 5)}
    return an_item(patient, "potassium", "2.9", **given | fields)


class TestRows:
    def test_a_row_says_who_what_how_it_was_before_since_when_and_who_sees_to_it(self, visitor, ada, other):
        a_result(ada, "potassium", "4.1", "mmol/L", taken_on=date(2025, 12, 29))
        a_low_potassium(ada, owner=other)

        text = words(inbox(visitor))

        assert "Ada Example born 2 Mar 1948 · Record R-1" in text
        assert (
            "Potassium of Ada Example Critical 2.9 mmol/L Low 3.5 to 5.3 mmol/L 4.1 mmol/L Mon 29 Dec 2025 Mon 5 Jan "
            "imported 3 days Mina Example" in text
        )

    def test_without_a_range_the_clinics_stands_there_and_what_only_the_laboratory_calls_abnormal_says_so(
        self, visitor, ada
    ):
        an_item(ada, abnormal=True)
        an_item(ada, "ferritin", "6", abnormal=True)
        text, own = words(inbox(visitor)), "by this clinic&#x27;s ranges:"

        assert f"130 g/L Abnormal 13.0 g/dL = 8.1 mmol/L from 120 g/L {own} WHO 2011, 2024 none" in text
        assert f"6 µg/L Low 13 pmol/L from 30 µg/L {own} local policy none" in text

    def test_a_comparator_stays_with_its_value(self, visitor, ada):
        an_item(ada, "ferritin", "<5", abnormal=True, reference_low="15", reference_high="150")

        assert "<5 µg/L" in words(inbox(visitor)).replace("&lt;", "<")

    def test_a_typed_value_names_who_typed_it(self, visitor, ada, clinic):
        an_item(ada, recorded_by=a_user(clinic, "nurse", first_name="Nia", last_name="Example"))

        assert "typed by Nia Example" in words(inbox(visitor))

    def test_a_corrected_result_stands_for_the_old_one_with_who_had_acknowledged_that(
        self, visitor, ada, other
    ):
        old = an_item(
            ada,
            "potassium",
            "2.9",
            abnormal=True,
            acknowledged_by=other,
            acknowledged_at=datetime(2026, 1, 6, 10, 2, tzinfo=UTC),
        )
        an_item(ada, "potassium", "3.9", supersedes=old.result, why="Corrected by the laboratory in b.hl7.")

        answer = inbox(visitor)

        assert (
            "Corrected was 2.9 mmol/L, acknowledged by Mina Example on Tue 6 Jan at 10:02 "
            "Corrected by the laboratory in b.hl7." in words(answer)
        )
        assert tabs(answer)["Everything"] == 1

    def test_what_was_corrected_unseen_leaves_one_row(self, visitor, ada):
        old = a_low_potassium(ada)
        an_item(ada, "potassium", "3.9", supersedes=old.result, why="Misread")

        answer = inbox(visitor)

        assert tabs(answer) == {"Everything": 1, "Critical": 0, "Abnormal": 0, "Mine": 0, "Unassigned": 1}
        assert "was 2.9 mmol/L Misread" in words(answer)

    def test_a_result_entered_in_error_leaves_the_inbox(self, visitor, ada):
        item = a_low_potassium(ada)
        a_result(
            ada, "potassium", "2.9", "mmol/L", supersedes=item.result, entered_in_error=True, why="Not hers"
        )

        answer = inbox(visitor)

        assert names(answer) == []
        assert "Nothing waits here" in words(answer)

    def test_somebody_who_died_is_said_to_have(self, visitor, clinic):
        an_item(a_patient(clinic, name="Carla Gone", died_on=date(2026, 1, 7)))

        assert "Died 7 Jan 2026" in words(inbox(visitor))


class TestOrderAndFilters:
    def test_the_most_pressing_patient_comes_first_and_the_longest_wait_before_the_shorter(
        self, visitor, ada, ben, clinic
    ):
        carla, dan = a_patient(clinic, name="Carla Specimen"), a_patient(clinic, name="Dan Testcase")
        an_item(ada, arrived_at=ARRIVED - timedelta(days=9))
        an_item(ben, abnormal=True, arrived_at=ARRIVED)
        an_item(carla, abnormal=True, arrived_at=ARRIVED - timedelta(days=1))
        an_item(dan)
        a_low_potassium(dan)

        answer = inbox(visitor)

        assert names(answer) == ["Dan Testcase", "Carla Specimen", "Ben Sample", "Ada Example"]
        assert [line.label for line in answer.context["patients"][0].lines] == ["Potassium", "Haemoglobin"]

    def test_counts_agree_with_the_rows_of_each_choice(self, visitor, ada, ben, doctor, other):
        a_low_potassium(ada, owner=doctor)
        an_item(ada, abnormal=True, owner=other)
        an_item(ben)
        an_item(ben, acknowledged_by=doctor, acknowledged_at=NOW)

        counted = tabs(inbox(visitor))

        assert counted == {"Everything": 3, "Critical": 1, "Abnormal": 2, "Mine": 1, "Unassigned": 1}
        for label, count in counted.items():
            answer = inbox(visitor, show=label.lower())
            assert sum(len(patient.lines) for patient in answer.context["patients"]) == count
            assert f"{count} of {count} result" in words(answer)

    @pytest.mark.parametrize("text", ["ben", "Sample", "R-2", "r2"])
    def test_a_patient_is_found_by_name_or_number_and_the_counts_follow(self, visitor, ada, ben, text):
        a_low_potassium(ada)
        an_item(ben)

        answer = inbox(visitor, q=text)

        assert names(answer) == (["Ben Sample"] if text != "r2" else [])
        assert tabs(answer)["Critical"] == 0

    def test_one_patient_alone(self, visitor, ada, ben):
        an_item(ada)
        an_item(ben)

        answer = inbox(visitor, patient=str(ben.public_id))

        assert names(answer) == ["Ben Sample"]
        event = AuditEvent.objects.get(action="inbox.viewed")
        assert (event.patient_id, event.after) == (ben.pk, {"show": "everything", "shown": 1})

    def test_nonsense_in_the_address_is_left_out(self, visitor, ada):
        an_item(ada)
        for asked in ({"show": "x"}, {"patient": "x"}, {"after": "x"}, {"after": "1~2~3"}, {"q": "\x00"}):
            assert names(inbox(visitor, **asked)) == ["Ada Example"]

    def test_pages_by_key_show_everybody_once(self, visitor, clinic):
        for number in range(30):
            patient = a_patient(clinic, name=f"Person {number:02}")
            an_item(patient, abnormal=number % 2 == 0, arrived_at=ARRIVED + timedelta(minutes=number // 3))
        seen, url = [], reverse("monitoring:inbox")
        while url:
            answer = visitor.get(url)
            seen += names(answer)
            url = answer.context["next_url"]

        assert len(seen) == len(set(seen)) == 30
        assert seen[:2] == ["Person 00", "Person 02"]
        assert seen[15:17] == ["Person 01", "Person 03"]

    def test_of_a_patient_with_many_some_are_shown_and_the_rest_counted(self, visitor, ada):
        for _ in range(18):
            an_item(ada)

        answer = inbox(visitor)

        [patient] = answer.context["patients"]
        assert (len(patient.lines), patient.more) == (15, 3)
        assert "3 more of Ada Example" in words(answer)
        assert len(visitor.get(patient.alone_url).context["patients"][0].lines) == 18

    def test_the_page_takes_the_same_queries_for_one_row_and_for_many(
        self, visitor, ada, clinic, django_assert_num_queries
    ):
        a_result(ada, "potassium", "4.1", "mmol/L", taken_on=date(2025, 12, 29))
        a_low_potassium(ada)
        inbox(visitor)
        with django_assert_num_queries(12):
            inbox(visitor)
        for number in range(10):
            patient = a_patient(clinic, record_number=f"M-{number}")
            a_result(patient, "potassium", "4.1", "mmol/L", taken_on=date(2025, 12, 29))
            a_low_potassium(patient, owner=a_user(clinic))
        with django_assert_num_queries(12):
            inbox(visitor)


class TestActs:
    def test_what_is_selected_is_acknowledged_with_a_note_and_the_list_stays_as_asked(
        self, visitor, ada, ben, doctor
    ):
        first, second, third = a_low_potassium(ada), an_item(ada), an_item(ben)

        answer = send(
            visitor,
            "acknowledge_results",
            "?show=unassigned",
            result=[first.result.public_id, third.result.public_id],
            note="Rang her",
        )

        assert answer["Location"] == reverse("monitoring:inbox") + "?show=unassigned"
        assert "2 results acknowledged." in words(visitor.get(answer["Location"]))
        assert list(InboxItem.objects.waiting()) == [second]
        assert InboxItem.objects.get(pk=first.pk).note == "Rang her"

    def test_all_of_a_patient_is_what_the_page_showed_of_them(self, visitor, ada, ben):
        shown, of_another = [an_item(ada), an_item(ada)], an_item(ben)
        came_since = a_low_potassium(ada)

        send(
            visitor,
            "acknowledge_results",
            patient=ada.public_id,
            shown=[item.result.public_id for item in (*shown, of_another)],
        )

        assert set(InboxItem.objects.waiting()) == {of_another, came_since}

    def test_the_second_of_two_sees_who_and_when_and_the_others_are_acknowledged(self, visitor, ada, other):
        taken = a_low_potassium(ada, acknowledged_by=other, acknowledged_at=NOW - timedelta(minutes=3))
        free = an_item(ada)

        answer = send(visitor, "acknowledge_results", result=[taken.result.public_id, free.result.public_id])

        assert answer.status_code == 409
        assert "1 result acknowledged. Somebody was there before you:" in words(answer)
        assert (
            "Potassium 2.9 mmol/L of Ada Example was acknowledged by Mina Example on Thu 8 Jan at 09:27."
            in words(answer)
        )
        assert not InboxItem.objects.waiting().exists()

    def test_sent_twice_by_one_person_it_is_simply_done(self, visitor, ada):
        item = an_item(ada)
        for _ in range(2):
            answer = send(visitor, "acknowledge_results", result=[item.result.public_id])
            assert answer.status_code == 302
        assert AuditEvent.objects.filter(action="results.acknowledged").count() == 1

    def test_a_row_corrected_meanwhile_is_left_with_what_it_became(self, visitor, ada):
        old = an_item(ada, "potassium", "2.9")
        an_item(ada, "potassium", "3.9", supersedes=old.result, why="Misread")

        answer = send(visitor, "acknowledge_results", result=[old.result.public_id])

        assert answer.status_code == 409
        assert "was corrected meanwhile to 3.9 mmol/L; look at the new value." in words(answer)

    @pytest.mark.parametrize("act", ["acknowledge_results", "hand_over_results"])
    def test_nothing_selected_is_said(self, visitor, ada, act):
        an_item(ada)
        answer = send(visitor, act, result=["nonsense"], note="Kept")

        assert answer.status_code == 422
        assert "Select at least one result." in words(answer)

    def test_a_result_is_taken_and_the_next_who_tries_learns_of_it(self, visitor, client, ada, other, clinic):
        item = an_item(ada)
        send(visitor, "hand_over_results", take=item.result.public_id)
        assert "You" in words(inbox(visitor, show="mine"))

        answer = send(signed_in(client, other), "hand_over_results", take=item.result.public_id)

        assert answer.status_code == 409
        assert "has been taken by Robin Example meanwhile." in words(answer)

    def test_several_are_handed_to_a_colleague_of_this_clinic_only(self, visitor, ada, other):
        item, stranger = an_item(ada), a_user(a_clinic())
        send(visitor, "hand_over_results", result=item.result.public_id, to=other.public_id)
        assert InboxItem.objects.get().owner == other

        answer = send(visitor, "hand_over_results", result=item.result.public_id, to=stranger.public_id)

        assert answer.status_code == 422
        assert InboxItem.objects.get().owner == other

    def test_a_nurse_looks_and_hands_on_but_does_not_acknowledge(self, client, clinic, ada, doctor):
        nurse = signed_in(client, a_user(clinic, "nurse"))
        item = an_item(ada)

        assert "Acknowledge selected" not in words(inbox(nurse))
        assert send(nurse, "acknowledge_results", result=item.result.public_id).status_code == 403
        send(nurse, "hand_over_results", result=item.result.public_id, to=doctor.public_id)
        assert InboxItem.objects.get().owner == doctor

    def test_a_result_of_another_clinic_is_neither_shown_nor_touched(self, visitor):
        theirs = an_item(a_patient(a_clinic(), name="Canary"))

        assert "Canary" not in words(inbox(visitor))
        for act in ("acknowledge_results", "hand_over_results"):
            answer = send(visitor, act, result=theirs.result.public_id, take=theirs.result.public_id)
            assert "Canary" not in words(answer)
        theirs.refresh_from_db()
        assert (theirs.acknowledged_at, theirs.owner) == (None, None)


class TestElsewhere:
    def test_the_worklist_shows_new_results_with_counts_age_owner_and_the_way_there(
        self, visitor, ada, ben, doctor
    ):
        a_low_potassium(ada, owner=doctor)
        an_item(ben, abnormal=True)
        an_item(ben, "ferritin", "80")
        for _ in range(9):
            an_item(a_patient(ada.clinic))

        text = words(visitor.get(reverse("regimens:worklist")))

        assert "New results to review 12 1 critical, 2 abnormal, 1 yours Open the inbox" in text
        assert "Ada Example born 2 Mar 1948 Critical Potassium 2.9 mmol/L Low Mon 5 Jan 3 days You" in text
        assert "Haemoglobin 130 g/L Abnormal and 1 more Sun 4 Jan 3 days Unassigned" in text
        assert "More patients in the inbox" in text

    def test_the_chart_counts_what_waits_of_its_patient(self, visitor, ada, ben):
        a_low_potassium(ada)
        an_item(ben)

        answer = visitor.get(reverse("regimens:chart", args=[ada.public_id]))

        assert "1 new result to acknowledge" in words(answer)
        assert f"{reverse('monitoring:inbox')}?patient={ada.public_id}" in answer.content.decode()

    def test_an_administrator_sees_neither(self, client, clinic, ada):
        an_item(ada)
        admin = signed_in(client, a_user(clinic, "administrator"))

        assert "New results to review" not in words(admin.get(reverse("regimens:worklist")))
        assert "to acknowledge" not in words(admin.get(reverse("regimens:chart", args=[ada.public_id])))
