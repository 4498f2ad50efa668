"""What the safety rules say of an order about to be carried out: the injection in hand, or a stop."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from b12clinic.patients.models import Patient
from b12clinic.prepared import Prepared
from b12clinic.vocabulary import Allergen, Medicine, PhaseKind, Pregnancy, Route, Severity, Site
from regimens.courses import Given, given_among
from regimens.facts import facts_from_json, live_injections
from regimens.models import Dose, Regimen
from regimens.packs import load_packs
from regimens.policies import policy_of
from regimens.protocols.facts import AllergyNoted, DoseGiven, LabValue, MedicationTaken, PatientFacts
from regimens.protocols.findings import FindingRaised
from regimens.protocols.pack import Pack
from regimens.protocols.phasespec import PhaseSpec
from regimens.protocols.policy import Policy
from regimens.protocols.prechecks import INR, Answers, Question, denied_of_record, lacks_inr, speaks_against
from regimens.protocols.reading import PlanDraft, Reading, read
from regimens.protocols.recommendation import Recommendation
from regimens.protocols.safety.rule import REGISTER
from regimens.safety_check import check_before_giving

ON_GIVING = ("FREQ_HIGH", "DOSE_LOW_FORM", "SITE_DG")
OF_BENZYL_ALCOHOL = frozenset({"BENZYL_ALLERGY", "PREG_BENZYL"})
"""What a product without it answers."""
ON_SPACING = ("FREQ_LOW", "FREQ_HIGH")
ON_STOPPING = "LIFELONG_STOP"
_SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """The injection about to be given: when, where, and what its vial holds; empty or None where it is not known yet.

    holds_benzyl_alcohol: what the formulary says of the product; None where none of it was named.
    """

    given_on: date
    given_at: datetime | None = None
    route: str = ""
    site: str = ""
    vial_mcg_per_ml: int | None = None
    holds_benzyl_alcohol: bool | None = None

    @property
    def spares_muscle(self) -> bool:
        """Whether it goes under the skin, which what bars the muscle does not bar."""
        return self.route == Route.SC


def check_with_order(dose: Dose, today: date, at_hand: AtHand) -> list[FindingRaised]:
    """All that is to be known before this injection: what speaks against it as it is to be given stands first."""
    order = findings_at_hand(dose, at_hand)
    said = {finding.code for finding in order}
    if at_hand.holds_benzyl_alcohol is False:
        said |= OF_BENZYL_ALCOHOL
    others = (one for one in check_before_giving(dose, today) if one.code not in said)
    return [*order, *(one for one in others if one.reach != "im" or not at_hand.spares_muscle)]


class Earlier(NamedTuple):
    """What the rules at the chair and the plan ask of an injection given before."""

    regimen_id: int | None
    dose_id: int | None
    fulfils__phase__ordinal: int | None
    given_on: date
    given_at: datetime | None
    drug: str
    dose_mcg: int | None
    route: str
    dose__phase__kind: str | None


def earlier_injections(patient: Patient) -> list[Earlier]:
    """A patient's injections that stand, oldest first."""
    return [Earlier._make(row) for row in _GIVEN.rows(patient.pk)]


_GIVEN = Prepared(lambda patient: live_injections(patient).values_list(*Earlier._fields))


def given_in(earlier: Sequence[Earlier], regimen_id: int) -> Given:
    """What of these was given in a regimen."""
    return given_among(
        (one.dose_id, one.fulfils__phase__ordinal, one.given_on)
        for one in earlier
        if one.regimen_id == regimen_id
    )


def findings_at_hand(
    dose: Dose,
    at_hand: AtHand,
    policy: Policy | None = None,
    given: Sequence[Earlier] | None = None,
) -> tuple[FindingRaised, ...]:
    """What speaks against this site, this vial or this hour, hardest first.

    policy: the regimen's, given: the patient's injections, where the caller has read them.
    """
    given = earlier_injections(dose.patient) if given is None else given
    earlier = [one for one in given if one.given_on <= at_hand.given_on]
    policy = policy or policy_of(dose.phase.regimen)
    facts = PatientFacts(
        guideline="", as_of=at_hand.given_on, doses_given=tuple(_as_given(one) for one in earlier)
    )
    reading = read(facts, _any_pack().bands, _any_pack().mma_upper, policy)
    draft = replace(
        _draft(dose.phase.drug, dose.phase.route, (PhaseSpec.from_dict(dose.phase.spec),)),
        first_due_on=at_hand.given_on,
        site=at_hand.site or None,
        vial_mcg_per_ml=at_hand.vial_mcg_per_ml,
        hours_since_last_dose=_hours_since(earlier[-1], at_hand) if earlier else None,
    )
    return _said(reading, draft, ON_GIVING)


def advice_on_first() -> FindingRaised:
    """What the rules say to a first injection: how long to watch."""
    reading = read(PatientFacts("", date.min), _any_pack().bands, _any_pack().mma_upper)
    [said] = _said(reading, _draft("", Route.IM, ()), ("ANAPHYLAXIS_OBS",))
    return said


def advice_against_dorsogluteal() -> FindingRaised:
    """What the rules say of the site to avoid."""
    reading = read(PatientFacts("", date.min), _any_pack().bands, _any_pack().mma_upper)
    [said] = _said(reading, replace(_draft("", Route.IM, ()), site=Site.DORSOGLUTEAL), ("SITE_DG",))
    return said


def answers_against(
    answers: Answers, policy: Policy, as_of: date, route: str = Route.IM
) -> list[FindingRaised]:
    """What the rules say to the answers that speak against giving by a route; for two of them the clinic's own words (local
    policy)."""
    return [
        *(
            _OWN_WORDS[question] if question in _OWN_WORDS else _by_rule(question, answers, policy, as_of)
            for question in speaks_against(answers, policy.inr_limit, route)
        ),
        *([_INR_NOT_KNOWN] if lacks_inr(answers, route) else ()),
        *_denied(answers),
    ]


def _denied(answers: Answers) -> list[FindingRaised]:
    """What stands on the record and the answer denies: one of the two is wrong."""
    denied = denied_of_record(answers)
    if not denied:
        return []
    named = ", ".join(Medicine.label_of(code).lower() for code in denied)
    sentence = f"On record: {named}. Ask again about blood thinners; if it was stopped, put the record right."
    return [FindingRaised("THINNER_ON_RECORD", Severity.WARN, sentence, _ASKED, local_policy=True)]


def _by_rule(question: Question, answers: Answers, policy: Policy, as_of: date) -> FindingRaised:
    """The rule that would speak if the answer stood on the record."""
    code, facts = _AS_IF[question]
    if question is Question.ANTICOAGULANT:
        inr = LabValue("inr", Decimal(str(answers[INR])), str(answers[INR]), None, as_of)
        facts = replace(facts, labs=(inr,))
    reading = read(replace(facts, as_of=as_of), _any_pack().bands, _any_pack().mma_upper, policy)
    [said] = _said(reading, _draft("", Route.IM, ()), (code,))
    return said


_AS_IF = {
    Question.ALLERGY: (
        "ALLERGY_COBALAMIN",
        PatientFacts("", date.min, allergies=(AllergyNoted(Allergen.HYDROXOCOBALAMIN),)),
    ),
    Question.PREGNANT: ("PREG_BENZYL", PatientFacts("", date.min, pregnancy=Pregnancy.PREGNANT)),
    Question.ANTICOAGULANT: (
        "INR_HIGH",
        PatientFacts("", date.min, medications=(MedicationTaken(Medicine.WARFARIN),)),
    ),
}
_ASKED = "Local policy: questions before giving"
_INR_NOT_KNOWN = FindingRaised(
    "INR_NOT_KNOWN",
    Severity.BLOCK,
    "Last INR not known: ask for it before an intramuscular injection.",
    _ASKED,
    local_policy=True,
    reach="im",
)
_OWN_WORDS = {
    Question.UNWELL: FindingRaised(
        "UNWELL_TODAY",
        Severity.WARN,
        "Unwell today: ask a prescriber whether to put it off; if it is put off, record it as not given.",
        _ASKED,
        local_policy=True,
    ),
    Question.CONSENT: FindingRaised(
        "NO_CONSENT",
        Severity.BLOCK,
        "No consent: do not give; record it as not given, with the reason.",
        _ASKED,
        local_policy=True,
        reach="dose",
    ),
}


def findings_on_spacing(
    recommendation: Recommendation, specs: tuple[PhaseSpec, ...], reason: str
) -> tuple[FindingRaised, ...]:
    """What speaks against giving these phases as often, or as seldom, as a prescriber has set them."""
    draft = replace(
        _draft("", Route.IM, specs), pack_code=recommendation.pack.code, interval_reason=reason.strip()
    )
    return _said(recommendation.situation.reading, draft, ON_SPACING)


def findings_on_stopping(regimen: Regimen, reason: str) -> tuple[FindingRaised, ...]:
    """What speaks against stopping with this reason: an irreversible cause wants one in writing."""
    pack = _any_pack()
    reading = read(facts_from_json(regimen.assessment.facts), pack.bands, pack.mma_upper)
    draft = replace(_draft("", "", ()), stopping=True, stop_reason=reason)
    return _said(reading, draft, (ON_STOPPING,))


def _said(reading: Reading, draft: PlanDraft, codes: tuple[str, ...]) -> tuple[FindingRaised, ...]:
    found = (REGISTER[code].finding(reading, draft) for code in codes)
    return tuple(sorted((one for one in found if one is not None), key=lambda finding: finding.order))


def _any_pack() -> Pack:
    """These rules read no cut-off, so that any pack's will do."""
    return next(iter(load_packs().values()))


def _draft(drug: str, route: str, specs: tuple[PhaseSpec, ...]) -> PlanDraft:
    return PlanDraft(
        pack_code="",
        drug=drug,
        route=route,
        parenteral=True,
        allowed=True,
        specs=specs,
    )


def _as_given(injection: Earlier) -> DoseGiven:
    return DoseGiven(
        given_on=injection.given_on,
        drug=injection.drug,
        dose_mcg=injection.dose_mcg or 0,
        phase=injection.dose__phase__kind or PhaseKind.LOADING.value,
        route=injection.route,
    )


def _hours_since(last: Earlier, at_hand: AtHand) -> float | None:
    """Hours between the two moments; None where one is not known, and the days alone decide."""
    if last.given_at is None or at_hand.given_at is None:
        return None
    return (at_hand.given_at - last.given_at).total_seconds() / _SECONDS_AN_HOUR
