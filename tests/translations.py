"""The catalogue of sentences marked for translation, and whether it is fresh: `python -m tests.translations [--write]`.

Every sentence marked with gettext in Python or `translate` in a template stands in `locale/django.pot`; translators
start from it. Each `locale/<language>/LC_MESSAGES/django.po` must compile. Babel does both, so that GNU gettext is not needed.
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "locale" / "django.pot"
SOURCES = ("b12clinic", "monitoring", "regimens", "templates")
MARKS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}

CALL = re.compile(r"""\b(?:_|n?p?gettext)\((?:[^()'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\)""")


def python_of(path: Path) -> str:
    """The file's marked sentences as Python; of a template only the calls that its tags stand for."""
    text = path.read_text()
    return "\n".join(CALL.findall(templatize(text, origin=str(path)))) if path.suffix == ".html" else text


def catalogue() -> str:
    """What `locale/django.pot` should say now."""
    found = Catalog(charset="utf-8")
    sources = (
        path for source in SOURCES for path in (ROOT / source).rglob("*") if path.suffix in {".py", ".html"}
    )
    for path in sorted(sources):
        text = python_of(path)
        for _, message, comments, context in extract(
            "python", io.BytesIO(text.encode()), MARKS, ("Translators:",)
        ):
            found.add(message, auto_comments=comments, context=context)
    written = io.BytesIO()
    write_po(written, found, width=100, no_location=True, omit_header=True, sort_output=True)
    return (
        "# Sentences marked for translation. `python -m tests.translations --write` makes this file.\n\n"
        + written.getvalue().decode()
    )


def problems() -> list[str]:
    """What is stale or does not compile, a sentence each."""
    found = []
    if not TEMPLATE.exists() or TEMPLATE.read_text() != catalogue():
        found.append("locale/django.pot is stale: python -m tests.translations --write")
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            translated = read_po(file, abort_invalid=True)
        write_mo(io.BytesIO(), translated)
        found += [
            f"{path.relative_to(ROOT)}: {message.id!r}: {e}"
            for message, errors in translated.check()
            for e in errors
        ]
    return found


if __name__ == "__main__":
    if "--write" in sys.argv:
        TEMPLATE.parent.mkdir(exist_ok=True)
        TEMPLATE.write_text(catalogue())
    sys.exit("\n".join(problems()) or 0)
