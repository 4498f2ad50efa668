"""A wording as it would go to one patient of the clinic: in their language, with their consents and what else waits."""

from dataclasses import dataclass
from datetime import date

from b12clinic.accounts.models import Clinic
from b12clinic.messages.default_wordings import Text, frame_of
from b12clinic.messages.models import Audience, Message
from b12clinic.messages.presenters.steps import step_label
from b12clinic.messages.queries import next_owed, waits_with
from b12clinic.messages.reach import consents, why_not
from b12clinic.messages.services.change_wording import Place
from b12clinic.messages.wording import Own, Wording, own_texts, words_for
from b12clinic.patients.models import Patient
from b12clinic.vocabulary import Channel, Language


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go to a patient, and what to know beside it."""

    patient: Patient
    language: str
    wording: Wording
    beside: tuple[str, ...]


def preview_for(
    *, clinic: Clinic, place: Place, typed: Text, patient: Patient | None, today: date
) -> Preview | None:
    """The typed words on a patient, or on whoever is owed the next message of the kind; None where nobody is."""
    message = next_owed(clinic, place.kind, patient) or _imagined(clinic, place, patient, today)
    if message is None or message.patient is None:
        return None
    message.step = place.step or message.step
    language = frame_of(message.patient.language).language
    own = own_texts(clinic, language)
    if language == place.language:
        own |= {(place.kind, place.step): typed}
    also = list(waits_with(message).select_related("clinic").order_by("pk")) if message.pk else []
    return Preview(
        patient=message.patient,
        language=language,
        wording=words_for(message, also, own),
        beside=(*_of_a_step(message, place, own), *_beside(message, language, place, len(also))),
    )


def _imagined(clinic: Clinic, place: Place, patient: Patient | None, today: date) -> Message | None:
    """The message that the patient would be owed today."""
    if patient is None:
        return None
    return Message(
        clinic=clinic,
        patient=patient,
        kind=place.kind,
        step=place.step,
        audience=Audience.PATIENT,
        channel=_chosen(patient),
        about_on=today,
    )


def _chosen(patient: Patient) -> str:
    ways = (Channel.EMAIL, Channel.SMS, Channel.LETTER)
    return next((way.value for way in ways if consents(patient, way.value)), "")


def _beside(message: Message, language: str, place: Place, also: int) -> list[str]:
    said = [why_not(message, message.patient) if message.channel else "The patient agreed to no messages."]
    if language != place.language:
        other = Language.label_of(language)
        said.append(f"This patient is written to in {other}; shown is what goes in {other}.")
    if not message.pk:
        said.append("No such message is owed to this patient; shown is one about today.")
    if also:
        said.append(f"It also says what {also} other message{'s' if also > 1 else ''} would have said.")
    return [sentence for sentence in said if sentence]


def _of_a_step(message: Message, place: Place, own: Own) -> list[str]:
    """Words for every step give way to those for the step at which the patient's next message stands."""
    if place.step or not message.step or (message.kind, message.step) not in own:
        return []
    return [f"It goes at the step “{step_label(message.step)}”, which has words of its own; shown are those."]
