"""Where something comes from, in words."""

import pytest

from regimens.protocols.origin import Origin, OriginKind


@pytest.mark.parametrize("kind", OriginKind)
def test_every_kind_of_origin_has_a_label_of_its_own(kind: OriginKind) -> None:
    assert kind.label
    assert [one.label for one in OriginKind].count(kind.label) == 1


@pytest.mark.parametrize(
    ("origin", "place"),
    [
        (Origin("r", OriginKind.GUIDELINE, "NG239", "1.5", 2024), "1.5, 2024"),
        (Origin("r", OriginKind.LITERATURE, "Stabler", None, 2013), "no section given, 2013"),
        (Origin("r", OriginKind.LABEL, "FDA label", "dosage", None), "dosage, no year given"),
        (Origin("r", OriginKind.SECONDARY, "Notes"), "no section given, no year given"),
        (Origin("r", OriginKind.LOCAL_POLICY, "Local policy", "evidence section 8"), "evidence section 8"),
        (Origin("r", OriginKind.CALENDAR, "Clinic's calendar"), ""),
        (Origin("r", OriginKind.CLINICIAN, "Clinician"), ""),
    ],
)
def test_a_publication_says_what_the_evidence_does_not_give(origin: Origin, place: str) -> None:
    assert origin.place == place
