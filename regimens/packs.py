"""Reads the guideline packs from disk: the input that the core may not do itself."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from regimens.protocols.schema import Pack, PackError, pack_from_dict

UNREADABLE = (
    OSError, yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError,
)  # fmt: skip
"""What reading a document may raise: a value like `2025-13-45` or `!!bool x` leaves the YAML reader as a bare error."""

PACKS_FOLDER = Path(__file__).parent / "protocols" / "packs"


@lru_cache(maxsize=1)
def load_packs() -> dict[str, Pack]:
    """Every pack by its code, read once in the life of the process. Raises `PackError`; never half a pack."""
    return read_folder(PACKS_FOLDER)


def read_folder(folder: Path) -> dict[str, Pack]:
    """The packs of a folder, one YAML file each, the file named after the pack's code."""
    packs = (read_pack(path) for path in sorted(folder.glob("*.yaml")))
    return {pack.code: pack for pack in packs}


def read_pack(path: Path) -> Pack:
    """One pack from its file; raises `PackError` where the file cannot be read or does not fit."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=LoaderWithoutTwins)  # noqa: S506  a safe loader
    except UNREADABLE as problem:
        raise PackError(path.name, "the document", f"cannot be read as YAML: {problem}") from problem
    pack = pack_from_dict(data, file=path.name)
    if pack.code != path.stem:
        raise PackError(
            path.name, "code", f"expected '{path.stem}', the name of the file, found '{pack.code}'"
        )
    return pack


class LoaderWithoutTwins(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Plain YAML that refuses a key written twice, since the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        written = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twins = sorted({key for key in written if written.count(key) > 1})
        if twins:
            raise yaml.constructor.ConstructorError(
                None, None, f"written twice in one mapping: {', '.join(twins)}", node.start_mark
            )
        return super().construct_mapping(node, deep=deep)
