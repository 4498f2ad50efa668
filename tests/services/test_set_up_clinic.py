"""An administrator changes the clinic; a stale page never wins silently."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from b12clinic.accounts.services.set_up_clinic import ClinicChanged, ClinicDetails, set_up_clinic
from tests.factories.people import a_clinic, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DETAILS = ClinicDetails(
    name="Harbour Clinic",
    time_zone="Europe/London",
    country="GB",
    region="",
    default_pack="uk",
    open_weekdays=[0, 1, 2, 3, 4],
    contact_email="",
    contact_phone="",
)


@pytest.fixture
def clinic():
    return a_clinic(name="Harbour Clinic")


@pytest.fixture
def admin(clinic):
    return a_user(clinic, "administrator")


def test_a_change_is_saved_with_before_and_after_of_what_changed(clinic, admin):
    saved = set_up_clinic(
        clinic=clinic,
        details=replace(DETAILS, region="SCT", open_weekdays=[0, 2]),
        version=1,
        by=admin,
        at=AT,
    )
    assert (saved.region, saved.open_weekdays, saved.version) == ("SCT", [0, 2], 2)
    event = AuditEvent.objects.get(action="clinic.changed")
    assert event.before == {"region": "", "open_weekdays": [0, 1, 2, 3, 4]}
    assert event.after == {"region": "SCT", "open_weekdays": [0, 2]}
    assert (event.actor, event.clinic, event.at) == (admin, clinic, AT)


def test_saving_what_is_stored_changes_nothing(clinic, admin):
    assert set_up_clinic(clinic=clinic, details=DETAILS, version=1, by=admin, at=AT).version == 1
    assert not AuditEvent.objects.exists()


def test_a_stale_page_is_refused_and_says_who_was_first(clinic, admin):
    first = a_user(clinic, "administrator", first_name="Fay", last_name="Example")
    set_up_clinic(clinic=clinic, details=replace(DETAILS, region="WLS"), version=1, by=first, at=AT)
    with pytest.raises(ClinicChanged) as lost:
        set_up_clinic(clinic=clinic, details=replace(DETAILS, region="SCT"), version=1, by=admin, at=AT)
    assert lost.value.event.actor == first
    assert lost.value.clinic.version == 2
    clinic.refresh_from_db()
    assert clinic.region == "WLS"
    assert AuditEvent.objects.count() == 1
