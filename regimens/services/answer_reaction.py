"""Answer an anaphylactic reaction in the transaction that records it: allergy, pause, a prescriber told at once."""

from datetime import date, datetime

from b12clinic.accounts.models import User
from b12clinic.messages.models import Audience
from b12clinic.messages.services.owe import OwedMessage, owe
from b12clinic.patients.services.note_allergy import note_allergy
from b12clinic.vocabulary import Channel
from monitoring.models import Alert
from regimens.models import Administration, Regimen, RegimenState
from regimens.protocols.reactions import Consequence, as_allergy, consequence_of
from regimens.services.pause_regimen import pause_regimen
from regimens.subjects import URGENT_REACTION

STEP_AT_ONCE = "at_once"


def answer_reaction(
    *, given: Administration, regimen: Regimen | None, by: User, at: datetime, today: date
) -> bool:
    """Note the allergy to the drug given, pause the running regimen, owe the message; whether the reaction was such.

    regimen: the running one, locked by the caller. The alert is raised before, with the other incidents; it becomes
    the alert of the prescriber who decided on the regimen.
    """
    if consequence_of(given.reaction_grade, given.reactions or ()) is not Consequence.EMERGENCY:
        return False
    reason = f"Anaphylactic reaction after the injection of {given.given_on:%d %b %Y}; pending review."
    note_allergy(
        patient=given.patient,
        substance=given.drug,
        reactions=as_allergy(given.reactions or ()),
        reason=reason,
        by=by,
        at=at,
        today=today,
    )
    if regimen is not None and regimen.state == RegimenState.ACTIVE:
        pause_regimen(
            regimen=regimen,
            version=regimen.version,
            until_on=None,
            reason=reason,
            by=by,
            at=at,
            today=today,
        )
    _tell(given)
    if regimen is not None:
        Alert.objects.filter(
            patient=given.patient, rule="REACTION_ANAPHYLAXIS", ended_at=None, owner=None
        ).update(owner=regimen.assessment.by_id)
    return True


def _tell(given: Administration) -> None:
    """Prescribers find it in their inbox, and by e-mail where the clinic has an address."""
    channels = [Channel.INBOX, *([Channel.EMAIL] if given.clinic.contact_email else [])]
    owe(
        [
            OwedMessage(
                clinic_id=given.clinic_id,
                patient_id=given.patient_id,
                kind=URGENT_REACTION,
                subject_id=given.pk,
                about_on=given.given_on,
                step=STEP_AT_ONCE,
                audience=Audience.PRESCRIBER,
                channel=channel,
                urgent=True,
            )
            for channel in channels
        ]
    )
