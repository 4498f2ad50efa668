"""Which protocol each pack begins with for each cause: a low B12, an adult, no nerves, nothing else recorded.

Diet and food-bound malabsorption begin with tablets everywhere (evidence, which route); British Columbia, the
Netherlands and Norway begin most causes with tablets (evidence section 1a); nitrous oxide counts as neurological.
"""

import pytest

from b12clinic.vocabulary import Cause
from regimens.packs import load_packs
from regimens.protocols.selection import recommend
from tests.core.patients import labs, patient

PACKS = load_packs()
COLUMNS = ("au", "ca-bc", "nl", "no", "uk", "us-label", "us-practice")
TABLE = """
autoimmune_gastritis      standard       oral          oral           oral  standard          standard       standard
total_gastrectomy         standard       oral          oral           oral  standard          standard       standard
partial_gastrectomy       standard       oral          oral           oral  standard          standard       standard
ileal_resection           standard       oral          oral           oral  standard          standard       standard
ileal_disease             standard       oral          oral           oral  standard          standard       standard
bariatric_surgery         standard       oral          oral           oral  bariatric         standard       standard
coeliac_disease           standard       oral          oral           oral  standard          standard       standard
pancreatic_insufficiency  standard       oral          oral           oral  standard          standard       standard
bacterial_overgrowth      standard       oral          oral           oral  standard          standard       standard
food_bound_malabsorption  oral           oral          oral           oral  oral              oral           oral
medicine_induced          standard       oral          oral           oral  medicine-induced  standard       standard
nitrous_oxide             nitrous-oxide  neurological  nitrous-oxide  none  nitrous-oxide     nitrous-oxide  nitrous-oxide
diet                      oral           oral          oral           oral  oral              oral           oral
congenital                standard       oral          oral           oral  standard          standard       standard
unknown                   standard       oral          oral           oral  standard          standard       standard
"""
ROWS = {cause: names for cause, *names in (line.split() for line in TABLE.strip().splitlines())}


def test_the_table_holds_every_pack_and_every_cause() -> None:
    assert set(COLUMNS) == set(PACKS)
    assert set(ROWS) == {cause.value for cause in Cause}
    assert {len(names) for names in ROWS.values()} == {len(COLUMNS)}


@pytest.mark.parametrize(
    ("cause", "pack", "name"),
    [(cause, pack, name) for cause, names in ROWS.items() for pack, name in zip(COLUMNS, names, strict=True)],
)
def test_a_pack_begins_a_cause_with_its_protocol(cause: str, pack: str, name: str) -> None:
    answer = recommend(patient(guideline=pack, cause=cause, labs=labs(total_b12=90)), PACKS)
    code = answer.protocol.code if answer.protocol else None
    assert answer.plan_allowed
    assert code == (None if name == "none" else f"{pack}/{name}")
