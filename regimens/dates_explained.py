"""Why the doses of a running regimen stand on their days, from what was kept with its signature and what moved them since."""

import json
from collections.abc import Iterator
from functools import lru_cache

from b12clinic.accounts.models import Clinic
from regimens.calendars import calendar_of
from regimens.courses import course_of
from regimens.models import Dose, Phase, Regimen, Revision
from regimens.policies import policy_from
from regimens.protocols.date_origins import DateReason, Grounds, explain
from regimens.protocols.late_decision import lay_out
from regimens.protocols.pack import Protocol
from regimens.protocols.policy import Policy
from regimens.protocols.schedule import PlannedDose
from regimens.protocols.strict import Misfit
from regimens.queries.chart import Chart

Reasons = dict[int, tuple[DateReason, ...]]


def reasons_for(chart: Chart, clinic: Clinic) -> Reasons | None:
    """The steps to each date still to come, by dose.

    The dates are laid out again from the signed protocol, the policy kept with it and what was given; a dose whose stored
    day differs, since the clinic's calendar has changed, is left out rather than explained by a guess. None where no
    protocol that can still be read was kept.
    """
    regimen, signed = chart.running, chart.signed
    protocol = None if signed is None else _kept(signed)
    if regimen is None or protocol is None:
        return None
    policy = _policy_kept(chart, regimen)
    phases = chart.phases.get(regimen.pk, [])
    grounds = Grounds(protocol, policy)
    laid_out = lay_out(
        course_of(
            regimen,
            phases,
            policy,
            calendar_of(clinic, regimen.weekdays, but_for=regimen.pk),
            chart.given,
        )
    )
    return {
        dose.pk: explain(part.spec, planned, grounds)
        for part in laid_out
        for dose, planned in _pairs(phases[part.ordinal], part.doses, chart)
        if dose.due_on == planned.due_on
    }


def _kept(signed: Revision) -> Protocol | None:
    """The protocol as it stood when the plan was signed; a chart stays readable where the copy is not."""
    try:
        return _read(json.dumps(signed.protocol_snapshot or {}, sort_keys=True))
    except Misfit:
        return None


@lru_cache(maxsize=256)
def _read(snapshot: str) -> Protocol:
    """Few protocols are signed again and again, so a copy of one is read once."""
    return Protocol.from_dict(json.loads(snapshot))


def _policy_kept(chart: Chart, regimen: Regimen) -> Policy:
    """The policy kept with the last signature, out of the rows that the chart holds."""
    kept = (one.policy_snapshot for one in chart.revisions if one.regimen_id == regimen.pk)
    return policy_from(next((one for one in kept if one is not None), None))


def _pairs(
    phase: Phase, planned: tuple[PlannedDose, ...], chart: Chart
) -> Iterator[tuple[Dose, PlannedDose]]:
    yield from zip(chart.owed.get(phase.pk, []), planned, strict=False)
