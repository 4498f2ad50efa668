"""Other processes of the product, started as a person would start them, with nothing of this test run about them."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "DEMO",
    "DEBUG",
    "HTTPS",
    "VAR_DIR",
    "LOG_LEVEL",
)

THE_TESTS_OWN = ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE")


def environment(**settings: str) -> dict[str, str]:
    """The machine's environment with only these of the product's settings."""
    kept = {name: value for name, value in os.environ.items() if name not in (*OURS, *THE_TESTS_OWN)}
    return {**kept, "SECRET_KEY": "signs nothing but tests", **settings}


def manage(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` to its end."""
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment(**settings), capture_output=True, text=True, timeout=120
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
