"""Every finding, date and choice of an answer says where it comes from, on the wire."""

import pytest
import yaml

from regimens.packs import load_packs
from regimens.protocols.casefile import case_from_dict
from regimens.protocols.selection import recommend, recommend_protocol
from tests.core.case_files import OWN_CASES, case_paths
from tests.core.patients import labs, patient

KEYS = {"rule", "kind", "source", "section", "year"}
LOW = labs(total_b12=90)


def answer_of(**more):
    return recommend(patient(labs=LOW, **more), load_packs()).to_json()


def rules_of(origins):
    return [origin["rule"] for origin in origins]


@pytest.mark.parametrize("path", case_paths(OWN_CASES), ids=lambda path: path.stem)
def test_nothing_in_an_answer_is_without_an_origin(path):
    case = case_from_dict(yaml.safe_load(path.read_text()), file=path.name, guidelines=load_packs())
    answer = recommend(case.facts, load_packs()).to_json()
    given = [
        *(one["origins"] for one in answer["alerts"] + answer["rechecks"]),
        *(one["origins"] for one in answer["alternatives"] + answer["excluded"]),
        *answer["choices"].values(),
        *(origins for phase in answer["phases"] for origins in phase["origins"].values()),
    ]
    assert all(origins and all(set(one) == KEYS for one in origins) for origins in given)


@pytest.mark.parametrize("path", case_paths(OWN_CASES), ids=lambda path: path.stem)
def test_dates_are_explained_one_by_one_in_the_order_of_their_days(path):
    case = case_from_dict(yaml.safe_load(path.read_text()), file=path.name, guidelines=load_packs())
    for phase in recommend(case.facts, load_packs()).to_json()["phases"]:
        assert len(phase["dates"]) == len(phase["due_on"])
        named = {rule for dated in phase["dates"] for rule in dated["rules"]}
        assert named == set(phase["origins"])


def test_a_new_plan_explains_its_dates():
    load, upkeep = answer_of(cause="autoimmune_gastritis")["phases"]
    assert load["dates"][:2] == [{"rules": ("first_day",)}, {"rules": ("interval",)}]
    assert upkeep["dates"][0] == {"rules": ("phase_step", "calendar_months", "rolling_horizon")}
    assert load["origins"]["interval"][0] == {
        "rule": "uk/standard/loading",
        "kind": "guideline",
        "source": "British National Formulary (BNF)",
        "section": "hydroxocobalamin",
        "year": 2018,
    }
    assert load["origins"]["first_day"] == [
        {
            "rule": "date/first_day",
            "kind": "local_policy",
            "source": "Local policy of the clinic",
            "section": "evidence section 1d",
            "year": None,
        }
    ]


def test_a_lifelong_plan_by_injection_names_who_says_so():
    choices = answer_of(cause="autoimmune_gastritis", certainty="confirmed")["choices"]
    assert rules_of(choices["protocol"])[:2] == ["scheme/standard", "uk/standard"]
    assert rules_of(choices["route"]) == ["route/injection_first", "route/injection_first"]
    assert rules_of(choices["lifelong"]) == ["LIFELONG"]
    assert choices["lifelong"][0]["section"] == "1.5"


@pytest.mark.parametrize(
    ("cause", "rule"),
    [
        ("medicine_induced", "duration/while_exposed"),
        ("nitrous_oxide", "duration/while_abstinent"),
        ("diet", "duration/diet"),
        ("unknown", "duration/as_long_as_the_cause"),
    ],
)
def test_a_plan_that_is_not_lifelong_names_the_rule_of_its_duration(cause, rule):
    assert set(rules_of(answer_of(cause=cause)["choices"]["lifelong"])) == {rule}


def test_tablets_first_injections_in_spite_of_the_cause_and_a_running_course_name_their_route():
    assert set(rules_of(answer_of(cause="diet")["choices"]["route"])) == {"route/tablets_first"}
    frail = answer_of(cause="diet", conditions=frozenset({"frailty"}))
    assert rules_of(frail["choices"]["route"]) == ["route/against_tablets"]


def test_a_barred_muscle_names_the_finding_that_bars_it():
    barred = recommend(
        patient(cause="autoimmune_gastritis", labs=labs(total_b12=90, inr="4.0")), load_packs()
    )
    rules = rules_of(barred.to_json()["choices"]["route"])
    assert rules[-3:] == ["route/deep_subcutaneous", "INR_HIGH", "INR_HIGH"]


def test_a_swapped_drug_names_the_finding_that_swapped_it():
    swapped = patient(cause="autoimmune_gastritis", guideline="us-practice", labs=labs(total_b12=90, egfr=20))
    assert set(rules_of(recommend(swapped, load_packs()).to_json()["choices"]["drug"])) == {"RENAL_ALU"}


def test_what_is_excluded_names_its_rule_and_sources():
    answer = answer_of(cause="autoimmune_gastritis")
    nerves = next(one for one in answer["excluded"] if one["protocol"]["code"] == "uk/neurological")
    assert rules_of(nerves["origins"]) == ["exclusion/no_nerves_recorded"]
    tablets = next(one for one in answer["excluded"] if one["protocol"]["code"] == "uk/oral")
    assert rules_of(tablets["origins"]) == ["exclusion/tablets_do_not_serve"] * 2
    assert [origin["year"] for origin in tablets["origins"]] == [2024, 2020]


def test_an_alternative_names_its_publisher_and_the_first_choice_beside_it_the_order_of_schemes():
    answer = answer_of(cause="diet")
    assert all(
        origin["rule"].startswith("alternative/")
        for one in answer["alternatives"]
        for origin in one["origins"]
    )
    chosen = recommend_protocol(patient(cause="diet", labs=LOW), load_packs(), "uk/diet-injection").to_json()
    assert rules_of(chosen["alternatives"][0]["origins"])[0] == "alternative/first_choice"


def test_a_withheld_plan_has_no_choices_to_explain():
    answer = recommend(patient(age=12, labs=LOW), load_packs()).to_json()
    assert (answer["plan_allowed"], answer["choices"], answer["phases"]) == (False, {}, [])
    assert answer["alerts"][0]["origins"][0]["rule"] == "AGE_EXCLUDED"
