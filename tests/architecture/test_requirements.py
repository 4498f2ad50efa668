"""The locked requirements install on a bare machine, whatever newer versions the index holds by then."""

from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path("requirements-dev.txt")


def _locked() -> dict[str, set[str]]:
    """Every locked package with the extras that its line names."""
    lines = [line.split("\\")[0].strip() for line in LOCK.read_text().splitlines() if "==" in line]
    found = [Requirement(line) for line in lines if not line.startswith(("#", "-"))]
    return {canonicalize_name(one.name): one.extras for one in found}


def _asked_with_extras(locked: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Package and extra wherever a locked package, with the extras it is locked with, asks for one."""
    asked = set()
    for package in distributions():
        extras = locked.get(canonicalize_name(package.name))
        for wanted in map(Requirement, (package.requires or []) if extras is not None else []):
            marker, where = wanted.marker, [{"extra": extra} for extra in ("", *(extras or ()))]
            if marker is None or any(marker.evaluate(one) for one in where):
                asked |= {(canonicalize_name(wanted.name), extra) for extra in wanted.extras}
    return asked


def test_a_package_that_another_asks_for_with_an_extra_is_locked_with_it():
    """pip looks for such a package anew, finds a newer version and stops for want of its hash."""
    locked = _locked()
    asked = _asked_with_extras(locked)
    assert ("kombu", "redis") in asked
    assert [one for one in sorted(asked) if one[0] in locked and one[1] not in locked[one[0]]] == []
