"""`manage.py recommend`: the clinical core on case files, one JSON object per case and line; no database is touched."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from regimens.packs import UNREADABLE, LoaderWithoutTwins, load_packs
from regimens.protocols.casefile import CaseError, case_from_dict
from regimens.protocols.codes import known_codes
from regimens.protocols.selection import recommend

CANNOT_BE_READ = 2


class Command(BaseCommand):
    help = (
        "Recommend a vitamin B12 plan for each case file (YAML or JSON); one JSON object per case and line."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cases", nargs="*", metavar="CASE", help="a case file, YAML or JSON")
        parser.add_argument(
            "--list-codes", action="store_true", help="print every code that this build knows, as JSON"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 2 with one line on stderr where a file cannot be read or does not fit; nothing is answered then."""
        if options["list_codes"]:
            self.stdout.write(json.dumps(known_codes(load_packs()), ensure_ascii=False))
            return
        if not options["cases"]:
            raise CommandError(
                "name at least one case file, or ask for --list-codes", returncode=CANNOT_BE_READ
            )
        try:
            answers = [_answer(Path(name)) for name in options["cases"]]
        except CaseError as problem:
            raise CommandError(" ".join(str(problem).split()), returncode=CANNOT_BE_READ) from problem
        for answer in answers:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))


class CaseLoader(LoaderWithoutTwins):
    """Leaves a day that no calendar has as the text it was, so that the refusal can name its field."""

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return node.value


CaseLoader.add_constructor("tag:yaml.org,2002:timestamp", CaseLoader.construct_yaml_timestamp)


def _answer(path: Path) -> dict[str, Any]:
    packs = load_packs()
    case = case_from_dict(_data(path), file=str(path), guidelines=packs)
    return recommend(case.facts, packs).to_json(case.id)


def _data(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            return json.loads(text)
        return yaml.load(text, Loader=CaseLoader)  # noqa: S506  a safe loader
    except UNREADABLE as problem:
        raise CaseError(str(path), "the document", f"cannot be read as YAML or JSON: {problem}") from problem
