"""The protocol library: every pack, every protocol, and whether a clinician has reviewed it."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from regimens.packs import load_packs
from regimens.presenters.protocols import entry_of, pack_facts, sections_of
from regimens.presenters.schedule_picture import picture_of_phases
from tests.factories.people import a_clinic, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, SIX_DOSES

LIBRARY = reverse("regimens:protocols")
PROTOCOLS = [(pack, protocol) for pack in load_packs().values() for protocol in pack.protocols]


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(load_packs()))
def test_every_protocol_of_a_pack_is_shown(client, code):
    signed_in(client, a_user(a_clinic(), "nurse"))
    answer = client.get(LIBRARY, {"pack": code})
    pack = load_packs()[code]
    assert answer.context["pack"] == pack
    shown = [entry.code for section in answer.context["sections"] for entry in section["protocols"]]
    assert sorted(shown) == sorted(protocol.code for protocol in pack.protocols)
    assert "Not yet clinically reviewed" in answer.content.decode()


@pytest.mark.django_db
def test_the_clinics_own_pack_comes_first(client):
    signed_in(client, a_user(a_clinic(default_pack="nl"), "prescriber"))
    assert client.get(LIBRARY).context["pack"].code == "nl"
    assert client.get(LIBRARY, {"pack": "nonsense"}).context["pack"].code == "nl"
    assert client.get(LIBRARY, {"pack": "uk"}).context["pack"].code == "uk"


@pytest.mark.django_db
def test_a_clinic_whose_pack_is_gone_sees_another(client):
    signed_in(client, a_user(a_clinic(default_pack="gone"), "prescriber"))
    assert client.get(LIBRARY).status_code == 200


def test_a_reviewed_pack_says_by_whom_and_when():
    pack = replace(load_packs()["uk"], reviewed_by="Dr Example", reviewed_on=date(2026, 11, 2))
    assert {"label": "Clinical review", "value": "Dr Example, 2 Nov 2026"} in pack_facts(pack)


@pytest.mark.parametrize(("pack", "protocol"), PROTOCOLS, ids=[protocol.code for _, protocol in PROTOCOLS])
def test_each_protocol_has_its_phases_sources_and_a_picture_within_the_year(pack, protocol):
    entry = entry_of(protocol)
    assert len(entry.phases) == len(protocol.phases)
    assert entry.sources
    for band in entry.picture["bands"]:
        assert 0 <= band["from_day"] < 365
        assert band["days"] > 0
        assert band["from_day"] + band["days"] <= 367
    assert entry.picture["ticks"] == sorted(entry.picture["ticks"])
    assert all(0 <= tick < 365 for tick in entry.picture["ticks"])
    assert bool(entry.picture["ticks"]) == any(spec.is_injected for spec in protocol.phases)


def test_the_picture_of_six_doses_and_three_monthly_maintenance():
    picture = picture_of_phases([SIX_DOSES, EVERY_THREE_MONTHS])
    assert picture["ticks"] == [0, 2, 4, 7, 9, 11, 101, 192, 284]
    assert picture["bands"] == [
        {"kind": "loading", "from_day": 0, "days": 101},
        {"kind": "maintenance", "from_day": 101, "days": 264},
    ]


def test_no_protocol_is_left_out_of_the_sections():
    for pack in load_packs().values():
        assert sum(len(section["protocols"]) for section in sections_of(pack)) == len(pack.protocols)
