"""What every test may count on: the services found, and a real browser where there is one."""

import os
from collections import Counter
from typing import Any

import pytest

from tests import machine

# Playwright keeps an event loop in the test's own thread; Django would otherwise refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where services are required, a missing one fails the run before the first test."""
    absent = machine.missing()
    if machine.required() and absent:
        reasons = "; ".join(machine.HOW_TO_START[name] for name in sorted(absent))
        raise pytest.UsageError(f"Services are required here. {reasons}.")


def pytest_report_header(config: pytest.Config) -> str:
    database = "SQLite" if os.environ["DATABASE_URL"].startswith("sqlite") else "PostgreSQL"
    redis = "Redis" if os.environ["REDIS_URL"] else "files"
    return f"services: database {database}, broker {redis}, browser {machine.browser_path() or 'none'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what lacks its service; leave out what cannot apply to a database chosen on purpose.

    Browser tests share one process, and so do those that use the one Redis.
    """
    absent = machine.missing()
    left_out = [item for item in items if machine.sqlite_by_choice() and item.get_closest_marker("postgres")]
    for item in items:
        for name in ("browser", "redis"):
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.xdist_group(name))
        for name in sorted(absent):
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=machine.HOW_TO_START[name]))
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each service that tests went without."""
    known = set(machine.HOW_TO_START.values())
    reasons = [
        report.longrepr[2]
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    ]
    for reason, count in Counter(text.removeprefix("Skipped: ") for text in reasons).items():
        if reason in known:
            terminalreporter.write_line(f"{count} skipped. {reason}.", yellow=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": machine.browser_path(), "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-GB",
        "timezone_id": "Europe/London",
    }
