"""What a site where people sign in has to offer us."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Departure(NamedTuple):
    """Where a browser is sent, and what it keeps meanwhile, signed by us."""

    address: str
    kept: dict[str, str]


class Provider(Protocol):
    """One site where people sign in. The `state` that a browser leaves with comes back with it: so
    nobody else has sent it home.
    """

    title: str
    """What people call it; empty where the name of the channel says it."""

    def door(self, browser: str) -> str | None:
        """By which door a browser that calls itself so can leave; None if by none."""

    async def depart(self, door: str, *, state: str, back: str) -> Departure:
        """Send a browser away, to come back to the address `back`. Raises `Away`."""

    async def arrive(self, kept: Mapping[str, str], sent: Mapping[str, str], *, back: str) -> str:
        """What the account that somebody signed in with is called: no other one is called so.
        `sent` has the `code` that came back. Raises `Unproven`, `Away`.
        """
