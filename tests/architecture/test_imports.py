"""Arrows go down, between the floors and between the apps; the core stands on nothing."""

import ast
import subprocess
import sys
import tomllib

import pytest
from django.apps import apps

from tests.architecture.source import APPS, ROOT, modules, named, tree_of

CORE = (
    "b12clinic.vocabulary",
    *sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for core in ("regimens/protocols", "monitoring/interpretation")
        for path in (ROOT / core).rglob("*.py")
    ),
)


def contracts() -> dict[str, dict]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def test_the_import_contracts_hold():
    linted = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert linted.returncode == 0, linted.stdout


def test_every_root_module_of_b12clinic_stands_on_a_floor():
    listed = {name.strip() for layer in contracts()["apps"]["layers"] for name in layer.split("|")}
    found = {
        f"b12clinic.{path.stem}" for path in (ROOT / "b12clinic").glob("*.py") if path.stem != "__init__"
    }
    found |= {f"b12clinic.{path.parent.name}" for path in (ROOT / "b12clinic").glob("*/__init__.py")}
    assert found - listed == set()


def test_importing_the_core_loads_neither_django_nor_celery():
    asked = f"import sys, importlib\nfor name in {CORE!r}: importlib.import_module(name)\n"
    told = "print(sorted({name.split('.')[0] for name in sys.modules} & {'django', 'celery', 'yaml', 'redis', 'psycopg2'}))"
    ran = subprocess.run(
        [sys.executable, "-c", asked + told], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_the_package_above_the_core_stays_empty():
    assert (ROOT / "b12clinic" / "__init__.py").read_text() == ""


@pytest.mark.parametrize("label", APPS)
def test_no_relation_points_to_an_app_further_up(label):
    allowed = set(APPS[: APPS.index(label) + 1]) | {"auth", "contenttypes", "sessions"}
    relations = {
        f"{model.__name__}.{field.name}": field.related_model._meta.app_label
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not None
    }
    assert {name: target for name, target in relations.items() if target not in allowed} == {}


def test_no_signal_is_sent_or_heard():
    forbidden = {
        "django.dispatch",
        "django.db.models.signals",
        "django.core.signals",
        "django.contrib.auth.signals",
    }
    found = [
        f"{named(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.module in forbidden
    ]
    assert found == []
