"""Guideline packs: what is refused, and what ours hold."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from b12clinic.vocabulary import Cause, Drug, PhaseKind, Route
from regimens.packs import PACKS_FOLDER, load_packs, read_folder, read_pack
from regimens.protocols.pack import Indication, Protocol, Standing
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.schema import PackError, pack_from_dict
from regimens.protocols.strict import Misfit

UK: dict[str, Any] = yaml.safe_load((PACKS_FOLDER / "uk.yaml").read_text(encoding="utf-8"))
PACKS = load_packs()
PROTOCOLS = [protocol for pack in PACKS.values() for protocol in pack.protocols]


def changed(*path: Any, to: Any) -> dict[str, Any]:
    """The UK pack with one value changed; `...` removes the key."""
    data = deepcopy(UK)
    place = data
    for step in path[:-1]:
        place = place[step]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return data


FIRST_PHASE = ("protocols", 0, "phases", 0)


@pytest.mark.parametrize(
    ("data", "where", "reason"),
    [
        (changed("title", to=...), "title", "is missing"),
        (changed("colour", to="red"), "colour", "is not a field here"),
        (changed("default_drug", to="folate"), "default_drug", "unknown code 'folate'"),
        (changed(*FIRST_PHASE, "doses", to="six"), "protocols[0].phases[0].doses", "expected a whole number"),
        (changed(*FIRST_PHASE, "doses", to=0), "protocols[0].phases[0].doses", "expected 1 or more"),
        (changed(*FIRST_PHASE, "drug", to="b12"), "protocols[0].phases[0].drug", "unknown code 'b12'"),
        (
            changed(*FIRST_PHASE, "interval", "unit", to="year"),
            "protocols[0].phases[0].interval.unit",
            "'year'",
        ),
        (changed(*FIRST_PHASE, "gaps", to=[2, 0]), "protocols[0].phases[0].gaps[1]", "expected 1 or more"),
        (changed(*FIRST_PHASE, "kind", to="oral"), "protocols[0].phases[0]", "go together"),
        (changed(*FIRST_PHASE, "route", to="deferred"), "protocols[0].phases[0]", "one patient"),
        (changed(*FIRST_PHASE, "doze", to=1), "protocols[0].phases[0].doze", "is not a field here"),
        (changed("protocols", 0, "phases", to=[]), "protocols[0].phases", "at least one phase"),
        (changed("protocols", 0, "citations", to=[]), "protocols[0].citations", "names its source"),
        (
            changed("protocols", 0, "citations", to=["nice"]),
            "protocols[0].citations[0]",
            "unknown code 'nice'",
        ),
        (changed("protocols", 0, "indication", to="mild"), "protocols[0].indication", "unknown code 'mild'"),
        (changed("protocols", 1, "causes", to=["age"]), "protocols[1].causes[0]", "unknown code 'age'"),
        (
            changed("protocols", 1, "name", to="standard"),
            "protocols",
            "two protocols have the code 'uk/standard'",
        ),
        (
            changed("protocols", 0, "first_choice", to="yes"),
            "protocols[0].first_choice",
            "expected true or false",
        ),
        (changed("rechecks", 0, "tests", to=["b12"]), "rechecks[0].tests[0]", "unknown code 'b12'"),
        (changed("rechecks", 0, "when", to=["rainy"]), "rechecks[0].when[0]", "unknown code 'rainy'"),
        (changed("rechecks", 0, "day", to=0), "rechecks[0].day", "expected 1 or more"),
        (changed("bands", "total_b12", to={"g": [1, 2]}), "bands.total_b12.g", "unknown code 'g'"),
        (changed("bands", "total_b12", "ng/L", to=[350, 180]), "bands.total_b12.ng/L", "the lower first"),
        (changed("bands", "total_b12", "ng/L", to=[180]), "bands.total_b12.ng/L", "two figures"),
        (changed("mma_upper", "below_65", to=0), "mma_upper.below_65", "expected 1 or more"),
        (changed("oral", "why_not", to=""), "oral.why_not", "expected text"),
        (changed("citations", "bnf", "status", to="heard"), "citations.bnf.status", "unknown code 'heard'"),
        (changed("citations", "bnf", "kind", to="published"), "citations.bnf", "of what kind its source is"),
        (changed("citations", "bnf", "year", to=18), "citations.bnf.year", "expected 1900 or more"),
        (changed("reviewed_on", to="soon"), "reviewed_on", "expected a date"),
        (changed("reviewed_on", to="20250106"), "reviewed_on", "expected a date as YYYY-MM-DD"),
        (changed("code", to="UK"), "code", "expected small letters, digits and single hyphens"),
        (changed("version", to="2026.1" * 5), "version", "expected 24 letters at most, found 30"),
        (changed("protocols", 0, "name", to="a/b"), "protocols[0].name", "expected small letters"),
        (changed("protocols", 0, "causes", to=[]), "protocols[0].causes", "expected causes, or 'any'"),
        (changed(*FIRST_PHASE, "gaps", to=0), "protocols[0].phases[0].gaps", "expected a list, found 0"),
        (changed(*FIRST_PHASE, "gaps", to=[2, 1]), "protocols[0].phases[0]", "shorter than the interval"),
        (changed(*FIRST_PHASE, "doses", to=30_001), "protocols[0].phases[0].doses", "30000 or less"),
        (changed(*FIRST_PHASE, "doses", to=10_001), "protocols[0].phases[0]", "take more than 30000 days"),
        (
            changed(*FIRST_PHASE, "dose_mcg", to=1_000_001),
            "protocols[0].phases[0].dose_mcg",
            "1000000 or less",
        ),
        (changed(*FIRST_PHASE, "doses", to=9_990), "protocols[0].phases", "the doses take more than 30000"),
        (changed(*FIRST_PHASE, "starts_by_decision", to=True), "protocols[0].phases", "there is none"),
        (changed("rechecks", 0, "tests", to=[]), "rechecks[0].tests", "at least one test"),
        (changed("bands", "total_b12", to={}), "bands.total_b12", "in at least one unit"),
        (changed("bands", "total_b12", "ng/L", to=[1, 1_000_001]), "bands.total_b12.ng/L[1]", "or less"),
        (changed("bands", "total_b12", to={5: [1, 2]}), "bands.total_b12", "expected text, found 5"),
        (changed("title", to="a\x00b"), "title", "found a control character in it"),
        ([], "the document", "expected a mapping"),
    ],
)
def test_pack_that_does_not_fit_is_refused_with_its_place(data: Any, where: str, reason: str) -> None:
    with pytest.raises(PackError) as caught:
        pack_from_dict(data, file="uk.yaml")
    assert (caught.value.file, caught.value.path) == ("uk.yaml", where)
    assert reason in caught.value.reason
    assert str(caught.value).startswith(f"uk.yaml: {where}: ")


def test_figures_at_their_limit_are_read() -> None:
    pack = pack_from_dict(changed(*FIRST_PHASE, "doses", to=9_000), file="uk.yaml")
    assert pack.protocols[0].phases[0].doses == 9_000
    pack = pack_from_dict(changed(*FIRST_PHASE, "dose_mcg", to=1_000_000), file="uk.yaml")
    assert pack.protocols[0].phases[0].dose_mcg == 1_000_000
    pack = pack_from_dict(changed("rechecks", 0, "day", to=30_000), file="uk.yaml")
    assert pack.rechecks[0].day == 30_000


def test_gaps_do_not_go_with_months() -> None:
    with pytest.raises(PackError, match="do not go with an interval in months"):
        pack_from_dict(changed(*FIRST_PHASE, "interval", "unit", to="month"), file="uk.yaml")


def test_pack_as_it_is_fits() -> None:
    assert pack_from_dict(UK, file="uk.yaml") == PACKS["uk"]


def test_packs_are_read_once() -> None:
    assert load_packs() is load_packs()


def test_every_guideline_is_there() -> None:
    assert sorted(PACKS) == ["au", "ca-bc", "nl", "no", "uk", "us-label", "us-practice"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("code: [", "cannot be read as YAML"),
        ("code: uk\ncode: nl\n", "written twice in one mapping: code"),
        ("? [a, b]\n: 1\n", "cannot be read as YAML"),
        ("reviewed_on: 2025-13-45\n", "cannot be read as YAML: month must be in 1..12"),
        ("code: !!bool maybe\n", "cannot be read as YAML"),
        ("code: !!python/name:os.system\n", "could not determine a constructor"),
    ],
)
def test_file_that_is_no_plain_yaml_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "uk.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=reason):
        read_pack(path)


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"xx\.yaml: the document: cannot be read"):
        read_pack(tmp_path / "xx.yaml")


def test_file_is_named_after_its_pack(tmp_path: Path) -> None:
    (tmp_path / "gb.yaml").write_text(
        (PACKS_FOLDER / "uk.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.raises(PackError, match="expected 'gb'"):
        read_folder(tmp_path)


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.code)
def test_protocol_survives_as_a_snapshot(protocol: Protocol) -> None:
    assert Protocol.from_dict(protocol.to_dict()) == protocol
    assert tuple(PhaseSpec.from_dict(phase.to_dict()) for phase in protocol.phases) == protocol.phases


def test_snapshot_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(Misfit):
        Protocol.from_dict({**PROTOCOLS[0].to_dict(), "colour": "red"})


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.code)
def test_pack_is_unsigned_until_a_clinician_has_reviewed_it(pack: Any) -> None:
    assert (pack.reviewed_by, pack.reviewed_on, pack.version) == ("", None, "2026.1")


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.code)
def test_pack_treats_leber_with_hydroxocobalamin_alone(pack: Any) -> None:
    leber = [one for one in pack.protocols if one.indication is Indication.LEBER]
    assert {phase.drug for one in leber for phase in one.phases} == {Drug.HYDROXOCOBALAMIN}
    assert [(phase.doses, phase.horizon) for phase in leber[0].phases] == [(14, 2), (None, 4), (None, 2)]


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.code)
def test_protocol_makes_sense(protocol: Protocol) -> None:
    assert protocol.why.endswith(".")
    assert all(phase.ends_when.endswith(".") for phase in protocol.phases)
    assert all(phase.dose_mcg <= 1000 for phase in protocol.phases)
    assert all(phase.kind is not PhaseKind.LOADING for phase in protocol.phases[-1:]) or (
        Cause.NITROUS_OXIDE in protocol.causes
    )
    assert all(phase.starts_by_decision for phase in _after_an_open_loading(protocol) if phase.is_injected)
    assert protocol.is_oral is (protocol.phases[0].route is Route.ORAL)


def _after_an_open_loading(protocol: Protocol) -> list[PhaseSpec]:
    """The phase right after a loading or taper without a fixed count."""
    pairs = zip(protocol.phases, protocol.phases[1:], strict=False)
    return [after for before, after in pairs if before.is_open_ended and after.kind is PhaseKind.MAINTENANCE]


def test_source_that_is_only_local_policy_says_so() -> None:
    local = [protocol.code for protocol in PROTOCOLS if protocol.is_local_policy]
    assert local == ["au/nitrous-oxide", "au/oral"]
    assert all(citation.status in Standing for protocol in PROTOCOLS for citation in protocol.citations)
    assert PACKS["au"].by_code["au/oral"].source == "local policy"
    assert PACKS["uk"].by_code["uk/standard"].source.startswith("BNF 2018, hydroxocobalamin; ")


@pytest.mark.parametrize(
    ("phase", "rhythm"),
    [
        (PACKS["uk"].by_code["uk/standard"].phases[0], "three times a week"),
        (PACKS["nl"].by_code["nl/standard"].phases[0], "every 3 to 4 days"),
        (PACKS["uk"].by_code["uk/cyanocobalamin"].phases[0], "every 2 to 3 days"),
        (PACKS["uk"].by_code["uk/neurological"].phases[0], "on alternate days"),
        (PACKS["uk"].by_code["uk/neurological"].phases[1], "every 2 months"),
    ],
)
def test_phase_says_how_often(phase: PhaseSpec, rhythm: str) -> None:
    assert phase.rhythm == rhythm
