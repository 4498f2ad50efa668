"""What is generated is fresh, and what a page points to is there."""

import re

import pytest

from tests import reference, translations
from tests.architecture.source import ROOT


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_generated_page_says_what_the_code_says(name):
    assert (reference.FOLDER / name).read_text() == reference.page(name), "stale: make docs"


def test_the_catalogue_of_translations_is_fresh_and_compiles():
    assert translations.problems() == []


def test_every_link_of_a_document_leads_to_a_file():
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert documents
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []
