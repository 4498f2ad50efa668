"""Which packs a clinic may put first: all that are kept here."""

from b12clinic.accounts.default_packs import offers_packs
from regimens.packs import load_packs


@offers_packs
def packs_on_offer() -> list[tuple[str, str]]:
    """Every pack as code and title, in the order of their codes."""
    return [(pack.code, pack.title) for pack in load_packs().values()]
