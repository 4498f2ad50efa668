"""The command that puts the core in reach of a script."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from regimens.protocols.safety import ALERT_CODES
from tests.core.case_files import OWN_CASES

LEBER, LATE = OWN_CASES / "uk-leber.yaml", OWN_CASES / "uk-maintenance-late.yaml"


def ask(*arguments: str) -> list[Any]:
    out = StringIO()
    call_command("recommend", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def refusal(*arguments: str) -> CommandError:
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("recommend", *arguments, stdout=out)
    assert out.getvalue() == ""
    return caught.value


def test_each_case_is_answered_on_its_line() -> None:
    answers = ask(str(LEBER), str(LATE))
    assert [answer["id"] for answer in answers] == ["uk-leber", "uk-maintenance-late"]
    assert answers[1]["phases"][0]["due_on"] == ["2025-01-06", "2025-04-06"]


def test_answer_has_every_field_of_the_contract() -> None:
    (answer,) = ask(str(LEBER))
    assert list(answer) == [
        "id",
        "plan_allowed",
        "classification",
        "drug",
        "route",
        "lifelong",
        "protocol",
        "phases",
        "rechecks",
        "alerts",
        "alternatives",
        "excluded",
        "because",
        "citations",
        "choices",
        "reviews",
        "next_tests",
    ]
    assert answer["protocol"] == {"code": "uk/leber", "version": "2026.1"}
    assert {"code", "severity", "message", "source"} <= set(answer["alerts"][0])
    assert {"key", "title", "section", "year"} <= set(answer["citations"][0])


def test_json_case_is_read_like_yaml(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(yaml.safe_load(LATE.read_text("utf-8")), indent="\t"), encoding="utf-8")
    assert ask(str(path)) == ask(str(LATE))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("case.yaml", "guideline: uk\n", "as_of: is missing and must be there"),
        ("case.yaml", "a: [", "the document: cannot be read as YAML or JSON"),
        ("case.json", "{", "the document: cannot be read as YAML or JSON"),
    ],
)
def test_file_that_does_not_fit_ends_with_2_and_one_line(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    problem = refusal(str(LEBER), str(path))
    assert problem.returncode == 2
    assert f"{path}: {said}" in str(problem)
    assert "\n" not in str(problem)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "guideline: uk\nas_of: 2025-02-30\npatient: {age: 50}\ncause: diet\n",
            "as_of: expected a date as YYYY-MM-DD, found '2025-02-30'",
        ),
        ("guideline: uk\nas_of: !!int soon\n", "the document: cannot be read as YAML or JSON"),
        ("guideline: " + "[" * 5000, "the document: cannot be read as YAML or JSON"),
    ],
)
def test_value_that_yaml_itself_stumbles_over_ends_with_2(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    problem = refusal(str(LEBER), str(path))
    assert problem.returncode == 2
    assert words in str(problem)
    assert "\n" not in str(problem)


def test_missing_file_ends_with_2() -> None:
    problem = refusal("nowhere.yaml")
    assert (problem.returncode, "nowhere.yaml" in str(problem)) == (2, True)


def test_nothing_asked_ends_with_2() -> None:
    assert refusal().returncode == 2


def test_every_code_is_listed() -> None:
    (codes,) = ask("--list-codes")
    assert codes["guidelines"] == ["au", "ca-bc", "nl", "no", "uk", "us-label", "us-practice"]
    assert codes["alerts"] == list(ALERT_CODES)
    assert "uk/leber" in codes["protocols"]["uk"]
    assert "nitrous_oxide" in codes["causes"]
    assert "symptom_review" in codes["tests"]
    assert "pmol/L" in codes["units"]["total_b12"]
