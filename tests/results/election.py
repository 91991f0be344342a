"""A campaign whose ballots are cast and whose voting has closed."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.applications import Starlette
from time_machine import Traveller

from awards import clock
from awards.campaigns.models import Campaign, Stage
from awards.campaigns.queries import find_campaign
from awards.voting.actions import cast_vote
from awards.voting.rules import Channel, VotingToken
from tests import make

BALLOTS = ((101, 201), (101,), (102, 201), (101, 202), (202,))
"""101 has three votes, 102 one; 201 and 202 two each: a tie for the one place."""


@dataclass
class Election:
    """The campaign, and its stopped clock."""

    campaign: Campaign
    hour: Traveller

    async def close(self) -> None:
        """Let voting end."""
        self.hour.move_to((await Stage.get(campaign_id=self.campaign.id, kind="voting")).ends_at)


async def hold(
    app: Starlette,
    frozen_at: Callable[[datetime], Traveller],
    *,
    slug: str = "held",
    visibility: str = "hidden",
    closed: bool = True,
) -> Election:
    """Let five people vote."""
    hour = frozen_at(clock.now())
    rule = {"shape": "ballot", "min_picks": 1, "max_picks": 3, "visibility": visibility}
    campaign = await make.campaign(slug=slug, ballot_rule=rule)
    for number in (101, 102, 201, 202):
        await make.candidate(campaign, number)
    paper = await app.state.ballot_box.papers.find(slug)
    for choices in BALLOTS:
        token = VotingToken(campaign.id, Channel.CODE, os.urandom(16))
        day = paper.day(clock.now())
        await cast_vote(app.state.ballot_box, token=token, choices=choices, day=day)
    election = Election(await find_campaign(slug), hour)
    if closed:
        await election.close()
    return election
