"""Voting: proving to be one person, casting a ballot, codes on paper, and counting anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from tortoise.exceptions import IntegrityError

from awards import clock
from awards.actor import Actor, Role
from awards.audit.actions import record
from awards.campaigns.actions import raise_version
from awards.campaigns.models import Campaign
from awards.campaigns.queries import channels_of, find_channels
from awards.campaigns.rules import Channel, closed_channel
from awards.db import in_transaction
from awards.errors import Conflict, NotFound
from awards.i18n import mark as _
from awards.voting.ballot_box import BallotBox
from awards.voting.models import CodeBatch
from awards.voting.papers import load_keys
from awards.voting.queries import find_ballot, find_batch_of
from awards.voting.roll import add_codes, add_voter
from awards.voting.rules import (
    WHOLE_CAMPAIGN,
    BallotPaper,
    Receipt,
    VotingToken,
    already_voted,
    closing_objection,
    day_objection,
    new_code,
    normal_code,
    not_open,
    revoked,
    slot_objection,
    token_objection,
    vote_objection,
    wrong_code,
)

MOST_CODES = 100_000


@dataclass(frozen=True)
class IssuedToken:
    """A voting token as its holder keeps it."""

    text: str
    expires_at: datetime


@dataclass(frozen=True)
class IssuedCodes:
    """Printed codes. They exist here and on paper, nowhere else."""

    batch: UUID
    codes: list[str]


async def cast_vote(
    box: BallotBox,
    *,
    token: VotingToken,
    choices: Sequence[int],
    day: date | None,
    campaign: int | None = None,
    slot: int = 1,
    source: str = "api",
    is_held: bool = False,
) -> Receipt:
    """Keep one vote for good. Returns once it is durable; the same vote again returns the same
    receipt. `campaign` is the one that the voter looks at, if not simply the token's own; `slot`
    tells a second vote for the same candidate, where the rule allows one, from the first one sent
    again. A vote that is held is kept like any other, and not counted until it is decided on.
    """
    now = clock.now()
    paper = box.papers.get(token.campaign if campaign is None else campaign)
    if _objection(token, choices, day, slot, paper, now):
        # The paper may be a second old. Only the present one may say no.
        paper = await box.papers.current(paper)
        if no := _objection(token, choices, day, slot, paper, now):
            raise no
    ballot = paper.ballot(
        token, choices, day=day or paper.day(now), now=now, slot=slot, source=source,
        is_held=is_held,
    )  # fmt: skip
    return await box.put(ballot)


def _objection(
    token: VotingToken,
    choices: Sequence[int],
    day: date | None,
    slot: int,
    paper: BallotPaper,
    now: datetime,
) -> Exception | None:
    return (
        token_objection(token, paper)
        or vote_objection(choices, paper, now=now)
        or day_objection(day, paper, today=paper.day(now))
        or slot_objection(slot, paper.rule)
    )


async def exchange_code(box: BallotBox, *, campaign: int, code: str) -> IssuedToken:
    """A printed code against a voting token: the same voter each time, until the code's one ballot
    stands, so that a lost answer never loses a vote. Nothing is written.
    """
    paper = box.papers.get(campaign)
    await require_channel(Channel.CODE, campaign)
    pid = paper.keys.pid(Channel.CODE, normal_code(code))
    batch = await find_batch_of(campaign, pid)
    if batch is None:
        raise wrong_code()
    if batch.revoked_at:
        raise revoked()
    voter = paper.keys.voter_tag(pid)
    if await _has_cast(paper, voter):
        raise already_voted(paper.rule)
    return issue_token(box, VotingToken(campaign, Channel.CODE, voter))


async def _has_cast(paper: BallotPaper, voter: bytes) -> bool:
    """Whether the one ballot of a voter stands. Where there are several, quotas say it instead."""
    if not paper.rule.is_ballot or paper.rule.has_daily_ballots:
        return False
    return await find_ballot(paper, voter, WHOLE_CAMPAIGN) is not None


async def admit_voter(
    box: BallotBox, *, campaign: int, proof: str, channel: Channel = Channel.EMAIL
) -> IssuedToken:
    """A voting token for whoever has just proved something that one person alone has: a normal
    address, or the seat of a booth. The same proof gives the same voter.
    """
    paper = box.papers.get(campaign)
    await require_channel(channel, campaign)
    pid = paper.keys.pid(channel, proof)
    issued = issue_token(box, VotingToken(campaign, channel, paper.keys.voter_tag(pid)))
    async with in_transaction() as connection:
        await add_voter(connection, (campaign, channel.value, pid))
    return issued


async def require_channel(channel: Channel, campaign: int) -> None:
    """Raise why nobody votes in this way here, if so."""
    if no := closed_channel(channel, await find_channels(campaign)):
        raise no


def issue_token(box: BallotBox, token: VotingToken) -> IssuedToken:
    """A token lives as long as voting; it may be had before voting opens."""
    paper = box.papers.get(token.campaign)
    if paper.window is None:
        raise not_open()
    if no := closing_objection(paper, now=clock.now()):
        raise no
    return IssuedToken(box.tokens.write(token), paper.window.end)


async def issue_codes(
    *,
    by: Actor,
    campaign: Campaign,
    count: int,
    keys_folder: Path,
    label: str = "",
    batch: UUID | None = None,
) -> IssuedCodes:
    """Make a batch of printed codes. Only their keyed digests are kept. Under the same `batch` none
    are made again: a page that is loaded anew asks for what it has had.
    """
    by.require(Role.CODE_OFFICER, campaign=campaign.id)
    if no := closed_channel(Channel.CODE, channels_of(campaign)):
        raise no
    keys = await load_keys(keys_folder, campaign.id)
    codes = [new_code() for _each in range(min(count, MOST_CODES))]
    pids = [keys.pid(Channel.CODE, normal_code(code)) for code in codes]
    batch = batch or uuid4()
    try:
        async with in_transaction() as connection:
            await CodeBatch.create(
                id=batch, campaign_id=campaign.id, label=label, count=len(codes),
                made_by=by.name, made_at=clock.now(),
            )  # fmt: skip
            await add_codes(connection, campaign=campaign.id, batch=batch, pids=pids)
            subject = f"code_batch:{batch}"
            await record(by=by, action="codes.issued", subject=subject, count=len(codes))
    except IntegrityError:
        raise Conflict(
            "codes.made",
            _(
                "These codes were made already, and are shown once. If they are lost, take the "
                "batch back and make another."
            ),
        ) from None
    return IssuedCodes(batch, codes)


async def revoke_batch(*, by: Actor, batch: UUID) -> None:
    """Take a batch back: its codes and their tokens vote no more. Ballots that stand, stand."""
    row = await CodeBatch.get_or_none(id=batch)
    if row is None:
        raise NotFound()
    campaign: int = row.campaign_id
    by.require(Role.CODE_OFFICER, campaign=campaign)
    async with in_transaction():
        fresh = CodeBatch.filter(id=batch, revoked_at__isnull=True)
        if not await fresh.update(revoked_at=clock.now()):
            raise Conflict("batch.revoked", _("This batch was taken back already."))
        await raise_version(campaign)
        await record(by=by, action="codes.revoked", subject=f"code_batch:{batch}")
