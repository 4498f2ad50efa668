"""Spoiled packs: refused with one sentence that says where and why, or sound enough to plan by."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regimens import packs as on_disk
from regimens.packs import PACKS_FOLDER, load_packs, read_folder
from regimens.protocols.pack import Pack, Protocol
from regimens.protocols.schedule import forecast
from regimens.protocols.schema import PackError, pack_from_dict
from regimens.protocols.selection import candidates, recommend_protocol
from tests.core.patients import labs, patient
from tests.core.protocols.mutations import JUNK, NO_FIELD, at, places, spoiled, spoiled_bytes, written

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(PACKS_FOLDER.glob("*.yaml"))}
SMALL = "ca-bc"
"""The shortest file, for tests that write it to disk each time."""


def unshared(data: Any) -> Any:
    """The same values, no two places sharing an object as anchors make them: a change stays where it was made."""
    if isinstance(data, dict):
        return {key: unshared(value) for key, value in data.items()}
    return [unshared(value) for value in data] if isinstance(data, list) else data


PACKS_AS_DATA = {code: unshared(yaml.safe_load(text)) for code, text in TEXTS.items()}
CODES = st.sampled_from(sorted(PACKS_AS_DATA))


def read(data: Any) -> Pack | PackError:
    """What comes of reading: a pack or the declared error; anything else that is raised fails the test."""
    try:
        return pack_from_dict(data, file="x.yaml")
    except PackError as refused:
        return refused


def check_said(refused: PackError, file: str = "x.yaml") -> None:
    """One short sentence that names file, path and reason, and can be printed anywhere."""
    assert (refused.file, bool(refused.path), bool(refused.reason)) == (file, True, True)
    assert str(refused) == f"{file}: {refused.path}: {refused.reason}"
    str(refused).encode()
    assert len(refused.reason) < 2000


def check_sound(pack: Pack) -> None:
    """Every protocol survives as a snapshot, can be laid out on days, and can be recommended."""
    assert pack.protocols == tuple(pack.by_code.values())
    facts = patient(guideline=pack.code, labs=labs(total_b12=100))
    for protocol in pack.protocols:
        assert Protocol.from_dict(protocol.to_dict()) == protocol
        days = [
            dose.due_on
            for phase in forecast(protocol.phases, start_on=date(2025, 1, 31))
            for dose in phase.doses
        ]
        assert days == sorted(set(days))
        assert bool(days) is not protocol.is_oral
        answer = recommend_protocol(facts, {pack.code: pack}, protocol.code)
        assert answer.to_json()["protocol"] == {"code": protocol.code, "version": pack.version}
    assert all(one.recommendation.because for one in candidates(facts, {pack.code: pack}))


@given(spoiled(PACKS_AS_DATA))
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_spoiled_pack_is_refused_with_its_place_or_still_sound(data: dict[str, Any]) -> None:
    outcome = read(data)
    if isinstance(outcome, PackError):
        check_said(outcome)
    else:
        assert read(data) == outcome
        check_sound(outcome)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_unknown_key_anywhere_is_refused_where_it_stands(draw: st.DataObject) -> None:
    data = deepcopy(PACKS_AS_DATA[draw.draw(CODES)])
    mappings = [path for path in places(data) if isinstance(at(data, path), dict)]
    path = draw.draw(st.sampled_from(mappings))
    at(data, path)[NO_FIELD] = 1
    refused = read(data)
    assert isinstance(refused, PackError)
    assert refused.path in (written((*path, NO_FIELD)), written(path))


@given(st.data(), st.sampled_from([float("nan"), [[]], b"\xff", {1, 2}, {NO_FIELD: 1}, -1, 10**30]))
@settings(max_examples=80, deadline=None)
def test_value_that_fits_nowhere_is_refused_where_it_stands(draw: st.DataObject, junk: Any) -> None:
    data = deepcopy(PACKS_AS_DATA[draw.draw(CODES)])
    path = draw.draw(st.sampled_from(list(places(data))))
    at(data, path[:-1])[path[-1]] = junk
    refused = read(data)
    assert isinstance(refused, PackError)
    check_said(refused)
    assert refused.path.startswith(written(path[:-1])) or written(path).startswith(refused.path)


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: type(junk).__name__)
def test_no_junk_is_a_pack(junk: Any) -> None:
    refused = read(junk)
    assert isinstance(refused, PackError)
    check_said(refused)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one good pack, and room for another."""
    folder = tmp_path_factory.mktemp("packs")
    (folder / "nl.yaml").write_text(TEXTS["nl"], encoding="utf-8")
    return folder


@given(content=spoiled_bytes(TEXTS[SMALL]))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_spoiled_file_leaves_the_folder_unread_or_is_sound(folder: Path, content: bytes) -> None:
    (folder / f"{SMALL}.yaml").write_bytes(content)
    try:
        found = read_folder(folder)
    except PackError as refused:
        check_said(refused, f"{SMALL}.yaml")
    else:
        assert list(found) == [SMALL, "nl"]
        check_sound(found[SMALL])


@pytest.fixture
def other_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The packs are looked for elsewhere, and nothing is remembered before or after."""
    monkeypatch.setattr(on_disk, "PACKS_FOLDER", tmp_path)
    load_packs.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    load_packs.cache_clear()


def test_broken_pack_keeps_every_pack_out_until_it_is_mended(other_folder: Path) -> None:
    (other_folder / "ca-bc.yaml").write_text(TEXTS["ca-bc"], encoding="utf-8")
    (other_folder / "nl.yaml").write_text(TEXTS["nl"].replace("family: nl", "family: 3"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PackError, match=r"^nl\.yaml: family: expected text, found 3$"):
            load_packs()
    (other_folder / "nl.yaml").write_text(TEXTS["nl"], encoding="utf-8")
    assert list(load_packs()) == ["ca-bc", "nl"]


def test_pack_that_breaks_later_leaves_those_that_were_read(other_folder: Path) -> None:
    (other_folder / "nl.yaml").write_text(TEXTS["nl"], encoding="utf-8")
    before = load_packs()
    (other_folder / "nl.yaml").write_text("", encoding="utf-8")
    assert load_packs() is before
