"""A campaign with its ballot box, and voters without end."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

import pytest
from starlette.applications import Starlette

from awards import clock
from awards.campaigns.actions import raise_version
from awards.campaigns.models import Campaign
from awards.campaigns.rules import PRESETS, BallotRule
from awards.db import in_transaction
from awards.voting.actions import cast_vote
from awards.voting.ballot_box import BallotBox
from awards.voting.rules import BallotPaper, Channel, Receipt, VotingToken
from tests import make

NUMBERS = (101, 102, 103, 201, 202, 301)
"""Candidates of three categories."""


@dataclass(frozen=True)
class Booth:
    """One campaign, open, and a way to vote in it."""

    box: BallotBox
    campaign: Campaign

    @property
    def paper(self) -> BallotPaper:
        return self.box.papers.get(self.campaign.id)

    @property
    def today(self) -> date:
        return self.paper.day(clock.now())

    def voter(self) -> VotingToken:
        """Somebody who has not voted yet."""
        return VotingToken(self.campaign.id, Channel.CODE, os.urandom(16))

    async def open_ways(self, *channels: Channel) -> None:
        """Let people vote in these ways alone."""
        self.campaign.channels = " ".join(channels)
        async with in_transaction():
            await self.campaign.save()
            await raise_version(self.campaign.id)

    async def cast(
        self,
        token: VotingToken,
        *choices: int,
        day: date | None = None,
        slot: int = 1,
        is_held: bool = False,
    ) -> Receipt:
        """Vote with a form of today, or of another day."""
        return await cast_vote(
            self.box,
            token=token,
            choices=choices,
            day=day or self.today,
            slot=slot,
            is_held=is_held,
        )


OpenBooth = Callable[..., Awaitable[Booth]]


@pytest.fixture
def open_booth(app: Starlette) -> OpenBooth:
    """`await open_booth("daily_tap")`, or a rule's keys: `await open_booth(shape="tap", …)`."""

    async def open_one(preset: str = "daily_tap", **rule: object) -> Booth:
        written = BallotRule.from_json(rule) if rule else PRESETS[preset].rule
        campaign = await make.campaign(preset=preset, ballot_rule=written.as_json())
        for number in NUMBERS:
            await make.candidate(campaign, number)
        box: BallotBox = app.state.ballot_box
        await box.papers.refresh()
        return Booth(box, campaign)

    return open_one
