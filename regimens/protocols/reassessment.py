"""When treatment does not answer: what to reassess, in order, and what the record already says (evidence section 4).

The first four questions are diagnosis, adherence, technique and cause; what can blunt or mimic a response follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from b12clinic.vocabulary import Cause, Condition, Medicine, PhaseKind, Site
from monitoring.interpretation.measured import POSITIVE, surely_above
from monitoring.interpretation.verdict import at_least

from .phasespec import PhaseSpec
from .reading import Reading
from .safety import folate, sources
from .safety.medicines import CAUSAL_MEDICINES
from .safety.neuro import DIABETES
from .safety.timing import uk_too_seldom

SEQUENCE = f"order and list {sources.LOCAL}"
_MIMICS = {
    Condition.HYPOTHYROIDISM,
    Condition.ALCOHOL_EXCESS,
    Condition.LIVER_DISEASE,
    Condition.MYELOMA,
}
_MARROW = {Condition.MYELOMA, Condition.MYELOPROLIFERATIVE_NEOPLASM, Condition.POLYCYTHAEMIA_VERA}


@dataclass(frozen=True, slots=True)
class Spacing:
    """A phase as planned against the days its doses were given: the longest gap, and whether one came after its window.

    A gap that is still open counts up to the day of the question.
    """

    spec: PhaseSpec
    longest_days: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What the clinic's own record says of the course; None where nobody has looked.

    `doses_missed` were never given; `doses_late` were given outside their window, the worst by `longest_late_days`.
    `sites` are the codes of the sites used; `by_skin` counts doses given subcutaneously, `expired` those past their
    date, `in_date` those within it. `cause_addressed` is the clinician's own answer. `spacings`: the phases begun, in
    their order.
    """

    doses_missed: int | None = None
    doses_late: int | None = None
    longest_late_days: int = 0
    sites: tuple[str, ...] = ()
    by_skin: int = 0
    expired: int = 0
    in_date: int = 0
    spacings: tuple[Spacing, ...] = ()
    cause_addressed: bool | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the record says to a question, and whether that may explain the missing response.

    `settles`: whether it answers the question; a record that holds a part of it, or nothing, says so and settles nothing.
    """

    words: str
    explains: bool
    settles: bool = True


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One question of the reassessment. `answer` is None where the record is silent and the clinician must look."""

    code: str
    question: str
    answer: Answer | None
    source: str

    @property
    def ticked(self) -> bool:
        """Whether the record has answered it."""
        return self.answer is not None and self.answer.settles


def checklist(reading: Reading, record: Record) -> tuple[ChecklistItem, ...]:
    """Every question in its order, with what the record already answers."""
    return tuple(
        ChecklistItem(code, question, answer(reading, record), source)
        for code, question, answer, source in _QUESTIONS
    )


def _listed(words: list[str]) -> str:
    return ", ".join(sorted(words))


def _conditions(reading: Reading, codes: set[Condition]) -> str:
    return _listed([one.label for one in codes if one in reading.facts.conditions])


def _diagnosis(reading: Reading, record: Record) -> Answer | None:
    others = _conditions(reading, _MIMICS)
    if others:
        return Answer(f"Recorded, and able to look like it: {others}.", True)
    if reading.diagnosis.supports:
        return Answer(f"Supported by: {'; '.join(reading.diagnosis.supports)}.", False)
    return Answer("Nothing on record shows the deficiency.", True)


def _adherence(reading: Reading, record: Record) -> Answer | None:
    if record.doses_missed is None or record.doses_late is None:
        return None
    if not record.doses_missed and not record.doses_late:
        return Answer("No dose was missed or late.", False)
    late = f", the latest by {record.longest_late_days} days" if record.doses_late else ""
    return Answer(f"Doses missed: {record.doses_missed}; given late: {record.doses_late}{late}.", True)


def _technique(reading: Reading, record: Record) -> Answer | None:
    doubts = []
    if record.by_skin:
        doubts.append(f"given subcutaneously: {record.by_skin}")
    if record.expired:
        doubts.append(f"given past the expiry date: {record.expired}")
    if Site.DORSOGLUTEAL in record.sites:
        doubts.append("dorsogluteal site used, where muscle is often not reached")
    if doubts:
        return Answer(f"{'; '.join(doubts).capitalize()}.", True)
    if not record.sites:
        return None
    used = _listed(list({Site.label_of(one).lower() for one in record.sites}))
    in_date = f"; given within the expiry date: {record.in_date}" if record.in_date else ""
    unknown = "technique, waste and light" if record.in_date else "technique, waste, expiry and light"
    return Answer(f"Sites used: {used}{in_date}. Not on record: {unknown}; ask.", False, settles=False)


def _cause(reading: Reading, record: Record) -> Answer | None:
    if reading.signs.nitrous_oxide:
        return Answer("Nitrous oxide is still on record: treatment works only if it stops.", True)
    taken = reading.medicines & CAUSAL_MEDICINES
    if taken:
        return Answer(f"Still taken: {_listed([Medicine.label_of(one).lower() for one in taken])}.", True)
    if reading.facts.cause == Cause.UNKNOWN:
        return Answer("The cause is not known.", True)
    if record.cause_addressed is not None:
        done = "is" if record.cause_addressed else "is not"
        return Answer(f"By the clinician's answer the cause {done} addressed.", not record.cause_addressed)
    if reading.irreversible_cause:
        return Answer(f"{Cause.label_of(reading.facts.cause)} does not pass: B12 goes on for life.", False)
    return None


def _iron(reading: Reading, record: Record) -> Answer | None:
    ferritin = reading.results.latest("ferritin")
    limit = reading.policy.ferritin_low
    if ferritin is None or not (ferritin.below(limit) or at_least(ferritin, limit)):
        return None
    low = ferritin.below(limit)
    return Answer(f"Ferritin {ferritin.shown()}, {'below' if low else 'not below'} {limit} ug/L.", low)


def _folate(reading: Reading, record: Record) -> Answer | None:
    latest = reading.results.latest("folate")
    low = folate.is_low(reading)
    if latest is None or latest.lab.value is None or (latest.lab.comparator is not None and not low):
        return None
    return Answer(f"Folate {latest.shown()}, {'low' if low else 'not low'}.", low)


def _thyroid(reading: Reading, record: Record) -> Answer | None:
    tsh = reading.results.latest("tsh")
    if tsh is not None and tsh.lab.value is not None and tsh.lab.high is not None:
        high = surely_above(tsh.lab.value, tsh.lab.comparator, tsh.lab.high)
        place = "above" if high else "not above"
        return Answer(f"TSH {tsh.shown()}, {place} the laboratory's limit of {tsh.lab.high}.", high)
    if Condition.HYPOTHYROIDISM in reading.facts.conditions:
        return Answer("Hypothyroidism is recorded.", True)
    return None


def _marrow(reading: Reading, record: Record) -> Answer | None:
    known = _conditions(reading, _MARROW)
    if known:
        return Answer(f"Recorded: {known}.", True)
    if reading.low_white_cells or reading.low_platelets:
        return Answer("White cells or platelets are low as well.", True)
    return None


def _marrow_medicines(reading: Reading, record: Record) -> Answer | None:
    if Medicine.CHLORAMPHENICOL in reading.medicines:
        return Answer("Takes chloramphenicol.", True)
    return None if reading.medicines else Answer("No medicine is on record; ask.", False, settles=False)


def _copper(reading: Reading, record: Record) -> Answer | None:
    if reading.facts.cause == Cause.BARIATRIC_SURGERY:
        return Answer("At risk after bariatric surgery: measure copper.", True)
    return None


def _kidneys(reading: Reading, record: Record) -> Answer | None:
    egfr = reading.results.latest("egfr")
    if egfr is None:
        stage = _conditions(reading, {Condition.CKD_3, Condition.CKD_4, Condition.CKD_5})
        return Answer(f"Recorded: {stage}.", True) if stage else None
    limit = reading.policy.egfr_ckd_anaemia
    low = egfr.below(limit)
    if not low and not at_least(egfr, limit):
        return None
    return Answer(f"eGFR {egfr.shown()}, {'below' if low else 'not below'} {limit}.", low)


def _diabetic_neuropathy(reading: Reading, record: Record) -> Answer | None:
    if not reading.has(DIABETES):
        return Answer("Diabetes is not on record; ask.", False, settles=False)
    if not reading.neuro_urgent:
        return Answer("Diabetes is recorded, a neurological sign is not.", False)
    return Answer("Diabetes with neurological signs: a diabetic part will not answer to B12.", True)


def _assay(reading: Reading, record: Record) -> Answer | None:
    antibody = reading.diagnosis.antibody
    if antibody is None:
        return None
    if antibody.word == POSITIVE and reading.diagnosis.b12_above_cut_off:
        return Answer("Antibody positive and B12 not low: the assay may read falsely normal.", True)
    return Answer(f"Intrinsic factor antibody: {antibody.shown()}.", False)


def _functional(reading: Reading, record: Record) -> Answer | None:
    if reading.signs.nitrous_oxide:
        return Answer("Nitrous oxide is on record: serum B12 is unreliable.", True)
    return None


def _frequency(reading: Reading, record: Record) -> Answer | None:
    """The plan against the days given: a dose after its window, or a plan wider than the guideline allows, may explain it."""
    if not record.spacings:
        return None
    wide = [one for one in record.spacings if _is_wide(reading, one)]
    late = any(one.is_late for one in record.spacings)
    beyond = (
        "; maintenance is planned further apart than 3 months in a cause that does not pass" if wide else ""
    )
    return Answer(f"{'; '.join(_spacing(one) for one in record.spacings)}{beyond}.", bool(wide) or late)


def _is_wide(reading: Reading, one: Spacing) -> bool:
    return one.spec.kind is PhaseKind.MAINTENANCE and uk_too_seldom(reading, one.spec)


def _spacing(one: Spacing) -> str:
    window = "outside the window" if one.is_late else "within the window"
    days = "1 day" if one.longest_days == 1 else f"{one.longest_days} days"
    return f"{one.spec.kind.label} planned {one.spec.rhythm}, the longest gap was {days}, {window}"


def _silent(reading: Reading, record: Record) -> Answer | None:
    return None


_Answering = Callable[[Reading, Record], Answer | None]
_QUESTIONS: tuple[tuple[str, str, _Answering, str], ...] = (
    (
        "diagnosis",
        "Is the diagnosis right? Myelodysplasia, hypothyroidism, alcohol, liver disease, medicines and myeloma look like it.",
        _diagnosis,
        SEQUENCE,
    ),
    ("adherence", "Were doses missed or late?", _adherence, SEQUENCE),
    (
        "technique",
        "Did the dose reach the muscle: technique, site, waste, expiry, storage away from light?",
        _technique,
        SEQUENCE,
    ),
    (
        "cause",
        "Is the cause addressed, or does it go on (nitrous oxide, metformin, diet)?",
        _cause,
        f"{sources.PARIS_2023}; {SEQUENCE}",
    ),
    ("iron", "Is iron deficient too?", _iron, SEQUENCE),
    ("folate", "Is folate deficient too?", _folate, f"{sources.SMPC}; {sources.BSH}"),
    ("thyroid", "Is the thyroid underactive?", _thyroid, SEQUENCE),
    ("marrow", "Is there a disease of the marrow, such as myelodysplasia or myeloma?", _marrow, SEQUENCE),
    (
        "marrow_medicines",
        "Is chloramphenicol or another medicine taken that holds the marrow back?",
        _marrow_medicines,
        f"{sources.NEO_CYTAMEN}; {sources.US_LABEL}",
    ),
    ("copper", "Is copper deficient (bariatric surgery, zinc)?", _copper, SEQUENCE),
    ("kidneys", "Do the kidneys explain the anaemia?", _kidneys, SEQUENCE),
    ("inflammation", "Is there inflammation or infection?", _silent, SEQUENCE),
    ("haemoglobinopathy", "Does a haemoglobinopathy hide the change in cell volume?", _silent, SEQUENCE),
    (
        "diabetic_neuropathy",
        "Is part of the neuropathy diabetic?",
        _diabetic_neuropathy,
        f"{sources.NG239}; {sources.LOCAL}",
    ),
    ("assay", "Is an assay in error through intrinsic factor antibody?", _assay, sources.CARMEL_2012.spoken),
    ("functional", "Is the deficiency functional?", _functional, f"{sources.PARIS_2023}; {SEQUENCE}"),
    ("frequency", "Are the doses too far apart?", _frequency, SEQUENCE),
    ("other_vitamins", "Is vitamin B1, B6 or E deficient?", _silent, SEQUENCE),
)
