"""The first clinic of an installation."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from b12clinic.accounts.models import AuditEvent, Clinic, Membership, User
from b12clinic.accounts.services.open_clinic import NotOpened, open_clinic
from b12clinic.jobs.models import Pending

pytestmark = [pytest.mark.django_db, pytest.mark.data]

MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ADA = {"email": "ada@example.org", "first_name": "Ada", "last_name": "Example"}


def test_a_clinic_opens_with_an_administrator_who_is_owed_an_invitation():
    clinic = open_clinic(name="Northgate", time_zone="Europe/Dublin", **ADA, by=None, at=MOMENT)
    membership = Membership.objects.get()
    assert (membership.clinic, membership.role, membership.user.email) == (
        clinic,
        "administrator",
        "ada@example.org",
    )
    assert not membership.user.has_usable_password()
    assert Pending.objects.filter(kind="accounts.invitation", subject_id=membership.pk).exists()
    assert list(AuditEvent.objects.order_by("id").values_list("action", flat=True)) == [
        "clinic.opened",
        "member.added",
    ]


@pytest.mark.parametrize(
    ("name", "zone", "sentence"),
    [
        ("", "Europe/London", "This field cannot be blank."),
        ("Northgate", "London", "“London” is not a time zone; write it as in “Europe/London”."),
    ],
)
def test_a_clinic_without_a_name_or_a_zone_is_refused(name, zone, sentence):
    with pytest.raises(NotOpened, match=sentence):
        open_clinic(name=name, time_zone=zone, **ADA, by=None, at=MOMENT)
    assert not Clinic.objects.exists()


def test_a_refused_administrator_leaves_no_clinic_behind():
    User.objects.create(username="ada@example.org", email="other@example.org")
    with pytest.raises(NotOpened, match="Somebody signs in under this address already"):
        open_clinic(name="Northgate", time_zone="Europe/London", **ADA, by=None, at=MOMENT)
    assert not Clinic.objects.exists()


def test_the_command_says_what_follows_and_why_it_refused(capsys):
    words = ["open_clinic", "Northgate", "ada@example.org", "--first-name", "Ada", "--last-name", "Example"]
    call_command(*words)
    assert capsys.readouterr().out == "Northgate is open. ada@example.org is sent a link to set a password.\n"
    with pytest.raises(CommandError, match="already exists"):
        call_command(*words)
