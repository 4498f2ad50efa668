"""Views of the due list that somebody keeps: saved, named anew, deleted, and nobody else's."""

from datetime import date

import pytest

from b12clinic.accounts.models import AuditEvent
from regimens.models import SavedView
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]
PAGE = "/due/views/"


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


@pytest.fixture
def view(nurse, clinic):
    return SavedView.objects.create(user=nurse, clinic=clinic, name="Mornings", query="band=today")


def post(client, user, **fields):
    return signed_in(client, user).post(PAGE, fields)


def test_the_filters_just_looked_at_are_saved_under_a_name_without_day_and_place(client, nurse, clinic):
    a_regimen(a_patient(clinic, name="Mia Month"), nurse, EVERY_THREE_MONTHS, starts_on=date(2020, 1, 6))
    asked = "?as_of=2026-01-15&band=overdue&kind=maintenance&q=mia&after=2026-01-01.7&x=y"
    shown = signed_in(client, nurse).get(f"{PAGE}{asked}")
    assert shown.context["told"] == "Overdue · Maintenance · Search “mia”"

    answer = post(client, nurse, do="save", name="  Late   Mia ", query=shown.context["query"])

    saved = SavedView.objects.get()
    assert (saved.user, saved.clinic, saved.name) == (nurse, clinic, "Late Mia")
    assert saved.query == "band=overdue&kind=maintenance&q=mia"
    assert answer["Location"] == f"/due/?{saved.query}&clinic={clinic.public_id}"
    event = AuditEvent.objects.get(action="saved_view.saved")
    assert (event.actor, event.clinic, event.after) == (nurse, clinic, {"name": "Late Mia"})


def test_a_saved_view_stands_above_the_list_and_is_marked_when_shown(client, nurse, clinic, view):
    address = f"/due/?band=today&clinic={clinic.public_id}"
    for query, current in (("", False), ("?band=today", True), ("?band=today&as_of=2026-01-15", True)):
        context = signed_in(client, nurse).get(f"/due/{query}").context
        assert context["views"] == [{"name": "Mornings", "url": address, "current": current}]
    assert client.get("/due/?band=week").context["can_save"] is True
    assert client.get("/due/?band=today").context["can_save"] is False


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " ", "query": "band=today"}, "Give the view a name."),
        ({"name": "\x00", "query": "band=today"}, "Give the view a name."),
        ({"name": "x" * 61, "query": "band=today"}, "A name has at most 60 characters."),
        (
            {"name": "Mornings", "query": "band=week"},
            "You have a view named “Mornings” already; choose another name.",
        ),
        (
            {"name": "New", "query": "as_of=2026-01-01"},
            "Nothing is filtered yet; choose filters on the due list first.",
        ),
    ],
)
def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(client, nurse, view, fields, sentence):
    answer = post(client, nurse, do="save", **fields)

    assert answer.status_code == 422
    assert answer.context["refusal"] == sentence
    assert answer.context["typed"] == fields["name"]
    assert SavedView.objects.count() == 1


def test_a_name_of_sixty_characters_is_kept(client, nurse, clinic):
    post(client, nurse, do="save", name="x" * 60, query="band=today")

    assert SavedView.objects.get().name == "x" * 60


def test_twenty_views_are_kept_and_no_more(client, nurse, clinic):
    for number in range(19):
        SavedView.objects.create(user=nurse, clinic=clinic, name=f"View {number}", query="band=today")

    assert post(client, nurse, do="save", name="Twentieth", query="band=week").status_code == 302
    answer = post(client, nurse, do="save", name="One more", query="band=week")

    assert answer.context["refusal"] == "There are 20 saved views already; delete one first."
    assert SavedView.objects.count() == 20


def test_a_view_is_named_anew(client, nurse, view):
    post(client, nurse, do="rename", view=view.pk, name="Early")

    view.refresh_from_db()
    assert view.name == "Early"
    event = AuditEvent.objects.get(action="saved_view.renamed")
    assert (event.before, event.after) == ({"name": "Mornings"}, {"name": "Early"})


def test_a_view_is_deleted_and_the_trail_keeps_its_name(client, nurse, view):
    post(client, nurse, do="delete", view=view.pk)

    assert not SavedView.objects.exists()
    assert AuditEvent.objects.get(action="saved_view.deleted").before == {"name": "Mornings"}


@pytest.mark.parametrize("do", ["rename", "delete"])
def test_nobody_touches_anothers_view(client, clinic, view, do):
    colleague = a_user(clinic, "nurse")

    assert post(client, colleague, do=do, view=view.pk, name="Mine").status_code == 404
    assert b"Mornings" not in client.get("/due/").content
    view.refresh_from_db()
    assert view.name == "Mornings"


@pytest.mark.parametrize("wanted", ["", "x", "-1", "9" * 30])
def test_a_view_that_is_none_is_not_found(client, nurse, wanted):
    assert post(client, nurse, do="delete", view=wanted).status_code == 404
