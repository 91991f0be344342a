"""K6: whatever the clock does, nobody has a vote more or a vote less on any day of the campaign."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from starlette.applications import Starlette

from awards import clock
from awards.campaigns.models import Campaign, Stage
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.errors import Refused
from awards.voting.actions import cast_vote
from awards.voting.counting import recount
from awards.voting.rules import Channel, VotingToken
from tests.drills.site import NUMBERS, add_poll
from tests.voting.conftest import Booth

Freeze = Callable[[datetime], time_machine.Traveller]
BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
PER_DAY = 2
RULE: dict[str, object] = {"shape": "tap", "per_day": PER_DAY, "per_candidate_day": 1}

pytestmark = pytest.mark.k6


async def booth_in(app: Starlette, zone: str, opens: datetime, closes: datetime) -> Booth:
    """A campaign of this zone that is open in between."""
    poll = await add_poll(app.state.config, RULE, zone=zone)
    async with in_transaction():
        await Stage.filter(campaign_id=poll.campaign, kind=StageKind.VOTING).update(
            starts_at=opens, ends_at=closes
        )
    await app.state.ballot_box.papers.refresh()
    return Booth(app.state.ballot_box, await Campaign.get(id=poll.campaign))


async def given(booth: Booth, token: VotingToken) -> int:
    """Vote for everybody; how many of these votes were taken as new."""
    kept = 0
    for number in NUMBERS:
        try:
            receipt = await cast_vote(booth.box, token=token, choices=[number], day=booth.today)
        except Refused as refused:
            assert refused.code == "voting.quota_used", refused.code
        else:
            kept += receipt.is_new
    return kept


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        (SHANGHAI, datetime(2026, 11, 24)),
        (SHANGHAI, datetime(2028, 2, 29)),
        (SHANGHAI, datetime(2028, 3, 1)),
        (SHANGHAI, datetime(2027, 1, 1)),
        (BERLIN, datetime(2026, 3, 29)),
        (BERLIN, datetime(2026, 3, 30)),
        (BERLIN, datetime(2026, 10, 25)),
        (BERLIN, datetime(2026, 10, 26)),
    ],
)
async def test_midnight_brings_one_new_quota(
    app: Starlette, frozen_at: Freeze, zone: str, midnight: datetime
) -> None:
    there = midnight.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    moment = frozen_at(there - timedelta(hours=30))
    booth = await booth_in(app, zone, there - timedelta(days=3), there + timedelta(days=3))
    token, second = booth.voter(), timedelta(seconds=1)
    moment.move_to(there - second)

    before = [await given(booth, token), await given(booth, token)]
    moment.move_to(there)
    after = [await given(booth, token), await given(booth, token)]
    # Back over midnight, as a clock that was set right: the day before is used up already.
    moment.move_to(there - second)
    back = await given(booth, token)
    moment.move_to(there + second)

    assert (before, after, back, await given(booth, token)) == ([PER_DAY, 0], [PER_DAY, 0], 0, 0)
    found = await recount(booth.campaign.id)
    assert (found.ballots, found.agrees) == (2 * PER_DAY, True)


@pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 10, 25)])
async def test_a_day_of_23_or_25_hours_has_one_quota(
    app: Starlette, frozen_at: Freeze, day: datetime
) -> None:
    start = day.replace(tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
    end = (day + timedelta(days=1)).replace(tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
    moment = frozen_at(start)
    booth = await booth_in(app, BERLIN, start - timedelta(days=2), end + timedelta(days=2))
    token, kept, hours = booth.voter(), 0, 0

    while clock.now() < end:
        kept += await given(booth, token)
        hours += 1
        moment.shift(timedelta(hours=1))

    assert (hours, kept) == (23 if day.month == 3 else 25, PER_DAY)


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=-1)])
async def test_a_clock_that_jumps_locks_nobody_out(
    app: Starlette, frozen_at: Freeze, step: timedelta
) -> None:
    noon = datetime(2026, 11, 24, 4, tzinfo=UTC)
    moment = frozen_at(noon)
    booth = await booth_in(app, SHANGHAI, noon - timedelta(days=3), noon + timedelta(days=3))
    tokens = booth.box.tokens
    text = tokens.write(booth.voter())
    assert await given(booth, tokens.read(text)) == PER_DAY

    moment.shift(step)
    first = await given(booth, tokens.read(text))
    moment.move_to(noon)

    assert first == (PER_DAY if step.days == -1 and not step.seconds else 0)
    assert await given(booth, tokens.read(text)) == 0
    assert (await recount(booth.campaign.id)).agrees


async def test_the_last_second_counts_and_the_next_does_not(
    app: Starlette, frozen_at: Freeze
) -> None:
    closes = datetime(2026, 11, 24, 16, tzinfo=UTC)
    moment = frozen_at(closes - timedelta(days=1))
    booth = await booth_in(app, SHANGHAI, closes - timedelta(days=3), closes)
    token = VotingToken(booth.campaign.id, Channel.CODE, b"k" * 16)

    moment.move_to(closes - timedelta(microseconds=1))
    last = await cast_vote(booth.box, token=token, choices=[NUMBERS[0]], day=booth.today)
    moment.move_to(closes)
    with pytest.raises(Refused, match=r"voting\.closed"):
        await cast_vote(booth.box, token=token, choices=[NUMBERS[1]], day=booth.today)

    assert last.is_new
    assert (await recount(booth.campaign.id)).ballots == 1
