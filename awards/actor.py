"""Who acts: the other ambient fact. An action asks the actor for permission before
anything else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from awards.errors import Forbidden


class Role(StrEnum):
    """What a member of staff is trusted with. A grant is for one campaign or for the whole site."""

    ORGANISER = "organiser"
    MODERATOR = "moderator"
    JUDGE = "judge"
    EDITOR = "editor"
    AUDITOR = "auditor"
    CODE_OFFICER = "code_officer"
    ADMIN = "admin"


@dataclass(frozen=True)
class Grant:
    """A role, within one campaign (its id) or everywhere (`None`)."""

    role: Role
    campaign: int | None = None


@dataclass(frozen=True)
class Actor:
    """A person, or nobody in particular, with the grants that hold while they act."""

    person: UUID | None = None
    name: str = ""
    grants: frozenset[Grant] = field(default_factory=frozenset)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def may(self, *roles: Role, campaign: int | None = None) -> bool:
        """Whether one of the roles is held here. A grant for the whole site covers
        each campaign.
        """
        return any(
            grant.role in roles and grant.campaign in (None, campaign) for grant in self.grants
        )

    def require(self, *roles: Role, campaign: int | None = None) -> None:
        """Raise `Forbidden` unless one of the roles is held."""
        if not self.may(*roles, campaign=campaign):
            raise Forbidden()


VISITOR = Actor()
"""Anybody: a citizen or a voter without an account."""


def system(name: str, roles: Iterable[Role] = Role) -> Actor:
    """The program itself: a job or a command of the operator, with the name that the
    record shows.
    """
    return Actor(name=name, grants=frozenset(Grant(role) for role in roles))
