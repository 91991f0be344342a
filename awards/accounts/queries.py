"""Reading people and their sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from awards import clock
from awards.accounts.models import Person, RoleGrant, Session
from awards.accounts.rules import IDLE, plain_name
from awards.actor import Actor, Grant, Role
from awards.errors import NotFound
from awards.signing import digest


@dataclass(frozen=True)
class SignedIn:
    """A person in a session."""

    id: UUID
    name: str
    actor: Actor
    session: UUID
    seen_at: datetime

    @property
    def roles(self) -> frozenset[Role]:
        return self.actor.roles


async def find_session(secret: str) -> SignedIn | None:
    """Whose session this cookie is, unless it has ended."""
    now = clock.now()
    session = await Session.filter(
        digest=digest(secret), expires_at__gt=now, seen_at__gt=now - IDLE,
        person__disabled_at__isnull=True
    ).prefetch_related("person__grants").first()  # fmt: skip
    if session is None:
        return None
    person: Person = session.person
    return SignedIn(person.id, person.name, actor_of(person), session.id, session.seen_at)


def actor_of(person: Person) -> Actor:
    """The person as an actor; their grants must have been fetched."""
    grants = frozenset(Grant(Role(each.role), each.campaign or None) for each in person.grants)
    return Actor(person=person.id, name=person.name, grants=grants)


async def find_person(name: str) -> Person:
    """The person of this name, with grants and credential."""
    found = await Person.get_or_none(name=plain_name(name)).prefetch_related("grants", "credential")
    if found is None:
        raise NotFound()
    return found


async def list_people() -> list[Person]:
    """Everybody with an account, by name."""
    return await Person.all().order_by("name").prefetch_related("grants", "credential")


async def list_sessions(person: UUID) -> list[Session]:
    """Where somebody is signed in, latest first."""
    now = clock.now()
    alive = Session.filter(person_id=person, expires_at__gt=now, seen_at__gt=now - IDLE)
    return await alive.order_by("-seen_at")


async def count_staff(role: Role) -> int:
    """How many hold a role somewhere."""
    return await RoleGrant.filter(role=role).count()


async def find_person_by_id(id: UUID) -> Person:
    """The person of this id."""
    found = await Person.get_or_none(id=id)
    if found is None:
        raise NotFound()
    return found


async def names_of(people: set[UUID]) -> dict[str, str]:
    """The names to show for the ids that a record holds."""
    return {str(each.id): each.name for each in await Person.filter(id__in=people)}
