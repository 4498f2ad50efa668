"""Where published sources disagree, and what is done here about it (evidence section 11).

Shown as it stands: nothing is averaged, and a clinic that follows another source takes its pack.
"""

from __future__ import annotations

from dataclasses import dataclass

from regimens.protocols.pack import Indication

_ANY = tuple(Indication)
_NERVES, _STANDARD = (Indication.NEUROLOGICAL,), (Indication.STANDARD,)
_INJECTED = (Indication.STANDARD, Indication.NEUROLOGICAL, Indication.PROPHYLAXIS)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One question with what each side says and what follows here. `concerns`: the indications on which it bears."""

    question: str
    positions: tuple[str, ...]
    here: str
    concerns: tuple[Indication, ...] = _ANY


def disagreements_for(indication: Indication) -> tuple[Disagreement, ...]:
    """Those that bear on an indication, in the order in which they are listed."""
    return tuple(one for one in DISAGREEMENTS if indication in one.concerns)


DISAGREEMENTS: tuple[Disagreement, ...] = (
    Disagreement(
        "How often after a neurological loading, in the United Kingdom?",
        ("BNF and Neo-Cytamen: every 2 months", "Some hydroxocobalamin product texts: every 2 to 3 months"),
        "Every 2 months.",
        _NERVES,
    ),
    Disagreement(
        "How is a patient without neurological signs loaded, in the United Kingdom?",
        (
            "BNF: six doses of 1 mg in two weeks",
            "Product texts: 250 to 1,000 mcg on alternate days for 1 to 2 weeks, then 250 mcg weekly until the count is normal",
        ),
        "Six doses first; the product text is an alternative of the pack.",
        _STANDARD,
    ),
    Disagreement(
        "100 or 1,000 mcg, in the United States?",
        ("US FDA label: 100 mcg", "Practice (Stabler 2013, Langan 2011): 1,000 mcg"),
        "Two packs, so that the choice is seen: the label is the licence, practice is the norm.",
        _INJECTED,
    ),
    Disagreement(
        "May cyanocobalamin and hydroxocobalamin stand for each other?",
        (
            "Hydroxocobalamin stays in the body longer: every 2 to 3 months",
            "Cyanocobalamin: monthly, not every 2 to 3 months",
        ),
        "Each schedule is tied to its drug; a change of drug takes the other schedule.",
        _INJECTED,
    ),
    Disagreement(
        "Hydroxocobalamin under the skin?",
        ("The Netherlands and Sweden: allowed", "United Kingdom and United States texts: intramuscular only"),
        "Intramuscular; under the skin only where a muscle must be spared, and said to be outside the UK licence.",
        (*_INJECTED, Indication.LEBER),
    ),
    Disagreement(
        "Is serum B12 measured again during injections?",
        ("United States practice: yes", "NICE NG239 and NHG: no, it rises with every dose"),
        "The uk and nl packs ask for none; results that are there can be seen, and are no sign of response.",
    ),
    Disagreement(
        "Which B12 is low?",
        ("Cut-offs range from 110 to 200 pmol/L between sources",),
        "Each pack has its own bands, and a class is said with the pack that it was read by.",
    ),
    Disagreement(
        "Tablets in pernicious anaemia?",
        (
            "British Columbia, the Nordic countries and the AAFP: accepted",
            "NICE NG239: intramuscular for life; labels call tablets undependable",
        ),
        "As each pack has it.",
        (Indication.STANDARD, Indication.ORAL),
    ),
    Disagreement(
        "Hydroxocobalamin in Leber optic neuropathy?",
        ("United Kingdom: licensed", "US labels: warn of cyanocobalamin only"),
        "Hydroxocobalamin in every pack; cyanocobalamin is blocked.",
        (Indication.LEBER,),
    ),
    Disagreement(
        "Hydroxocobalamin in pregnancy?",
        (
            "Neo-Cytamen and generic texts: once a B12 deficiency is shown",
            "One Cobalin-H text: do not use",
        ),
        "The finding PREG_CONFIRM_B12 says both.",
        (Indication.STANDARD, Indication.NEUROLOGICAL),
    ),
    Disagreement(
        "Cobalt allergy?",
        ("US labels: contraindicated", "Swiss text: benefit against risk in the individual"),
        "Blocks in the US packs and after any systemic reaction; a contact dermatitis alone warns elsewhere.",
    ),
    Disagreement(
        "Before a megaloblastic marrow is shown?",
        ("Cobalin-H text: not before", "Guidelines: do not delay"),
        "Treatment is not delayed for a marrow; the product text is held to be out of date.",
        _INJECTED,
    ),
    Disagreement(
        "How often after bariatric surgery?",
        ("BOMSS: every 3 months", "ASMBS: monthly"),
        "Every 3 months in the uk pack, monthly in us-practice.",
        (Indication.STANDARD, Indication.PROPHYLAXIS),
    ),
    Disagreement(
        "From which age?",
        ("NICE NG239: 16", "British Columbia: 19", "Labels: adults"),
        "From 18, which a clinic may set to 16.",
    ),
)
