"""Run the safety rules again on a running regimen, and alert to what has become urgent or asks to reassess."""

from datetime import datetime

from django.db import transaction

from b12clinic.vocabulary import Severity
from monitoring.queries import alerted_by_result
from monitoring.services.alerts import raise_alert
from regimens.models import Regimen, RegimenState
from regimens.safety_check import findings_for
from regimens.services.reassessment_alert import INADEQUATE, ask_to_reassess

ALERTED = frozenset({Severity.URGENT, Severity.BLOCK})


@transaction.atomic
def recheck_safety(*, regimen_id: int, at: datetime) -> int:
    """Raise an alert for each blocking or urgent finding that has none open; how many are new. Run twice, it acts once.

    What a critical result alerted to at once is not said a second time. An inadequate response is alerted to as well,
    once for the results that it rests on.
    """
    regimen = (
        Regimen.objects.filter(pk=regimen_id, state__in=[RegimenState.ACTIVE, RegimenState.PAUSED])
        .select_related("patient__clinic", "clinic", "assessment")
        .first()
    )
    if regimen is None:
        return 0
    today, told = regimen.clinic.local_date(at), alerted_by_result(regimen.patient)
    findings = findings_for(regimen, today)
    asked = sum(
        ask_to_reassess(regimen=regimen, finding=finding, at=at)
        for finding in findings
        if finding.code == INADEQUATE
    )
    return asked + sum(
        raise_alert(
            patient=regimen.patient,
            clinic=regimen.clinic,
            rule=finding.code,
            subject=f"regimen:{regimen.public_id}",
            severity=finding.severity,
            sentence=finding.message,
            source=finding.source,
            at=at,
        )
        for finding in findings
        if finding.severity in ALERTED and finding.code not in told
    )
