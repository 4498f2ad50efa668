"""Every pack, every cause and every code that a case file can raise stands in at least one case of our own."""

from typing import Any

from b12clinic.vocabulary import Cause
from regimens.packs import load_packs
from regimens.protocols.safety import ALERT_CODES
from tests.core.case_files import OWN_CASES, case_paths, read_case

# Codes that no case file can raise, and why. Their rules are tried in tests/core/safety on drafts made by hand.
OUT_OF_REACH = {
    "FREQ_LOW": "no pack has maintenance rarer than its own limit, and a case file sets no interval",
    "LIFELONG_STOP": "a case file asks for a plan, it stops none",
    "NITROUS_ANAES": "a case file has no field for planned anaesthesia",
    "NO_IV": "a plan is never intravenous, and a case file names no route",
    "SITE_DG": "a case file names no site of injection",
}


def own_cases() -> list[dict[str, Any]]:
    return [read_case(path) for path in case_paths(OWN_CASES)]


def expected_codes(case: dict[str, Any]) -> set[str]:
    return {*(case["expected"].get("alerts") or ()), *case["expected"].get("severities", ())}


def test_every_pack_has_a_case() -> None:
    assert {case["guideline"] for case in own_cases()} == set(load_packs())


def test_every_cause_has_a_case() -> None:
    assert {case["cause"] for case in own_cases()} == {cause.value for cause in Cause}


def test_every_code_in_reach_is_expected_by_a_case() -> None:
    expected = set().union(*map(expected_codes, own_cases()))
    assert set(ALERT_CODES) - expected == set(OUT_OF_REACH)
    assert expected <= set(ALERT_CODES)
