"""Which row asked for a recheck, and where the row comes from."""

from dataclasses import replace

import pytest

from regimens.packs import load_packs
from regimens.protocols.origin import OriginKind
from regimens.protocols.recheck_origins import RecheckRow
from regimens.protocols.rechecks import ALWAYS_REVIEWED, ANTIBODY_AGAIN, EVERY_PACK

PACKS = load_packs()
ROWS = [
    *(RecheckRow(pack, rule) for pack in PACKS.values() for rule in pack.rechecks),
    *(RecheckRow(None, rule) for rule in (*EVERY_PACK, ALWAYS_REVIEWED, ANTIBODY_AGAIN)),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_has_an_origin_of_a_known_kind_under_its_own_name(row):
    assert row.origins
    assert {origin.rule for origin in row.origins} == {row.name}
    assert all(origin.kind is not OriginKind.PUBLISHED for origin in row.origins)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_marked_local_policy_where_it_says_so(row):
    own = any(origin.kind is OriginKind.LOCAL_POLICY for origin in row.origins)
    assert own is ("local policy" in row.rule.source)


def test_a_row_names_pack_condition_and_day():
    first = RecheckRow(PACKS["uk"], PACKS["uk"].rechecks[0])
    assert first.name == "uk/recheck/fixed_loading/day-8"
    assert [(one.source, one.year) for one in first.origins] == [
        ("NHS Lothian RefHelp, B12 deficiency", None)
    ]


def test_a_row_with_two_sources_has_two_origins():
    bloods = next(rule for rule in PACKS["uk"].rechecks if rule.day == 56)
    assert [origin.source for origin in RecheckRow(PACKS["uk"], bloods).origins] == [
        "NHS Lothian RefHelp, B12 deficiency",
        "NICE CKS, Anaemia: B12 and folate deficiency",
    ]


def test_a_row_may_name_a_source_that_only_its_pack_cites():
    rule = replace(PACKS["us-practice"].rechecks[0], source="Stabler 2013")
    (origin,) = RecheckRow(PACKS["us-practice"], rule).origins
    assert (origin.kind, origin.year, origin.section) == (OriginKind.LITERATURE, 2013, None)


def test_a_source_that_nobody_registered_keeps_its_name_and_claims_no_more():
    rule = replace(PACKS["uk"].rechecks[0], source="A leaflet")
    (origin,) = RecheckRow(PACKS["uk"], rule).origins
    assert (origin.source, origin.kind, origin.section, origin.year) == (
        "A leaflet", OriginKind.PUBLISHED, None, None,
    )  # fmt: skip
