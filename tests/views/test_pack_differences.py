"""Guidelines side by side: one address for one comparison, what differs marked, gaps in the packs' words."""

import pytest
from django.urls import reverse

from regimens.packs import load_packs
from regimens.presenters.differences import Asked, differences_page
from regimens.protocols.disagreements import DISAGREEMENTS, disagreements_for
from regimens.protocols.pack import Indication
from tests.factories.people import a_clinic, a_user, signed_in

DIFFERENCES = reverse("regimens:differences")


def cells(page, label):
    row = next(row for row in page["rows"] if row["label"] == label)
    return {cell["pack"]: cell for cell in row["cells"]}


@pytest.mark.django_db
def test_the_address_says_what_is_compared(client):
    signed_in(client, a_user(a_clinic(default_pack="nl"), "nurse"))
    answer = client.get(DIFFERENCES, {"for": "neurological", "cause": "nitrous_oxide", "tablets": "no"})
    page = answer.context["page"]
    chosen = [choice["value"] for field in page["fields"] for choice in field["choices"] if choice["chosen"]]
    assert chosen == ["neurological", "nitrous_oxide", "no"]
    assert page["packs"][0]["title"] == "Netherlands (NHG, Farmacotherapeutisch Kompas)"
    assert "?pack=uk#uk-nitrous-oxide" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{}, {"for": "nonsense", "cause": "nonsense", "tablets": "nonsense"}])
def test_an_address_that_says_nothing_shows_the_first_comparison(client, query):
    signed_in(client, a_user(a_clinic(default_pack="gone"), "prescriber"))
    answer = client.get(DIFFERENCES, query)
    assert answer.status_code == 200
    chosen = [
        choice["value"]
        for field in answer.context["page"]["fields"]
        for choice in field["choices"]
        if choice["chosen"]
    ]
    assert chosen == ["standard", "autoimmune_gastritis", "yes"]


def test_what_parts_a_pack_from_the_clinics_own_is_marked_and_its_own_column_never_is():
    page = differences_page(load_packs(), Asked(Indication.STANDARD, "autoimmune_gastritis", True), "uk")
    dose = cells(page, "Dose")
    assert dose["United States (FDA label)"]["differs"] is True
    assert dose["United States (practice, 1000 mcg)"]["differs"] is False
    assert not any(row["cells"][0]["differs"] for row in page["rows"])
    assert page["apart"] == "drug, route, dose, loading, maintenance, duration, source"


def test_a_gap_is_said_in_the_packs_own_words():
    page = differences_page(load_packs(), Asked(Indication.NEUROLOGICAL, "autoimmune_gastritis", True), "uk")
    assert cells(page, "Drug")["Norway (Legemiddelhåndboka)"]["text"] == "nothing offered"
    assert {"title": "Norway (Legemiddelhåndboka)", "text": load_packs()["no"].gaps} in page["gaps"]


@pytest.mark.parametrize("indication", list(Indication))
@pytest.mark.parametrize("tablets", [True, False])
def test_every_situation_can_be_compared(indication, tablets):
    page = differences_page(load_packs(), Asked(indication, "diet", tablets), "uk")
    assert [len(row["cells"]) for row in page["rows"]] == [len(load_packs())] * 7


def test_all_fourteen_disagreements_are_listed_and_each_bears_on_something():
    assert len(DISAGREEMENTS) == 14
    assert all(one.positions and one.here and one.concerns for one in DISAGREEMENTS)
    questions = [one.question for one in disagreements_for(Indication.LEBER)]
    assert "Hydroxocobalamin in Leber optic neuropathy?" in questions
    assert "Tablets in pernicious anaemia?" not in questions
