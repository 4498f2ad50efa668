"""The packs side by side: what each gives first for one situation, and where they part."""

from dataclasses import replace

import pytest

from b12clinic.vocabulary import Cause
from regimens.packs import load_packs
from regimens.protocols.differences import Aspect, differences, protocol_for
from regimens.protocols.pack import Indication
from regimens.protocols.selection import recommend
from tests.core.patients import labs, patient

PACKS = load_packs()
STANDARD, NEUROLOGICAL = Indication.STANDARD, Indication.NEUROLOGICAL
PERNICIOUS = Cause.AUTOIMMUNE_GASTRITIS


def told(aspect: Aspect, indication: Indication, cause: str, *, tablets_suit: bool = True) -> dict[str, str]:
    rows = {row.aspect: row for row in differences(PACKS, indication, cause, tablets_suit=tablets_suit)}
    return {answer.pack: answer.text for answer in rows[aspect].answers}


def test_every_aspect_is_a_row_with_every_pack_in_order() -> None:
    rows = differences(PACKS, STANDARD, PERNICIOUS)
    assert [row.aspect for row in rows] == list(Aspect)
    assert all([answer.pack for answer in row.answers] == list(PACKS) for row in rows)
    assert [aspect.label for aspect in Aspect] == [
        "Drug",
        "Route",
        "Dose",
        "Loading",
        "Maintenance",
        "Duration",
        "Source",
    ]


@pytest.mark.parametrize(
    ("aspect", "uk", "us_label", "us_practice", "nl"),
    [
        (Aspect.DRUG, "hydroxocobalamin", "cyanocobalamin", "cyanocobalamin", "hydroxocobalamin"),
        (Aspect.ROUTE, "intramuscular", "intramuscular", "intramuscular", "intramuscular"),
        (Aspect.DOSE, "1,000 mcg", "100 mcg", "1,000 mcg", "1,000 mcg"),
        (
            Aspect.LOADING,
            "three times a week, 6 doses",
            "daily, 7 doses, then on alternate days, 7 doses, then every 3 to 4 days, 5 doses",
            "daily, 7 doses, then weekly, 4 doses",
            "every 3 to 4 days, 10 doses",
        ),
        (Aspect.MAINTENANCE, "every 2 or 3 months", "monthly", "monthly", "every 2 months"),
        (
            Aspect.DURATION,
            "No end date while the cause lasts; reviewed every year, more often given if symptoms return.",
            "No end date while the cause lasts; monthly, for life in pernicious anaemia.",
            "No end date while the cause lasts; reviewed every year.",
            "No end date while the cause lasts; reviewed every year.",
        ),
        (
            Aspect.SOURCE,
            "BNF 2018, hydroxocobalamin; SmPC hydroxocobalamin 2021, 4.2; NG239 2024, 1.5",
            "FDA label, dosage and administration",
            "Stabler 2013, treatment",
            "FK, hydroxocobalamine",
        ),
    ],
)
def test_injections_for_pernicious_anaemia(
    aspect: Aspect, uk: str, us_label: str, us_practice: str, nl: str
) -> None:
    said = told(aspect, STANDARD, PERNICIOUS, tablets_suit=False)
    assert (said["uk"], said["us-label"], said["us-practice"], said["nl"]) == (uk, us_label, us_practice, nl)


def test_tablets_come_first_where_a_pack_says_so() -> None:
    assert told(Aspect.ROUTE, STANDARD, PERNICIOUS)["uk"] == "intramuscular"
    assert told(Aspect.ROUTE, STANDARD, PERNICIOUS)["nl"] == "by mouth"
    assert told(Aspect.MAINTENANCE, STANDARD, PERNICIOUS)["nl"] == "daily by mouth"
    assert told(Aspect.LOADING, STANDARD, PERNICIOUS)["nl"] == "none"


def test_nerves_are_loaded_until_a_review_ends_it_in_some_packs() -> None:
    said = told(Aspect.LOADING, NEUROLOGICAL, PERNICIOUS)
    assert said["uk"] == "on alternate days until a review ends it"
    assert said["nl"] == "every 3 to 4 days, 10 doses"
    assert told(Aspect.ROUTE, NEUROLOGICAL, PERNICIOUS)["ca-bc"] == "intramuscular, then by mouth"


def test_a_cause_with_a_schedule_of_its_own_is_told_by_it() -> None:
    assert told(Aspect.MAINTENANCE, NEUROLOGICAL, Cause.NITROUS_OXIDE)["uk"] == "none"
    assert told(Aspect.MAINTENANCE, STANDARD, Cause.BARIATRIC_SURGERY)["uk"] == "every 3 months"


def test_a_pack_without_a_protocol_says_that_it_offers_nothing() -> None:
    rows = differences(PACKS, NEUROLOGICAL, PERNICIOUS)
    norway = [answer for row in rows for answer in row.answers if answer.pack == "no"]
    assert {(answer.protocol, answer.text) for answer in norway} == {(None, "nothing offered")}


def test_each_answer_names_its_protocol() -> None:
    rows = differences(PACKS, STANDARD, PERNICIOUS)
    assert {row.answers[-1].protocol for row in rows} == {"us-practice/standard"}


def test_prophylaxis_is_only_for_the_causes_that_it_is_published_for() -> None:
    assert protocol_for(PACKS["uk"], Indication.PROPHYLAXIS, Cause.DIET) is None
    gastrectomy = protocol_for(PACKS["uk"], Indication.PROPHYLAXIS, Cause.TOTAL_GASTRECTOMY)
    assert gastrectomy is not None
    assert gastrectomy.code == "uk/prophylaxis"


def test_tablets_are_compared_where_they_serve() -> None:
    uk = PACKS["uk"]
    assert protocol_for(uk, Indication.ORAL, Cause.TOTAL_GASTRECTOMY) is None
    assert protocol_for(uk, Indication.ORAL, Cause.COELIAC_DISEASE).code == "uk/oral"  # type: ignore[union-attr]
    assert protocol_for(uk, Indication.ORAL, Cause.DIET).code == "uk/oral"  # type: ignore[union-attr]
    assert protocol_for(uk, Indication.ORAL, Cause.DIET, tablets_suit=False) is None


def test_injections_serve_where_a_pack_puts_tablets_first_and_has_none() -> None:
    nl = PACKS["nl"]
    without = replace(nl, protocols=tuple(one for one in nl.protocols if not one.is_oral))
    assert protocol_for(without, STANDARD, PERNICIOUS).code == "nl/standard"  # type: ignore[union-attr]


def test_packs_that_say_the_same_do_not_differ() -> None:
    rows = {row.aspect: row.differs for row in differences(PACKS, Indication.LEBER, Cause.UNKNOWN)}
    assert rows == {
        Aspect.DRUG: False,
        Aspect.ROUTE: False,
        Aspect.DOSE: False,
        Aspect.LOADING: False,
        Aspect.MAINTENANCE: False,
        Aspect.DURATION: False,
        Aspect.SOURCE: True,
    }


def test_no_packs_make_rows_without_answers() -> None:
    assert all(row.answers == () and not row.differs for row in differences({}, STANDARD, PERNICIOUS))


@pytest.mark.parametrize("guideline", PACKS)
@pytest.mark.parametrize(("indication", "finding"), [(STANDARD, "fatigue"), (NEUROLOGICAL, "numbness")])
def test_what_is_compared_is_what_a_plain_patient_would_be_offered(
    guideline: str, indication: Indication, finding: str
) -> None:
    for cause in Cause:
        facts = patient(guideline=guideline, cause=cause, findings={finding}, labs=labs(total_b12=100))
        assert protocol_for(PACKS[guideline], indication, cause) == recommend(facts, PACKS).protocol, cause
