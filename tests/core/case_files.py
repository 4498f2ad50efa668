"""Reads worked cases and says where an answer differs from what a reviewer expects."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from regimens.packs import load_packs
from regimens.protocols.casefile import case_from_dict
from regimens.protocols.selection import recommend

OWN_CASES = Path(__file__).parent / "cases"
SHARED_CASES = Path(__file__).parents[3] / "shared" / "clinical" / "cases"


def case_paths(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


@cache
def read_case(path: Path) -> dict[str, Any]:
    """A case as it is written; read once, and not to be changed."""
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


def differences(path: Path) -> list[str]:
    """What the answer to a case lacks of its `expected` part; null or an absent key is not judged."""
    data = read_case(path)
    case = case_from_dict(data, file=path.name, guidelines=load_packs())
    answer = recommend(case.facts, load_packs()).to_json(case.id)
    expected = {key: value for key, value in data["expected"].items() if value is not None}
    return [
        *_plain(answer, expected),
        *_phases(answer, expected, case.facts.as_of),
        *_rechecks(answer, expected, case.facts.as_of),
        *_lists(answer, expected),
        *_reasons(answer, expected),
    ]


def _plain(answer: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    seen = {
        **answer,
        "protocol": (answer["protocol"] or {}).get("code"),
        "phase_count": len(answer["phases"]),
        "clinician_decides": answer["plan_allowed"] and answer["protocol"] is None,
        "first_alternative": next((one["protocol"]["code"] for one in answer["alternatives"]), None),
    }
    names = ("plan_allowed", "classification", "drug", "route", "lifelong", "protocol", "phase_count")
    more = ("clinician_decides", "first_alternative")
    return [
        f"{name}: {seen[name]!r}, expected {expected[name]!r}"
        for name in (*names, *more)
        if name in expected and seen[name] != expected[name]
    ]


def _phases(answer: dict[str, Any], expected: dict[str, Any], as_of: date) -> list[str]:
    wanted = expected.get("phases") or []
    if wanted and len(answer["phases"]) != len(wanted):
        return [f"{len(answer['phases'])} phases, expected {len(wanted)}"]
    found = []
    for place, (phase, want) in enumerate(zip(answer["phases"], wanted, strict=False)):
        seen = {**phase, "due_days": [_day(one, as_of) for one in phase["due_on"]]}
        found += [f"phase {place}, {k}: {seen[k]}, expected {v}" for k, v in want.items() if seen[k] != v]
    return found


def _rechecks(answer: dict[str, Any], expected: dict[str, Any], as_of: date) -> list[str]:
    planned = {_day(one["due_on"], as_of): set(one["tests"]) for one in answer["rechecks"]}
    found = [
        f"recheck on day {want['day']}: {sorted(planned.get(want['day'], ()))}, expected {want['tests']}"
        for want in expected.get("rechecks") or []
        if not set(want["tests"]) <= planned.get(want["day"], set())
    ]
    found += [f"a recheck on day {day}" for day in expected.get("rechecks_absent", ()) if day in planned]
    tests = {test for day in planned.values() for test in day}
    return found + [f"{test} is rechecked" for test in expected.get("tests_absent", ()) if test in tests]


def _lists(answer: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    alerts = {one["code"]: one["severity"] for one in answer["alerts"]}
    chosen = {
        name: {one["protocol"]["code"] for one in answer[name]} for name in ("alternatives", "excluded")
    }
    found = [f"alert {code} is missing" for code in expected.get("alerts") or [] if code not in alerts]
    found += [f"alert {code} is there" for code in expected.get("alerts_absent") or [] if code in alerts]
    found += [
        f"{code} is {alerts.get(code)}, expected {severity}"
        for code, severity in expected.get("severities", {}).items()
        if alerts.get(code) != severity
    ]
    for name, codes in chosen.items():
        found += [f"{code} is not among the {name}" for code in expected.get(name) or [] if code not in codes]
    return found


def _reasons(answer: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    because = " ".join(answer["because"])
    found = [f"{words!r} is not said" for words in expected.get("says", ()) if words not in because]
    return found + [f"{words!r} is said" for words in expected.get("never_says", ()) if words in because]


def _day(written: str, as_of: date) -> int:
    return (date.fromisoformat(written) - as_of) // timedelta(days=1)
