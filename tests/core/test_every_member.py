"""Every member of every closed list is in every table that is keyed by the list, or the table says here why not."""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from b12clinic import vocabulary
from b12clinic.messages.models import MessageState
from b12clinic.patients.wording import _OTHER_NAMES
from b12clinic.vocabulary import (
    FBC_ANALYTES,
    Cause,
    CauseDetail,
    Channel,
    Coded,
    Condition,
    Drug,
    IntervalUnit,
    PhaseKind,
    RecheckTest,
    Route,
    Sex,
    Site,
)
from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.recheck_matching import PANELS, parts_of
from monitoring.interpretation.trajectory import MARKERS
from monitoring.interpretation.units import _ALIASES
from regimens.packs import load_packs
from regimens.protocols import codes
from regimens.protocols.intervals import Interval
from regimens.protocols.outlook import RETENTION
from regimens.protocols.pack import CountsFrom, Indication, RecheckWhen, Standing
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.prechecks import Question
from regimens.protocols.vocabulary import ContactOutcome
from regimens.protocols.windows import Cadence, cadence_of
from regimens.queries.due_list import Called

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("b12clinic", "monitoring", "regimens")
NOT_READ = {"migrations", "management", "wsgi", "settings", "celery", "admin"}
"""Modules that hold no words and no rules, and act when they are imported."""

PARTIAL: dict[str, tuple[set[Any], str]] = {
    "b12clinic.messages.channels.CHANNELS": (
        {Channel.EMAIL, Channel.SMS},
        "ways by which a message leaves by itself; letters are printed, and nothing leaves for the inbox",
    ),
    "b12clinic.messages.presenters.outbox.SAID_WHEN": (
        set(MessageState) - {MessageState.SENT},
        "of one that was sent the moment is said",
    ),
    "b12clinic.patients.presenters.banner.CONDITION_RISKS": (
        {
            Condition.LEBER_HEREDITARY_OPTIC_NEUROPATHY,
            Condition.LEBER_FAMILY_HISTORY,
            Condition.POLYCYTHAEMIA_VERA,
            Condition.HAEMOPHILIA,
            Condition.VON_WILLEBRAND,
        },
        "conditions that are a danger at the needle or in the drug; the others stand on the record alone",
    ),
    "monitoring.interpretation.recheck_matching.PANELS": (
        {RecheckTest.FBC, RecheckTest.IRON_STUDIES},
        "tests that stand for several analytes; an examination or a review is answered by a note",
    ),
    "regimens.forms.injection.ASK": (
        {Question.IDENTITY, Question.CONSENT},
        "questions asked for in words of their own; the others share one sentence",
    ),
    "regimens.incidents._IN_WORDS": (
        set(Question) - {Question.IDENTITY},
        "answers that can speak against giving; who somebody is cannot",
    ),
    "regimens.order_check._AS_IF": (
        {Question.ALLERGY, Question.PREGNANT, Question.ANTICOAGULANT},
        "answers that a safety rule has words for",
    ),
    "regimens.order_check._OWN_WORDS": (
        {Question.UNWELL, Question.CONSENT},
        "answers that no safety rule has words for",
    ),
    "regimens.protocols.giving.USUAL_ML": (
        {Site.DELTOID, Site.VENTROGLUTEAL, Site.VASTUS_LATERALIS},
        "sites with a usual volume; dorsogluteal is warned of as such, under the skin no source says one",
    ),
    "regimens.protocols.prechecks._AGAINST": (
        {Question.ALLERGY, Question.UNWELL, Question.PREGNANT, Question.CONSENT},
        "answers that speak against giving by themselves; a blood thinner does with its INR",
    ),
    "regimens.protocols.choice_origins._DURATIONS": (
        {Cause.MEDICINE_INDUCED, Cause.NITROUS_OXIDE, Cause.DIET},
        "causes for which a source says how long; any other is treated as long as it lasts",
    ),
    "regimens.protocols.reading.read._SHORT_FOR": (
        {CauseDetail.ROUX_EN_Y},
        "operations that surgeons abbreviate; the others are written as their code or label",
    ),
    "regimens.protocols.reasons._NEEDS": (
        {Indication.LEBER, Indication.PROPHYLAXIS, Indication.STANDARD},
        "neurological need is said with the patient's own signs; no patient needs `oral`, which is a route's protocol",
    ),
    "regimens.queries.due_list.LAST_WORD": (
        {Called.AGREED, Called.CALL_LATER},
        "what the last call ended in; the other two ask whether and when there was a call",
    ),
    "regimens.seeding.people.FIRST_NAMES": (
        {Sex.FEMALE, Sex.MALE},
        "seeded people are drawn from two lists of names",
    ),
    "regimens.services.record_contact_attempt.NAMES_A_DAY": (
        {ContactOutcome.AGREED_TO_VISIT, ContactOutcome.REMIND_TO_CALL_LATER},
        "outcomes that promise something for a day",
    ),
}


@dataclass(frozen=True)
class Table:
    """A mapping of a module, all of whose keys are members of one list."""

    name: str
    members: type[Enum]
    keys: frozenset[Any]


def _modules() -> Iterator[Any]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            steps = path.relative_to(ROOT).with_suffix("").parts
            if not NOT_READ & set(steps):
                yield importlib.import_module(".".join(steps).removesuffix(".__init__"))


def _tables() -> list[Table]:
    found: dict[int, Table] = {}
    for module in _modules():
        for name, value in vars(module).items():
            keys = list(value) if isinstance(value, Mapping) and not name.startswith("__") else []
            lists = {type(key) for key in keys}
            if len(lists) == 1 and issubclass(one := lists.pop(), Enum):
                found.setdefault(id(value), Table(f"{module.__name__}.{name}", one, frozenset(keys)))
    return list(found.values())


TABLES = _tables()
NAMES = {table.name for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_table_has_every_member_of_its_list_or_a_reason(table: Table) -> None:
    expected, why = PARTIAL.get(table.name, (frozenset(table.members), "complete"))
    assert table.keys == expected, why


def test_tables_are_found_where_they_are_known_to_be() -> None:
    assert {
        "monitoring.interpretation.verdict._WORDS",
        "regimens.protocols.intervals._NOMINAL_DAYS",
        "regimens.protocols.reading.words._CLASS_WORDS",
        "regimens.protocols.rechecks.CONDITIONS",
        "regimens.protocols.windows.TOLERANCES",
    } <= NAMES


def test_table_that_is_no_longer_there_or_no_longer_partial_has_no_reason_left() -> None:
    partial = {table.name for table in TABLES if table.keys != frozenset(table.members)}
    assert set(PARTIAL) == partial


LISTS = {
    one
    for one in vars(vocabulary).values()
    if isinstance(one, type) and issubclass(one, Coded) and one is not Coded
}
OF_THE_RECORD = {
    "Channel", "IntervalUnit", "Language", "NotGivenReason", "ReactionGrade", "RecheckTest", "ResponseDecision", "Side", "Site",
}  # fmt: skip
"""Lists that no case file speaks: they belong to the record of a clinic (recheck tests are told among the tests)."""


def test_every_list_is_told_by_the_command_or_belongs_to_the_record() -> None:
    told = set(codes._VOCABULARIES.values())
    assert {one.__name__ for one in LISTS - told} == OF_THE_RECORD
    answer = codes.known_codes(load_packs())
    assert all(set(answer[name]) == one.codes() for name, one in codes._VOCABULARIES.items())
    assert RecheckTest.codes() <= set(answer["tests"])


def test_every_free_word_table_speaks_of_a_closed_list() -> None:
    assert set(_OTHER_NAMES) <= LISTS


@pytest.mark.parametrize("unit", IntervalUnit)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_unit_of_an_interval_is_said_and_falls_into_a_row(unit: IntervalUnit, count: int) -> None:
    interval = Interval(count, unit)
    assert interval.phrase
    assert interval.nominal_days >= count
    spec = PhaseSpec(PhaseKind.MAINTENANCE, Drug.HYDROXOCOBALAMIN, 1000, Route.IM, interval)
    assert cadence_of(spec) in Cadence


def test_packs_use_every_member_of_their_own_lists_but_these() -> None:
    """A member that no pack uses and no test names would be dead."""
    packs = load_packs().values()
    protocols = [protocol for pack in packs for protocol in pack.protocols]
    rows = [row for pack in packs for row in pack.rechecks]
    assert {one.indication for one in protocols} == set(Indication)
    assert {citation.status for pack in packs for citation in pack.citations} == set(Standing)
    assert {row.counts_from for row in rows} == set(CountsFrom)
    assert {phase.kind for one in protocols for phase in one.phases} == set(PhaseKind)
    assert set(Route) - {phase.route for one in protocols for phase in one.phases} == {
        Route.SC,
        Route.DEFERRED,
    }
    assert set(Drug) - {phase.drug for one in protocols for phase in one.phases} == {Drug.MECOBALAMIN}
    in_packs = {when for row in rows for when in row.when}
    assert set(RecheckWhen) - in_packs == {
        RecheckWhen.OPTIC_OR_LEBER,
        RecheckWhen.PREGNANT_OR_BREASTFEEDING,
        RecheckWhen.POTASSIUM_AT_RISK,
        RecheckWhen.SEVERE_ANAEMIA,
        RecheckWhen.INR_HIGH,
        RecheckWhen.INADEQUATE_RESPONSE,
    }


def test_tables_by_analyte_speak_of_analytes() -> None:
    assert set(_ALIASES) <= set(ANALYTES)
    assert set(FBC_ANALYTES) <= set(ANALYTES)
    assert {part for panel in PANELS.values() for part in panel} <= set(ANALYTES)
    assert set(MARKERS) - set(ANALYTES) == {"symptoms", "neurological_signs"}
    assert all(parts_of(test) for test in RecheckTest)


def test_what_a_dose_leaves_is_known_for_these_and_no_other() -> None:
    """Depot and mecobalamin have no figure; the outlook leaves such doses out."""
    assert {(drug, route) for drug, route, _ in RETENTION} == {
        (Drug.CYANOCOBALAMIN, Route.IM),
        (Drug.CYANOCOBALAMIN, Route.ORAL),
        (Drug.HYDROXOCOBALAMIN, Route.IM),
    }
