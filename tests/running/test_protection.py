"""What stands between a stranger and the product, whatever page is asked for."""

import pytest
from django.core.cache import cache

from b12clinic.accounts.models import User
from tests.factories.people import a_clinic, a_user, signed_in

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"


@pytest.fixture
def ada():
    cache.clear()  # the counts of earlier attempts
    return User.objects.create_user("ada", email="ada@example.org", password="a long enough sentence")


def attempts(client, password, times, address="192.0.2.7"):
    return [
        client.post(SIGN_IN, {"login": "ada", "password": password}, REMOTE_ADDR=address).status_code
        for _ in range(times)
    ]


@pytest.mark.parametrize("name", ["ada", "ada@example.org"])
def test_a_person_signs_in_by_name_or_by_mail_address(client, ada, name):
    answer = client.post(SIGN_IN, {"login": name, "password": "a long enough sentence"})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_four_wrong_passwords_leave_the_door_open(client, ada):
    assert attempts(client, "wrong", 4) == [200, 200, 200, 200]
    assert attempts(client, "a long enough sentence", 1) == [302]


def test_the_fifth_wrong_password_shuts_it_even_for_the_right_one(client, ada):
    assert attempts(client, "wrong", 5)[-1] == 429
    locked = client.post(
        SIGN_IN, {"login": "ada", "password": "a long enough sentence"}, REMOTE_ADDR="192.0.2.7"
    )
    assert locked.status_code == 429
    assert "Too many attempts" in locked.content.decode()


def test_a_stranger_elsewhere_cannot_lock_her_out(client, ada):
    attempts(client, "wrong", 5, address="198.51.100.9")
    assert attempts(client, "a long enough sentence", 1) == [302]


def test_nobody_makes_an_account_of_their_own(client):
    client.post(
        "/accounts/signup/",
        {
            "username": "eve",
            "email": "eve@example.org",
            "password1": "a long enough sentence",
            "password2": "a long enough sentence",
        },
    )
    assert not User.objects.exists()


def test_every_page_carries_the_same_protection(client):
    headers = client.get(SIGN_IN).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["frame-ancestors"] == "'none'"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("page", ["/", "/due/", "/patients/", "/nothing/here/"])
def test_no_browser_keeps_a_page_of_somebody_signed_in(client, page):
    """Else Back shows a chart to whoever sits down next, after she has signed out."""
    answer = signed_in(client, a_user(a_clinic(), "nurse")).get(page)

    assert "no-store" in answer["Cache-Control"]
