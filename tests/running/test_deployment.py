"""The files that carry the product to another machine."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

from tests.running.processes import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_compose_file_has_the_five_each_with_a_health_check():
    assert set(COMPOSE["services"]) == {"postgres", "redis", "web", "worker", "beat"}
    assert [name for name, service in COMPOSE["services"].items() if "healthcheck" not in service] == []
    assert COMPOSE["services"]["postgres"]["image"].startswith("postgres:17")


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_docker_compose_accepts_the_compose_file():
    read = subprocess.run(["docker-compose", "config"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert read.returncode == 0, read.stderr


def test_no_secret_stands_in_the_compose_file():
    for name, service in COMPOSE["services"].items():
        for setting, value in service.get("environment", {}).items():
            if re.search("KEY|PASSWORD|EMAIL_URL", setting):
                assert str(value).startswith("${"), f"{name}: {setting}"


def test_every_setting_of_the_compose_file_is_explained_in_the_example():
    asked_for = set(re.findall(r"\$\{(\w+):?-", (ROOT / "docker-compose.yml").read_text()))
    explained = set(re.findall(r"^#? ?(\w+)=", (ROOT / ".env.example").read_text(), re.M))
    assert asked_for - explained == set()


def test_every_setting_read_from_the_environment_is_explained_in_the_example():
    read = set(re.findall(r"""env\.\w+\(\s*"(\w+)\"""", (ROOT / "b12clinic" / "settings.py").read_text()))
    explained = set(re.findall(r"^#? ?(\w+)=", (ROOT / ".env.example").read_text(), re.M))
    assert read - explained == set()


def test_the_container_does_not_run_as_root():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER b12clinic"]
    assert lines.index("USER b12clinic") < next(i for i, line in enumerate(lines) if line.startswith("CMD"))


def test_the_continuous_run_is_sound_shell_and_requires_services():
    script = ROOT / ".ci" / "run"
    assert subprocess.run(["bash", "-n", str(script)], capture_output=True).returncode == 0
    text = script.read_text()
    assert "set -euo pipefail" in text
    assert "export B12_REQUIRE_SERVICES=1" in text
    assert "|| true" not in text


def test_every_front_end_package_is_locked_with_its_hash():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_every_python_package_is_locked_with_a_hash():
    for lock in ("requirements.txt", "requirements-dev.txt"):
        pinned = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text())[1:]
        assert pinned
        assert [package.split()[0] for package in pinned if "--hash=sha256:" not in package] == []
