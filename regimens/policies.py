"""The local policy that a regimen runs under: the figures that no guideline gives, as the clinic has set them."""

import json
from functools import lru_cache
from typing import Any

from regimens.models import Regimen, Revision
from regimens.protocols.policy import DEFAULT, Policy


def policy_of(regimen: Regimen) -> Policy:
    """The policy kept with the regimen's last signed revision; late-dose action follows it until the next signature."""
    snapshot = (
        Revision.objects.filter(regimen=regimen, policy_snapshot__isnull=False)
        .order_by("-number")
        .values_list("policy_snapshot", flat=True)
        .first()
    )
    return policy_from(snapshot)


def policy_from(snapshot: dict[str, Any] | None) -> Policy:
    """The policy that was kept; the one that comes with the product where none was."""
    return DEFAULT if snapshot is None else _read(json.dumps(snapshot, sort_keys=True))


@lru_cache(maxsize=256)
def _read(snapshot: str) -> Policy:
    """A clinic signs plan after plan under one policy, so what was kept is read once."""
    return Policy.from_dict(json.loads(snapshot))
