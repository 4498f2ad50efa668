"""Where an alert comes from, by its rule: the safety rules, or what is checked around an injection."""

from regimens.protocols.origin import LOCAL, Origin, OriginKind, Source
from regimens.protocols.safety.rule import REGISTER
from regimens.protocols.safety.sources import BSH

SIGNED_REGIMEN = Source("Regimen", "the signed regimen", "The signed regimen", OriginKind.CLINICIAN)
SIGNED_CONCLUSION = Source(
    "Conclusion", "the signed conclusion", "The signed conclusion on the response", OriginKind.CLINICIAN
)

AROUND_INJECTIONS: dict[str, Source] = {
    "EARLY_DOSE": LOCAL.within("evidence section 8"),
    "LATE_DOSE_DECISION": LOCAL.within("evidence section 8"),
    "NEW_NEURO_SYMPTOMS": LOCAL.within("evidence section 8"),
    "LOADING_MAY_BE_SHORT": LOCAL.within("evidence section 8"),
    "NEURO_WORSE": BSH.within("evidence section 1d"),
    "SYMPTOMS_WORSE": LOCAL.within("evidence section 4"),
    "EXPIRED_GIVEN": LOCAL.within("evidence section 7"),
    "GIVEN_NOT_AS_ORDERED": SIGNED_REGIMEN,
    "REACTION_SEVERE": LOCAL.within("evidence section 9"),
    "REACTION_REVIEW": LOCAL.within("evidence section 9"),
    "REACTION_ANAPHYLAXIS": LOCAL.within("evidence section 9"),
    "PSD_NOT_IN_FORCE": LOCAL.within("directions to give"),
    "GIVEN_AGAINST_ANSWER": LOCAL.within("questions before giving"),
    "GIVEN_DESPITE_BLOCK": LOCAL.within("evidence section 6"),
    "PRODUCT_UNKNOWN": LOCAL.within("evidence section 7"),
    "GIVEN_NOT_PLANNED": SIGNED_REGIMEN,
    "NEW_PLAN_WANTED": SIGNED_CONCLUSION,
    "EXTRA_INJECTION": LOCAL.within("evidence section 8"),
    "DOUBLE_INJECTION": LOCAL.within("evidence section 8"),
}


def origins_of_rule(rule: str) -> tuple[Origin, ...]:
    """The origins of a check around an injection; empty for a rule that is none."""
    source = AROUND_INJECTIONS.get(rule)
    return () if source is None else (source.behind(rule),)


def origins_of_alert(rule: str, source: str) -> tuple[Origin, ...]:
    """The origins of a stored alert; empty where the rule has changed its sources since the alert was raised."""
    registered = REGISTER.get(rule)
    if registered is None:
        return origins_of_rule(rule)
    return registered.origins if registered.source == source else ()
