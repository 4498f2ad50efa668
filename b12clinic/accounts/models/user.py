import uuid
from functools import lru_cache

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class User(AbstractUser):
    """Someone who signs in. What they may do hangs on their memberships of clinics, never on Django's groups."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", blank=True)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                condition=~Q(email=""),
                violation_error_message="This e-mail address is taken.",
            )
        ]

    @property
    def display_name(self) -> str:
        """The name that stands beside what this person did."""
        return name_in_full(self.first_name, self.last_name, self.username)


@lru_cache(maxsize=4096)
def name_in_full(first_name: str | None, last_name: str | None, username: str | None) -> str:
    """The name of a person whose columns were read without the rest; empty where nobody was joined."""
    return f"{first_name or ''} {last_name or ''}".strip() or username or ""
