"""Who works in a clinic: added by address, given roles, taken away; never without an administrator."""

import re
import threading
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import connection

from b12clinic.accounts.models import AuditEvent, Membership, User
from b12clinic.accounts.services.administrators import LastAdministrator
from b12clinic.accounts.services.change_roles import RolesChanged, change_roles
from b12clinic.accounts.services.invite_again import invite_again
from b12clinic.accounts.services.invite_person import NotInvited, invite_person
from b12clinic.accounts.services.remove_person import NotRemoved, remove_person
from b12clinic.accounts.tasks import write_invitation
from b12clinic.jobs.models import Pending
from tests.factories.people import a_clinic, a_user

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return a_clinic(name="Harbour Clinic")


@pytest.fixture
def admin(clinic):
    return a_user(clinic, "administrator")


def invite(clinic, by, email="nora@example.org", roles=("nurse",)):
    return invite_person(
        clinic=clinic, email=email, first_name="Nora", last_name="Example", roles=roles, by=by, at=AT
    )


def roles_of(person, clinic):
    return set(Membership.objects.filter(user=person, clinic=clinic).values_list("role", flat=True))


@pytest.mark.data
def test_somebody_new_gets_an_account_without_a_password_and_is_owed_a_mail(clinic, admin):
    person = invite(clinic, admin, roles=["administrator", "nurse"])
    assert roles_of(person, clinic) == {"nurse", "administrator"}
    assert not person.has_usable_password()
    assert Pending.objects.get().kind == "accounts.invitation"
    event = AuditEvent.objects.get(action="member.added")
    assert event.after == {
        "name": "Nora Example",
        "email": "nora@example.org",
        "roles": ["nurse", "administrator"],
    }


def test_the_mail_holds_an_address_that_sets_the_password(clinic, admin, client, settings):
    settings.SITE_URL = "http://testserver"
    person = invite(clinic, admin)
    write_invitation(Pending.objects.get().subject_id, AT)
    [letter] = mail.outbox
    assert letter.to == ["nora@example.org"]
    assert letter.subject == "Your account at Harbour Clinic"
    address = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", letter.body)[1]
    form = client.get(address, follow=True)
    new = "a password nobody guesses"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)


def test_a_line_break_in_a_clinics_name_splits_no_mail(clinic, admin):
    type(clinic).objects.filter(pk=clinic.pk).update(name="Harbour\nBcc: thief@example.org")
    invite(clinic, admin)
    write_invitation(Pending.objects.get().subject_id, AT)
    assert mail.outbox[0].subject == "Your account at Harbour Bcc: thief@example.org"
    assert mail.outbox[0].recipients() == ["nora@example.org"]


def test_a_mail_is_not_sent_for_work_that_has_ended(clinic, admin):
    person = invite(clinic, admin)
    subject = Pending.objects.get().subject_id
    remove_person(clinic=clinic, person=person, reason="A mistake.", by=admin, at=AT)
    write_invitation(subject, AT)
    assert mail.outbox == []


@pytest.mark.data
def test_somebody_from_another_clinic_keeps_name_and_password(clinic, admin):
    other = a_clinic()
    known = a_user(other, "prescriber", email="Nora@example.org", first_name="Eleonora")
    person = invite(clinic, admin)
    assert person == known
    assert person.first_name == "Eleonora"
    assert person.has_usable_password()
    assert roles_of(person, other) == {"prescriber"}


def test_somebody_with_a_password_is_only_told(clinic, admin):
    a_user(a_clinic(), email="nora@example.org")
    invite(clinic, admin)
    write_invitation(Pending.objects.get().subject_id, AT)
    assert "password/reset" not in mail.outbox[0].body


@pytest.mark.data
def test_a_closed_account_opens_again_without_its_old_password(clinic, admin):
    a_user(None, email="nora@example.org", is_active=False)
    person = invite(clinic, admin)
    assert person.is_active
    assert not person.has_usable_password()


@pytest.mark.data
def test_a_member_is_not_added_twice(clinic, admin):
    invite(clinic, admin)
    with pytest.raises(NotInvited, match="belongs to this clinic already"):
        invite(clinic, admin, email="NORA@example.org", roles=["prescriber"])
    assert User.objects.filter(email__iexact="nora@example.org").count() == 1


@pytest.mark.data
@pytest.mark.parametrize("roles", [[], ["owner"], ["nurse", "owner"]])
def test_nobody_is_added_without_a_known_role(clinic, admin, roles):
    with pytest.raises(NotInvited, match="at least one role"):
        invite(clinic, admin, roles=roles)
    assert not User.objects.filter(email="nora@example.org").exists()


@pytest.mark.data
def test_a_sign_in_name_that_is_taken_is_said(clinic, admin):
    a_user(None, username="nora@example.org", email="elsewhere@example.org")
    with pytest.raises(NotInvited, match="signs in under this address"):
        invite(clinic, admin)


def test_the_mail_is_owed_again_until_a_password_is_set(clinic, admin):
    person = invite(clinic, admin)
    Pending.objects.all().delete()
    invite_again(clinic=clinic, person=person, by=admin, at=AT)
    assert Pending.objects.count() == 1
    person.set_password("a password nobody guesses")
    person.save()
    with pytest.raises(NotInvited, match="has set a password"):
        invite_again(clinic=clinic, person=person, by=admin, at=AT)


@pytest.mark.data
def test_roles_change_with_before_and_after(clinic, admin):
    person = a_user(clinic, "nurse")
    assert change_roles(
        clinic=clinic, person=person, roles=["prescriber", "administrator"], was=["nurse"], by=admin, at=AT
    )
    assert roles_of(person, clinic) == {"prescriber", "administrator"}
    event = AuditEvent.objects.get(action="member.roles_changed")
    assert (event.before, event.after) == ({"roles": ["nurse"]}, {"roles": ["prescriber", "administrator"]})


@pytest.mark.data
def test_the_same_roles_leave_no_event(clinic, admin):
    person = a_user(clinic, "nurse")
    assert not change_roles(clinic=clinic, person=person, roles=["nurse"], was=["nurse"], by=admin, at=AT)
    assert not AuditEvent.objects.exists()


@pytest.mark.data
def test_a_stale_page_of_roles_is_refused(clinic, admin):
    person = a_user(clinic, "nurse", "prescriber")
    with pytest.raises(RolesChanged) as lost:
        change_roles(clinic=clinic, person=person, roles=["administrator"], was=["nurse"], by=admin, at=AT)
    assert lost.value.roles == ["prescriber", "nurse"]
    assert roles_of(person, clinic) == {"nurse", "prescriber"}


@pytest.mark.data
def test_roles_in_another_clinic_stay(clinic, admin):
    other = a_clinic()
    person = a_user(clinic, "nurse")
    Membership.objects.create(user=person, clinic=other, role="prescriber")
    change_roles(clinic=clinic, person=person, roles=["administrator"], was=["nurse"], by=admin, at=AT)
    assert roles_of(person, other) == {"prescriber"}


@pytest.mark.data
def test_the_last_administrator_keeps_the_role(clinic, admin):
    with pytest.raises(LastAdministrator):
        change_roles(clinic=clinic, person=admin, roles=["nurse"], was=["administrator"], by=admin, at=AT)
    assert roles_of(admin, clinic) == {"administrator"}
    with pytest.raises(LastAdministrator):
        remove_person(clinic=clinic, person=admin, reason="Leaving.", by=admin, at=AT)
    assert not AuditEvent.objects.exists()


@pytest.mark.data
def test_an_administrator_may_go_when_another_can_sign_in(clinic, admin):
    invited = invite(clinic, admin, roles=["administrator"])
    with pytest.raises(LastAdministrator):
        remove_person(clinic=clinic, person=admin, reason="Leaving.", by=admin, at=AT)
    invited.set_password("a password nobody guesses")
    invited.save()
    assert remove_person(clinic=clinic, person=admin, reason="Leaving.", by=invited, at=AT)


@pytest.mark.data
def test_removal_closes_an_account_that_works_nowhere_else(clinic, admin):
    person = a_user(clinic, "nurse", "prescriber")
    assert remove_person(clinic=clinic, person=person, reason="Left in November.", by=admin, at=AT)
    person.refresh_from_db()
    assert not person.is_active
    event = AuditEvent.objects.get(action="member.removed")
    assert event.before == {"roles": ["prescriber", "nurse"]}
    assert event.after == {"roles": [], "account_closed": True}
    assert event.reason == "Left in November."


@pytest.mark.data
def test_removal_leaves_another_clinics_work_alone(clinic, admin):
    other = a_clinic()
    person = a_user(clinic, "nurse")
    Membership.objects.create(user=person, clinic=other, role="nurse")
    assert not remove_person(clinic=clinic, person=person, reason="Only there now.", by=admin, at=AT)
    person.refresh_from_db()
    assert person.is_active
    assert roles_of(person, other) == {"nurse"}


@pytest.mark.data
def test_removal_asks_why_and_happens_once(clinic, admin):
    person = a_user(clinic, "nurse")
    with pytest.raises(NotRemoved, match="Say why"):
        remove_person(clinic=clinic, person=person, reason="  ", by=admin, at=AT)
    remove_person(clinic=clinic, person=person, reason="Left.", by=admin, at=AT)
    with pytest.raises(NotRemoved, match="any more"):
        remove_person(clinic=clinic, person=person, reason="Left.", by=admin, at=AT)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_one_another_at_the_same_time():
    clinic = a_clinic()
    first, second = a_user(clinic, "administrator"), a_user(clinic, "administrator")
    barrier, outcomes = threading.Barrier(2), []

    def remove(by, person):
        try:
            barrier.wait()
            remove_person(clinic=clinic, person=person, reason="Race.", by=by, at=AT)
            outcomes.append("removed")
        except LastAdministrator:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=remove, args=(first, second)),
        threading.Thread(target=remove, args=(second, first)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "removed"]
    assert Membership.objects.filter(clinic=clinic, role="administrator").count() == 1
