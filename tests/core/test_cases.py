"""Worked cases: what a reviewer expects of a recommendation, read from files with their sources."""

from pathlib import Path

import pytest
import yaml

from tests.core.case_files import OWN_CASES, SHARED_CASES, case_paths, differences


@pytest.mark.parametrize("path", case_paths(OWN_CASES), ids=lambda path: path.stem)
def test_own_case_comes_out_as_expected(path: Path) -> None:
    assert differences(path) == []


@pytest.mark.skipif(not SHARED_CASES.is_dir(), reason="the shared cases are not beside this checkout")
def test_shared_cases_come_out_as_expected() -> None:
    assert {path.stem: differences(path) for path in case_paths(SHARED_CASES) if differences(path)} == {}


@pytest.mark.parametrize("path", case_paths(OWN_CASES), ids=lambda path: path.stem)
def test_own_case_names_its_source(path: Path) -> None:
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["source"].strip()


def test_a_wrong_answer_would_be_noticed(tmp_path: Path) -> None:
    text = (OWN_CASES / "uk-leber.yaml").read_text(encoding="utf-8")
    changed = text.replace("drug: hydroxocobalamin", "drug: cyanocobalamin").replace("day: 21", "day: 22")
    path = tmp_path / "changed.yaml"
    path.write_text(changed, encoding="utf-8")
    assert differences(path) == [
        "drug: 'hydroxocobalamin', expected 'cyanocobalamin'",
        "recheck on day 22: [], expected ['neuro_exam', 'visual_acuity']",
    ]


def test_a_wrong_severity_or_a_missing_sentence_would_be_noticed(tmp_path: Path) -> None:
    text = (OWN_CASES / "uk-cobalt-eczema.yaml").read_text(encoding="utf-8")
    changed = text.replace("ALLERGY_COBALT: warn", "ALLERGY_COBALT: block").replace(
        "expected:", "expected:\n  says: [Tablets for life]\n  never_says: [Route]"
    )
    path = tmp_path / "changed.yaml"
    path.write_text(changed, encoding="utf-8")
    assert differences(path) == [
        "ALLERGY_COBALT is warn, expected block",
        "'Tablets for life' is not said",
        "'Route' is said",
    ]
