"""FHIR resources of a JSON file: read within bounds, each checked by itself, so that one bad resource spoils no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from typing import Any

from .bounds import DEEPEST, LONGEST_CELL, MOST_STRUCTURED_BYTES
from .kinds import text_of
from .rows import FileRefused

Resource = dict[str, Any]

_MODELS = {"Observation": "observation", "Patient": "patient", "DiagnosticReport": "diagnosticreport"}
_LONGEST_NUMBER = 40
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")


def resources_of(content: bytes) -> list[tuple[str, Resource]]:
    """(full address, resource) of everything in the file, the contained ones too. Raises FileRefused."""
    if len(content) > MOST_STRUCTURED_BYTES:
        raise FileRefused(
            f"A FHIR file may have {MOST_STRUCTURED_BYTES // 1024 // 1024} MB; ask for it in parts."
        )
    root = _parsed(content)
    if not isinstance(root, dict) or not isinstance(root.get("resourceType"), str):
        raise FileRefused("This JSON is no FHIR resource.")
    if root["resourceType"] not in ("Bundle", "Observation", "DiagnosticReport"):
        raise FileRefused(
            f"A FHIR {root['resourceType'][:40]} holds no results: a Bundle, DiagnosticReport or Observation is read."
        )
    return list(_all(root))


def problem_of(resource: Resource) -> str:
    """What is wrong with the structure of a resource, empty where nothing is."""
    model = _model(str(resource.get("resourceType", "")))
    try:
        model.model_validate(resource)
    except RecursionError:
        return "The resource is nested too deep."
    except Exception as wrong:
        return _in_words(resource, wrong)
    return ""


def _in_words(resource: Resource, wrong: Exception) -> str:
    kind = resource.get("resourceType")
    errors = getattr(wrong, "errors", None)
    if errors is None:
        return f"The {kind} is not well formed."
    first = errors()[0]
    where = ".".join(str(step) for step in first["loc"])
    return f"The {kind} is not well formed at {where[:80] or 'its root'}."


@lru_cache(maxsize=8)
def _model(kind: str) -> Any:
    """The library's class, loaded when first wanted: it takes half a second."""
    return getattr(import_module(f"fhir.resources.R4B.{_MODELS[kind]}"), kind)


def _parsed(content: bytes) -> Any:
    try:
        root = json.loads(
            text_of(content, "utf-8").read(),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_constant,
            object_pairs_hook=_once,
        )
    except RecursionError:
        raise FileRefused("The JSON is nested too deep.") from None
    except json.JSONDecodeError as wrong:
        raise FileRefused(f"The JSON breaks off or is not well formed, at line {wrong.lineno}.") from None
    _refuse_what_no_table_holds(root)
    return root


def _number(written: str) -> Decimal | int:
    exponent = written.casefold().partition("e")[2]
    if len(written) > _LONGEST_NUMBER or (exponent and len(exponent.lstrip("+-0")) > 1):
        raise FileRefused("The JSON holds a number that is too long to be a result.")
    return int(written) if written.lstrip("-").isdecimal() else Decimal(written)


def _constant(written: str) -> Any:
    raise FileRefused(f"The JSON holds {written}, which is no number.")


def _once(pairs: list[tuple[str, Any]]) -> Resource:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise FileRefused("The JSON names a field twice, so it is not sure which is meant.")
    return made


def _refuse_what_no_table_holds(root: Any) -> None:
    """Too deep, or with escaped characters that are none; level by level, without recursion."""
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise FileRefused("The JSON is nested too deep.")
        if any(isinstance(each, str) and _NO_CHARACTER.search(each) for each in level):
            raise FileRefused("The JSON holds NUL or half characters, so it is damaged.")
        level = [
            child
            for each in level
            if isinstance(each, (dict, list))
            for child in ([*each, *each.values()] if isinstance(each, dict) else each)
        ]


def _all(root: Resource) -> Iterator[tuple[str, Resource]]:
    if root["resourceType"] != "Bundle":
        yield from _with_contained("entry:0", root)
        return
    entries = root.get("entry")
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and isinstance(resource.get("resourceType"), str):
            yield from _with_contained(str(entry.get("fullUrl") or f"entry:{place}")[:LONGEST_CELL], resource)


def _with_contained(address: str, resource: Resource) -> Iterator[tuple[str, Resource]]:
    """The resource and what it contains, whose addresses are its own with a fragment: a name inside it means nothing outside."""
    yield address, resource
    contained = resource.get("contained")
    for one in contained if isinstance(contained, list) else []:
        if isinstance(one, dict) and isinstance(one.get("resourceType"), str):
            yield f"{address}#{one.get('id', '')}", one


def meant_by(reference: str, address: str) -> str:
    """The address that a reference stands for; one that begins with # stays inside the resource that contains both."""
    return f"{address.split('#')[0]}{reference}" if reference.startswith("#") else reference
