"""The page that shows every component, and the pages that stand in when something fails."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from tests.factories.people import a_clinic, a_user, signed_in

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
INCLUDED = re.compile(r"""include\s+["']components/(\w+)\.html["']""")
OF_ITS_NAME = re.compile(r"{% (origin_list) ")
"""A tag that writes the component of its name."""


def included_by(path):
    """The components that a template shows, and those that these show in turn."""
    named = {name for how in (INCLUDED, OF_ITS_NAME) for name in how.findall(path.read_text())}
    return named.union(*(included_by(TEMPLATES / "components" / f"{name}.html") for name in named))


def test_the_gallery_shows_every_component():
    components = {path.stem for path in (TEMPLATES / "components").glob("*.html")} - {"gallery"}
    shown = included_by(TEMPLATES / "components" / "gallery.html") | included_by(TEMPLATES / "base.html")
    shown |= included_by(TEMPLATES / "bootstrap5" / "errors.html")
    assert components - shown == set()


def test_each_component_says_at_its_head_what_it_takes():
    silent = [
        path.name
        for path in (TEMPLATES / "components").glob("*.html")
        if not path.read_text().startswith("{% comment %}")
    ]
    assert silent == ["gallery.html"]


@pytest.mark.django_db
def test_the_gallery_opens_for_anyone_signed_in(client):
    nurse = a_user(a_clinic(), "nurse")
    answer = signed_in(client, nurse).get("/clinic/components/")
    assert answer.status_code == 200
    assert "Overdue 5 days" in answer.content.decode()


@pytest.mark.parametrize("failure", ["400.html", "403_csrf.html", "429.html", "500.html"])
def test_a_page_for_a_failure_needs_no_request(failure):
    assert "Decision support. A clinician signs." in render_to_string(failure)


def test_a_refusal_says_why():
    assert "Only a prescriber signs a plan." in render_to_string(
        "403.html", {"exception": "Only a prescriber signs a plan."}
    )


def test_a_lost_race_keeps_what_was_typed():
    page = render_to_string(
        "409.html", {"sentence": "Nurse Example recorded this dose at 09:41.", "kept": [("Lot", "A2291")]}
    )
    assert "Nurse Example recorded this dose at 09:41." in page
    assert "A2291" in page
