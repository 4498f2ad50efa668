"""Who is in the demo clinic: plainly fictional people, each with a story that a clinic knows. Days are counted from today."""

from dataclasses import dataclass

from monitoring.interpretation.entry import Entry


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt to reach somebody about the dose they miss; `next_in` days from the attempt is when to act again."""

    days_ago: int
    channel: str
    outcome: str
    note: str = ""
    next_in: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """One person and their story.

    assessed: days ago on which the cause was judged and the plan signed (None: not assessed). protocol: what was signed;
    empty leaves the assessment unsigned. given_until: days ago of the last day on which injections went as planned.
    labs: days ago of the sample and the values reported. tried: attempts to reach them. gone: "died" or "moved".
    """

    name: str
    born: tuple[int, int, int]
    sex: str
    cause: str = "unknown"
    certainty: str = "confirmed"
    detail: str = ""
    neuro: bool = False
    findings: tuple[str, ...] = ("fatigue",)
    conditions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    assessed: int | None = None
    protocol: str = ""
    given_until: int | None = None
    did_not_attend: int | None = None
    labs: tuple[tuple[int, tuple[Entry, ...]], ...] = ()
    tried: tuple[Tried, ...] = ()
    email: bool = False
    gone: str = ""


def low_b12(
    days_ago: int, *, b12: str, hb: str, mcv: str, more: tuple[Entry, ...] = ()
) -> tuple[int, tuple[Entry, ...]]:
    """A baseline as British laboratories report it."""
    return (
        days_ago,
        (
            Entry(analyte="total_b12", value=b12, unit="ng/L"),
            Entry(analyte="haemoglobin", value=hb, unit="g/L"),
            Entry(analyte="mcv", value=mcv, unit="fL"),
            Entry(analyte="folate", value="7.2", unit="ug/L"),
            Entry(analyte="ferritin", value="64", unit="ug/L"),
            Entry(analyte="potassium", value="4.2", unit="mmol/L"),
            Entry(analyte="egfr", value="82", unit="mL/min/{1.73_m2}"),
            Entry(analyte="platelets", value="198", unit="10*9/L"),
            *more,
        ),
    )


ANTIBODY = (Entry(analyte="intrinsic_factor_antibody", value="positive"),)

RECOVERED = {
    "fbc": (
        Entry(analyte="haemoglobin", value="127", unit="g/L"),
        Entry(analyte="mcv", value="93", unit="fL"),
        Entry(analyte="red_cells", value="4.3", unit="10*12/L"),
        Entry(analyte="white_cells", value="6.1", unit="10*9/L"),
        Entry(analyte="platelets", value="241", unit="10*9/L"),
    ),
    "reticulocytes": (Entry(analyte="reticulocytes", value="5.8", unit="%"),),
    "ferritin": (Entry(analyte="ferritin", value="52", unit="ug/L"),),
    "folate": (Entry(analyte="folate", value="8.1", unit="ug/L"),),
    "potassium": (Entry(analyte="potassium", value="4.0", unit="mmol/L"),),
}
"""What the laboratory reports of somebody who recovers, for each test that a recheck may want."""

REVIEWED = {
    "symptom_review": "Less tired, no new symptoms.",
    "neuro_exam": "Vibration sense better at the ankles, gait steadier.",
}

CAST: tuple[Character, ...] = (
    Character(
        name="Ada Sample",
        born=(1963, 4, 12),
        sex="female",
        cause="autoimmune_gastritis",
        protocol="uk/standard",
        conditions=("hypothyroidism",),
        findings=("fatigue", "glossitis"),
        assessed=193,
        given_until=0,
        labs=(low_b12(196, b12="85", hb="92", mcv="118", more=ANTIBODY),),
        email=True,
    ),
    Character(
        name="Boris Example",
        born=(1967, 9, 30),
        sex="male",
        cause="autoimmune_gastritis",
        protocol="uk/neurological",
        neuro=True,
        findings=("paraesthesia_feet", "impaired_vibration_sense", "ataxic_gait", "romberg_positive"),
        assessed=13,
        given_until=6,
        labs=(
            low_b12(
                14,
                b12="110",
                hb="138",
                mcv="101",
                more=(*ANTIBODY, Entry(analyte="methylmalonic_acid", value="2.4", unit="umol/L")),
            ),
        ),
    ),
    Character(
        name="Carla Specimen",
        born=(1951, 1, 23),
        sex="female",
        cause="total_gastrectomy",
        protocol="uk/prophylaxis",
        conditions=("gastric_cancer_treated",),
        findings=(),
        assessed=302,
        given_until=130,
        labs=(low_b12(305, b12="390", hb="131", mcv="91"),),
        tried=(
            Tried(98, "phone", "no_answer"),
            Tried(91, "letter", "left_message", "Letter asks to ring the clinic", 14),
            Tried(5, "phone", "wrong_number", "The number belongs to somebody else"),
        ),
        email=True,
    ),
    Character(
        name="Dinesh Placeholder",
        born=(1979, 11, 2),
        sex="male",
        cause="autoimmune_gastritis",
        protocol="uk/standard",
        findings=("fatigue", "dyspnoea"),
        assessed=9,
        given_until=1,
        labs=(
            low_b12(
                10,
                b12="96",
                hb="78",
                mcv="121",
                more=(*ANTIBODY, Entry(analyte="haematocrit", value="24", unit="%")),
            ),
        ),
    ),
    Character(
        name="Elif Fictional",
        born=(1996, 6, 17),
        sex="female",
        cause="diet",
        detail="vegan",
        protocol="uk/oral",
        assessed=104,
        labs=(low_b12(105, b12="165", hb="128", mcv="97"),),
        email=True,
    ),
    Character(
        name="Frank Testcase",
        born=(1987, 2, 8),
        sex="male",
        cause="ileal_resection",
        detail="terminal ileum 45 cm resected",
        conditions=("crohn_disease",),
        medicines=("infliximab",),
        assessed=2,
        labs=(
            low_b12(
                4,
                b12="172",
                hb="119",
                mcv="98",
                more=(Entry(analyte="methylmalonic_acid", value="520", unit="nmol/L"),),
            ),
        ),
    ),
    Character(
        name="Greta Mockup",
        born=(1957, 12, 5),
        sex="female",
        cause="medicine_induced",
        protocol="uk/neurological",
        neuro=True,
        findings=("paraesthesia_feet", "reduced_ankle_jerks"),
        conditions=("type2_diabetes",),
        medicines=("metformin", "omeprazole"),
        assessed=0,
        labs=(low_b12(1, b12="152", hb="112", mcv="99"),),
    ),
    Character(
        name="Hamid Dummy",
        born=(1944, 8, 19),
        sex="male",
        cause="autoimmune_gastritis",
        protocol="uk/standard",
        conditions=("atrial_fibrillation",),
        medicines=("apixaban",),
        allergies=("benzyl_alcohol",),
        assessed=380,
        given_until=75,
        labs=(low_b12(383, b12="101", hb="108", mcv="112", more=ANTIBODY),),
    ),
    Character(
        name="Ingrid Notreal",
        born=(1972, 3, 3),
        sex="female",
        cause="bariatric_surgery",
        detail="roux_en_y",
        protocol="uk/bariatric-prophylaxis",
        assessed=95,
        given_until=90,
        labs=(low_b12(97, b12="240", hb="126", mcv="90"),),
    ),
    Character(
        name="Jonas Nobody",
        born=(1939, 7, 21),
        sex="male",
        cause="autoimmune_gastritis",
        protocol="uk/standard",
        assessed=400,
        given_until=200,
        labs=(low_b12(402, b12="88", hb="99", mcv="117", more=ANTIBODY),),
        gone="died",
    ),
    Character(
        name="Kateryna Blank",
        born=(1991, 10, 14),
        sex="female",
        cause="autoimmune_gastritis",
        protocol="uk/standard",
        assessed=250,
        given_until=150,
        labs=(low_b12(252, b12="120", hb="104", mcv="110", more=ANTIBODY),),
        gone="moved",
    ),
    Character(
        name="Liam Pseudonym",
        born=(1983, 5, 28),
        sex="male",
        cause="autoimmune_gastritis",
        protocol="uk/standard",
        assessed=18,
        given_until=12,
        did_not_attend=4,
        tried=(
            Tried(4, "phone", "no_answer"),
            Tried(1, "phone", "agreed_to_visit", "Was away with work, comes in the morning", 2),
        ),
        labs=(low_b12(20, b12="79", hb="96", mcv="119", more=ANTIBODY),),
        email=True,
    ),
    Character(name="Mei Unassigned", born=(2001, 1, 31), sex="female"),
    Character(
        name="Noor Imaginary",
        born=(1960, 11, 9),
        sex="female",
        cause="autoimmune_gastritis",
        protocol="uk/standard",
        assessed=117,
        given_until=40,
        labs=(low_b12(119, b12="93", hb="105", mcv="114", more=ANTIBODY),),
    ),
    Character(
        name="Oskar Hypothetical",
        born=(1948, 6, 2),
        sex="male",
        cause="autoimmune_gastritis",
        protocol="uk/standard",
        assessed=198,
        given_until=0,
        labs=(low_b12(200, b12="111", hb="112", mcv="109", more=ANTIBODY),),
        email=True,
    ),
)
