import pytest

from regimens.protocols.reactions import as_allergy, consequence_of


@pytest.mark.parametrize(
    ("grade", "seen", "follows"),
    [
        ("", [], "record"),
        ("none", ["wheeze"], "record"),
        ("1", [], "record"),
        ("1", ["rash"], "record"),
        ("1", ["generalised"], "review"),
        ("1", ["wheeze"], "review"),
        ("2", [], "review"),
        ("2", ["local"], "record"),
        ("2", ["general"], "record"),
        ("2", ["local", "general"], "record"),
        ("2", ["local", "rash"], "review"),
        ("2", ["urticaria"], "review"),
        ("2", ["anaphylaxis"], "review"),
        ("3", [], "review"),
        ("3", ["local"], "review"),
        ("3", ["urticaria"], "review"),
        ("3", ["wheeze"], "emergency"),
        ("3", ["angioedema", "local"], "emergency"),
        ("3", ["anaphylaxis"], "emergency"),
        ("4", [], "emergency"),
        ("4", ["local"], "emergency"),
        ("5", [], "emergency"),
    ],
)
def test_what_follows_from_grade_and_kind(grade, seen, follows):
    assert consequence_of(grade, seen) == follows


@pytest.mark.parametrize(
    ("seen", "noted"),
    [
        ([], ("anaphylaxis",)),
        (["local"], ("anaphylaxis",)),
        (["wheeze", "local", "angioedema"], ("angioedema", "wheeze")),
    ],
)
def test_the_allergy_names_what_was_seen(seen, noted):
    assert as_allergy(seen) == noted
