"""Where the guidelines disagree, by what a patient needs."""

from regimens.protocols.disagreements import DISAGREEMENTS, disagreements_for
from regimens.protocols.pack import Indication


def test_every_disagreement_concerns_somebody_and_is_found_in_its_order() -> None:
    for indication in Indication:
        found = disagreements_for(indication)
        assert list(found) == [one for one in DISAGREEMENTS if indication in one.concerns]
    assert {one.question for indication in Indication for one in disagreements_for(indication)} == {
        one.question for one in DISAGREEMENTS
    }
