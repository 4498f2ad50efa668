"""When a patient may be written to: within the clinic's hours of sending, by the clock of where the patient lives."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from b12clinic.accounts.models import Clinic
from b12clinic.messages.models import ClinicMessaging
from b12clinic.patients.models import Patient


class NotNow(Exception):
    """The message may go, but not before `until`; the sentence says why."""

    def __init__(self, until: datetime, why: str) -> None:
        super().__init__(why)
        self.until = until


def zone_of(patient: Patient, clinic: Clinic) -> ZoneInfo:
    """Where the patient lives, else where the clinic is."""
    return ZoneInfo(patient.time_zone or clinic.time_zone)


def messaging_of(clinic: Clinic) -> ClinicMessaging:
    """What the clinic has set of its messages, else what comes with the product."""
    found: ClinicMessaging | None = getattr(clinic, "messaging", None)
    return found or ClinicMessaging(clinic=clinic)


def opening(day: date, set_up: ClinicMessaging, zone: ZoneInfo) -> datetime:
    """The moment from which patients are written to on a day of theirs."""
    return datetime.combine(day, set_up.sends_from, tzinfo=zone)


def check_hours(patient: Patient, clinic: Clinic, at: datetime) -> None:
    """Raise NotNow outside the hours, with the next moment inside them."""
    set_up, zone = messaging_of(clinic), zone_of(patient, clinic)
    local = at.astimezone(zone)
    clock: time = local.time()
    if set_up.sends_from <= clock < set_up.sends_until:
        return
    day = local.date() + timedelta(days=clock >= set_up.sends_until)
    raise NotNow(opening(day, set_up, zone), "It waits for the hours in which patients are written to.")
