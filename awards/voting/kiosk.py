"""Voting booths: a device that stands with the staff, who let one voter in at a time.

Who may vote is checked by eye, by the campaign's rules; here nobody has a name. Each admission
gives one random seat, and so one voter with one quota. How many there were is counted; when, is
kept nowhere.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from tortoise.expressions import F

from awards import clock
from awards.actor import Actor, Role
from awards.audit.actions import record
from awards.campaigns.models import Campaign
from awards.campaigns.queries import channels_of
from awards.campaigns.rules import Channel, closed_channel
from awards.db import in_transaction
from awards.errors import Conflict, NotFound, Unproven
from awards.i18n import mark as _
from awards.signing import digest, random_secret
from awards.voting.actions import IssuedToken, admit_voter
from awards.voting.ballot_box import BallotBox
from awards.voting.models import VotingBooth
from awards.voting.rules import VotingToken

SEAT_LIFE = timedelta(minutes=20)
"""After so long whoever was let in has left."""
SEAT = 16


async def open_booth(*, by: Actor, campaign: Campaign, label: str = "") -> str:
    """Open a booth. Returns the secret that makes a device this booth; it is told once."""
    by.require(Role.CODE_OFFICER, campaign=campaign.id)
    if no := closed_channel(Channel.KIOSK, channels_of(campaign)):
        raise no
    secret = random_secret()
    async with in_transaction():
        row = await VotingBooth.create(
            campaign_id=campaign.id, label=label, digest=digest(secret), opened_by=by.name,
            opened_at=clock.now(),
        )  # fmt: skip
        await record(by=by, action="booth.opened", subject=f"voting_booth:{row.id}")
    return secret


async def let_next_in(*, by: Actor, booth: UUID) -> None:
    """Admit one voter: the device then shows them in. Refused while somebody is in the booth."""
    row = await _open_one(by, booth)
    async with in_transaction():
        free = VotingBooth.filter(id=row.id, closed_at__isnull=True, seat__isnull=True)
        if is_stale(row):
            free = VotingBooth.filter(id=row.id, closed_at__isnull=True, seated_at=row.seated_at)
        let_in = await free.update(
            seat=secrets.token_bytes(SEAT), seated_at=clock.now(), admissions=F("admissions") + 1
        )
    if not let_in:
        raise Conflict(
            "booth.occupied",
            _("Somebody is still in this booth. Let them finish, or end the visit."),
        )


async def end_visit(*, by: Actor, booth: UUID) -> None:
    """Staff free the booth: whoever was let in has left. The admission stays counted."""
    row = await _open_one(by, booth)
    async with in_transaction():
        await _leave(row)


async def close_booth(*, by: Actor, booth: UUID) -> None:
    """Close it for good. The number of admissions goes on record."""
    row = await _own(by, booth)
    async with in_transaction():
        closing = VotingBooth.filter(id=row.id, closed_at__isnull=True)
        if not await closing.update(closed_at=clock.now(), seat=None, seated_at=None):
            raise _closed()
        count = (await VotingBooth.get(id=row.id)).admissions
        await record(by=by, action="booth.closed", subject=f"voting_booth:{row.id}", count=count)


async def find_booth(secret: str) -> VotingBooth | None:
    """The open booth that the device is, if it is one."""
    if not secret:
        return None
    return await VotingBooth.get_or_none(digest=digest(secret), closed_at__isnull=True)


async def list_booths(campaign: int) -> list[VotingBooth]:
    """A campaign's booths, the open ones first, then the newest."""
    rows = await VotingBooth.filter(campaign_id=campaign).order_by("-opened_at")
    return sorted(rows, key=lambda row: row.closed_at is not None)


def is_occupied(booth: VotingBooth) -> bool:
    return booth.seat is not None and not is_stale(booth)


def is_stale(booth: VotingBooth) -> bool:
    """Whether whoever was let in must have left by now."""
    return booth.seated_at is not None and clock.now() - booth.seated_at > SEAT_LIFE


def is_seated(box: BallotBox, booth: VotingBooth, token: VotingToken) -> bool:
    """Whether this is the right to vote of whoever is in the booth now."""
    if booth.seat is None or token.campaign != booth.campaign_id:
        return False
    keys = box.papers.get(booth.campaign_id).keys
    return keys.voter_tag(keys.pid(Channel.KIOSK, booth.seat.hex())) == token.voter


async def take_seat(box: BallotBox, booth: VotingBooth) -> IssuedToken:
    """The right to vote of whoever was let in: the same however often it is asked for."""
    if booth.seat is None or not is_occupied(booth):
        raise Unproven("booth.empty", _("Nobody was let in. Please ask the staff."))
    return await admit_voter(
        box, campaign=booth.campaign_id, proof=booth.seat.hex(), channel=Channel.KIOSK
    )


async def leave_seat(box: BallotBox, booth: VotingBooth, token: VotingToken) -> None:
    """The voter is done. A token of somebody who was here before frees nobody's seat."""
    if is_seated(box, booth, token):
        async with in_transaction():
            await _leave(booth)


async def _leave(row: VotingBooth) -> None:
    seated = VotingBooth.filter(id=row.id, seated_at=row.seated_at)
    await seated.update(seat=None, seated_at=None)


async def _own(by: Actor, booth: UUID) -> VotingBooth:
    row = await VotingBooth.get_or_none(id=booth)
    if row is None:
        raise NotFound()
    by.require(Role.CODE_OFFICER, campaign=row.campaign_id)
    return row


async def _open_one(by: Actor, booth: UUID) -> VotingBooth:
    row = await _own(by, booth)
    if row.closed_at:
        raise _closed()
    return row


def _closed() -> Conflict:
    return Conflict("booth.closed", _("This booth is closed."))
