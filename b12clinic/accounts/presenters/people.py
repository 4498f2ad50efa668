"""Lines about the people of a clinic."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse

from b12clinic.accounts.models import Clinic, Role, User


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One member as the list shows them; `status` is a chip."""

    name: str
    email: str
    roles: str
    status: str
    status_label: str
    last_seen: str
    second_factor: str
    url: str


def person_rows(people: list[User], clinic: Clinic) -> list[PersonRow]:
    """The members of a clinic, read by `people_of`."""
    return [person_row(person, clinic) for person in people]


def person_row(person: User, clinic: Clinic) -> PersonRow:
    invited = not person.has_usable_password()
    return PersonRow(
        name=person.display_name,
        email=person.email,
        roles=", ".join(str(Role(held.role).label) for held in in_usual_order(person)),
        status="waiting" if invited else "active",
        status_label="Invited, no password yet" if invited else "Can sign in",
        last_seen=_moment(person, clinic),
        second_factor="Yes" if person.has_second_factor else "No",  # type: ignore[attr-defined]
        url=reverse("clinic:person", args=[person.public_id]),
    )


def in_usual_order(person: User) -> list:
    """Roles as they are always listed, not as the letters fall."""
    return sorted(person.roles_here, key=lambda held: Role.values.index(held.role))  # type: ignore[attr-defined]


def _moment(person: User, clinic: Clinic) -> str:
    if person.last_login is None:
        return "never"
    local = person.last_login.astimezone(ZoneInfo(clinic.time_zone))
    return f"{local.day} {local:%b %Y, %H:%M}"
