"""What no page asks for but anybody can send: it is refused in words, never a failure of the server."""

from datetime import date

import pytest
from django.test import override_settings

from b12clinic.accounts.models import Role
from monitoring.models import LabProfile
from regimens.models import Product, Regimen
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen, give

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def owner():
    return a_user(a_clinic(), *Role)


@pytest.fixture
def regimen(owner):
    regimen = a_regimen(a_patient(owner.memberships.first().clinic), owner)
    give(regimen, owner, date(2026, 1, 5))
    return regimen


@pytest.mark.parametrize("version", ["²", "9" * 5_000, "-1", "1.5", "\x00", ""])
@pytest.mark.parametrize("page", ["stop", "phase/0/end"])
def test_a_version_that_is_no_number_changes_nothing(client, owner, regimen, page, version):
    answer = signed_in(client, owner).post(
        f"/regimen/{regimen.public_id}/{page}/", {"version": version, "reason": "Moved on"}
    )

    assert answer.status_code == 422
    assert Regimen.objects.get().state == "active"


def test_a_reason_is_kept_without_its_nul(client, owner, regimen):
    regimen.refresh_from_db()
    sent = {"version": regimen.version, "reason": "Moved\x00 on"}

    signed_in(client, owner).post(f"/regimen/{regimen.public_id}/stop/", sent)

    assert Regimen.objects.get().revisions.order_by("number").last().reason == "Moved on"


def test_a_product_is_not_retired_for_a_reason_of_nothing_but_nul(client, owner):
    product = Product.objects.create(
        clinic=owner.memberships.first().clinic, name="H", drug="hydroxocobalamin", mcg_per_ml=1000
    )

    signed_in(client, owner).post("/clinic/formulary/retire/", {"product": product.pk, "reason": "\x00"})

    assert Product.objects.get().in_use


def test_the_trail_is_asked_for_an_act_with_a_nul(client, owner):
    assert signed_in(client, owner).get("/clinic/audit/", {"action": "\x00"}).status_code == 200


def test_two_laboratories_of_a_clinic_never_bear_one_name(client, owner):
    LabProfile.objects.create(clinic=owner.memberships.first().clinic, name="North")

    answer = signed_in(client, owner).post(
        "/labs/import/laboratory/", {"name": "North", "encoding": "utf-8", "decimal_mark": "."}
    )

    assert answer.status_code == 422
    assert "a laboratory of this name already" in answer.content.decode()
    assert LabProfile.objects.count() == 1


@pytest.mark.parametrize(("size", "status"), [(1_000, 200), (1_001, 413), (10**14, 413)])
@override_settings(MOST_BODY_BYTES=1_000)
def test_a_request_over_the_limit_is_refused_to_a_stranger_before_it_is_read(client, size, status):
    answer = client.post(
        "/accounts/login/", b"", "application/x-www-form-urlencoded", CONTENT_LENGTH=str(size)
    )

    assert answer.status_code == status
    assert "content-security-policy" in {name.lower() for name in answer.headers}
