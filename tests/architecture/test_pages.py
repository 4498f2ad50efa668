"""Every page asks who is there, and fetches nothing from anywhere else."""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from tests.architecture.source import named, templates

OPEN_TO_STRANGERS = {
    "healthz",
    "receipts",  # a gateway's, which signs what it says
    "account_login",
    "account_signup",  # answers that an administrator adds people
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
}

FROM_ELSEWHERE = re.compile(
    r"""(?:src|href|action|poster|data)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//""", re.I
)
LINK_TO_READ = re.compile(r"<a\b[^>]*>", re.I)
DATA = r"""type=["']application/json["']"""
INLINE = re.compile(
    rf"""<style\b|\sstyle\s*=|<script(?![^>]*(?:\bsrc=|{DATA}))[^>]*>|\son[a-z]+\s*=\s*["']|javascript:""",
    re.I,
)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.S)


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address with its parts filled in, and the name of its pattern."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, before + filled(pattern))
        else:
            yield before + filled(pattern), pattern.name or ""


def filled(pattern: URLPattern | URLResolver) -> str:
    """The pattern's own part of an address with a plausible value in each place."""
    route = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        value = "7" if isinstance(converter, IntConverter) else "word"
        value = str(uuid.UUID(int=7)) if isinstance(converter, UUIDConverter) else value
        route = re.sub(rf"<(?:\w+:)?{name}>", value, route)
    route = re.sub(r"\(\?P<\w+>[^)]*\)", "word", route)
    return route.lstrip("^").removesuffix("$").removesuffix(r"\Z")


ADDRESSES = sorted(set(addresses(get_resolver())))
GUARDED = [(address, name) for address, name in ADDRESSES if name not in OPEN_TO_STRANGERS]


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "name"), GUARDED)
def test_an_address_demands_sign_in(client, address, name):
    for answer in (client.get(f"/{address}"), client.post(f"/{address}")):
        assert answer.status_code in (302, 405), f"/{address} answered a stranger with {answer.status_code}"
        if answer.status_code == 302:
            assert answer["Location"].startswith("/accounts/login/")


def test_what_is_open_to_strangers_is_still_there():
    assert {name for _, name in ADDRESSES} >= OPEN_TO_STRANGERS


def without_comments(text: str) -> str:
    return COMMENT.sub("", text)


def test_no_page_fetches_anything_from_another_host():
    found = [
        named(path)
        for path in templates()
        if FROM_ELSEWHERE.search(LINK_TO_READ.sub("", without_comments(path.read_text())))
    ]
    assert found == []


def test_no_page_carries_a_style_or_script_of_its_own():
    assert [named(path) for path in templates() if INLINE.search(without_comments(path.read_text()))] == []
