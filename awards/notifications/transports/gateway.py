"""Text messages through a gateway on the net: what all of them have in common."""

from typing import ClassVar, Protocol

import httpx

from awards.notifications.actions import Send
from awards.notifications.models import Letter
from awards.notifications.outcomes import Later, Undeliverable
from awards.outbound import Answer, Outbound, Unanswered


class Gateway(Protocol):
    """One provider's way to ask and to answer."""

    knows_repeats: ClassVar[bool]
    """Whether the same message asked for twice goes out once."""

    def request(self, letter: Letter) -> httpx.Request:
        """The signed request that sends this message."""
        ...

    def judge(self, answer: Answer) -> None:
        """Return when the message was taken. Raises `Undeliverable`, `Trouble` or `Later`."""
        ...


def to_gateway(gateway: Gateway, outbound: Outbound) -> Send:
    """Ask for one message at a time. Where no answer came it may have gone out all the same: it is
    asked for again only if the provider knows repeats. Whoever got none asks for another code.
    """

    async def send(letter: Letter) -> None:
        try:
            answer = await outbound.ask(gateway.request(letter))
        except Unanswered as error:
            if gateway.knows_repeats:
                raise Later(f"{error}") from error
            raise Undeliverable(f"no answer, so that it may have gone out: {error}") from error
        gateway.judge(answer)

    return send
