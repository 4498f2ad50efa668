"""Many recorders at the same moment, each on a connection of its own: counted from the tables against what was sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from time import sleep
from uuid import uuid4

import pytest
from django.db import connection, transaction

from monitoring.models import Alert
from regimens.models import Administration, Dose, Regimen
from regimens.services.record_administration import AlreadyRecorded, record_given, record_not_given
from regimens.services.record_extra import record_extra
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, an_injection, next_dose

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

MONDAY = date(2026, 1, 5)
ASKED = {"at": datetime(2026, 1, 5, 12, 0, tzinfo=UTC), "today": MONDAY}


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def dose(nurse):
    return next_dose(a_regimen(a_patient(nurse.memberships.get().clinic), nurse))


def at_once(acts):
    """Each act on a thread of its own, all let go at the same moment; what came of each, an error as itself."""
    start = Barrier(len(acts))

    def one(act):
        start.wait()
        try:
            return act()
        except AlreadyRecorded as lost:
            return lost
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(one, acts))


def give_it(dose, by, lot, key=None):
    return lambda: record_given(
        dose=dose, injection=an_injection(MONDAY, lot=lot), form_key=key or uuid4(), by=by, **ASKED
    )


def test_two_nurses_give_one_dose_one_is_recorded_and_the_other_learns_of_it(nurse, dose):
    other = a_user(dose.clinic, "nurse")

    came = at_once([give_it(dose, nurse, "A1"), give_it(dose, other, "B2")])

    [lost] = [one for one in came if isinstance(one, AlreadyRecorded)]
    [row] = Administration.objects.all()
    assert lost.administration == row and row.lot in {"A1", "B2"}
    assert Dose.objects.get(pk=dose.pk).given_as == row


def test_a_double_click_records_one_and_both_answers_name_it(nurse, dose):
    key = uuid4()

    came = at_once([give_it(dose, nurse, "A1", key)] * 4)

    [row] = Administration.objects.all()
    assert {one.administration for one in came} == {row}
    assert sorted(one.repeat for one in came) == [False, True, True, True]


def test_a_double_click_on_i_gave_one_too_records_one(nurse, dose):
    first = give_it(dose, nurse, "A1")().administration
    key, patient = uuid4(), dose.patient

    came = at_once(
        [
            lambda: record_extra(
                patient=patient,
                injection=an_injection(MONDAY, lot="B2"),
                form_key=key,
                by=nurse,
                instead_of=first,
                **ASKED,
            )
        ]
        * 4
    )

    assert sorted(one.repeat for one in came) == [False, True, True, True]
    assert list(Administration.objects.order_by("id").values_list("lot", flat=True)) == ["A1", "B2"]
    assert Alert.objects.filter(rule="DOUBLE_INJECTION").count() == 1


def test_twelve_nurses_give_their_own_and_contend_for_one(nurse, dose):
    clinic = dose.clinic
    own = [next_dose(a_regimen(a_patient(clinic), nurse)) for _ in range(8)]
    acts = [give_it(each, nurse, f"OWN{number}") for number, each in enumerate(own)]
    acts += [give_it(dose, nurse, f"SAME{number}") for number in range(4)]

    came = at_once(acts)

    assert sum(isinstance(one, AlreadyRecorded) for one in came) == 3
    assert Administration.objects.count() == 9
    assert Dose.objects.filter(state="given").count() == 9
    for number, each in enumerate(own):
        assert Administration.objects.get(dose=each).lot == f"OWN{number}"


def test_a_double_click_on_not_given_records_one_attempt(nurse, dose):
    asked = {"on": MONDAY, "not_given_reason": "declined", "reason": "", "next_action_on": None}
    key = uuid4()

    came = at_once([lambda: record_not_given(dose=dose, form_key=key, by=nurse, **asked, **ASKED)] * 4)

    assert sorted(one.repeat for one in came) == [False, True, True, True]
    assert Administration.objects.count() == 1


def test_an_extra_injection_and_a_planned_one_of_a_patient_never_wait_for_each_other_in_a_circle(nurse, dose):
    extra = {"patient": dose.patient, "injection": an_injection(MONDAY, lot="B2"), "form_key": uuid4()}
    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        Regimen.objects.select_for_update().get(pk=dose.phase.regimen_id)
        waiting = threads.submit(at_once, [lambda: record_extra(by=nurse, **extra, **ASKED)])
        until_somebody_waits_for_a_lock()
        give_it(dose, nurse, "A1")()
        transaction.on_commit(lambda: waiting.result(timeout=10))

    assert sorted(Administration.objects.values_list("lot", flat=True)) == ["A1", "B2"]


def until_somebody_waits_for_a_lock():
    """As long as it takes, ten seconds at most."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.05)
    raise AssertionError("Nobody came to wait for a lock.")
