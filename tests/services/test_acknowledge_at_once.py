"""Many clinicians at the same rows at the same moment, each on a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from b12clinic.accounts.models import AuditEvent
from monitoring.models import InboxItem
from monitoring.services.acknowledge_results import acknowledge_results
from monitoring.services.take_alert import AlertNotFree, take_alert
from tests.factories.inbox import an_item
from tests.factories.labs import an_alert
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

AT = datetime(2026, 1, 6, 10, 2, tzinfo=UTC)


def test_six_clinicians_at_overlapping_rows_acknowledge_each_row_once():
    clinic = a_clinic()
    patient, doctors = a_patient(clinic), [a_user(clinic) for _ in range(6)]
    items = [an_item(patient) for _ in range(10)]
    start = Barrier(6)

    def work(place):
        mine = items[place:] + items[:place]
        start.wait()
        try:
            at = AT + timedelta(seconds=place)
            return acknowledge_results(clinic=clinic, items=mine, by=doctors[place], at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        came = list(threads.map(work, range(6)))

    done = [item.pk for one in came for item in one.done]
    assert sorted(done) == sorted(item.pk for item in items)
    assert all(len(one.done) + len(one.lost) == 10 for one in came)
    told = AuditEvent.objects.filter(action="results.acknowledged").values_list("after", flat=True)
    assert sum(len(after["results"]) for after in told) == 10
    assert not InboxItem.objects.waiting().exists()


def test_of_six_who_take_one_alert_one_has_it_and_the_others_are_told():
    clinic = a_clinic()
    alert, nurses = an_alert(a_patient(clinic)), [a_user(clinic, "nurse") for _ in range(6)]
    start = Barrier(6)

    def take(nurse):
        start.wait()
        try:
            take_alert(alert=alert, by=nurse, at=AT)
        except AlertNotFree as lost:
            return str(lost)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(6) as threads:
        told = list(threads.map(take, nurses))

    alert.refresh_from_db()
    assert told.count("") == 1
    assert alert.owner == nurses[told.index("")]
    assert set(told) == {"", f"{alert.owner.display_name} has taken this alert."}
    assert AuditEvent.objects.filter(action="alert.taken").count() == 1
