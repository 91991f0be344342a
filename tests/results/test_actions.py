"""Counting for good and publishing: who may, when, and that the figures are the ballots'."""

from collections.abc import Callable
from datetime import datetime

import pytest
from starlette.applications import Starlette
from time_machine import Traveller
from tortoise.connection import get_connections

from awards.actor import VISITOR, Actor, Role, system
from awards.audit.queries import list_records
from awards.db import in_transaction
from awards.errors import Conflict, Forbidden
from awards.nominations.models import Candidate
from awards.results.actions import count_result, publish_result
from awards.results.models import Result
from awards.results.queries import find_count, find_result, list_contests, list_published
from awards.results.rules import Contest
from tests import make
from tests.digest import digest
from tests.results.election import hold

Freeze = Callable[[datetime], Traveller]
ORGANISER = system("organiser", [Role.ORGANISER])


async def _execute(statement: str) -> None:
    async with in_transaction():
        await get_connections().get("default").execute_query(statement)


async def test_counting_keeps_the_ballots_sums_with_ranks_and_winners(
    app: Starlette, frozen_at: Freeze
) -> None:
    election = await hold(app, frozen_at)

    await count_result(by=ORGANISER, campaign=election.campaign)

    count = await find_count(election.campaign.id)
    assert count is not None
    assert count.ballots == 5
    assert [(line.number, line.votes, line.rank, line.won) for line in count.lines] == [
        (101, 3, 1, True),
        (201, 2, 1, False),
        (202, 2, 1, False),
        (102, 1, 2, False),
    ]
    assert await find_result(election.campaign.id) is None
    assert (await list_records())[0].action == "result.counted"


async def test_counting_is_refused_while_voting_is_open(app: Starlette, frozen_at: Freeze) -> None:
    election = await hold(app, frozen_at, closed=False)
    before = await digest()

    with pytest.raises(Conflict) as refused:
        await count_result(by=ORGANISER, campaign=election.campaign)

    assert refused.value.code == "result.voting_open"
    assert await digest() == before


async def test_a_count_that_differs_from_the_tally_is_not_kept(
    app: Starlette, frozen_at: Freeze
) -> None:
    election = await hold(app, frozen_at)
    await _execute("UPDATE tally SET n = n + 1 WHERE candidate = 102")
    before = await digest()

    with pytest.raises(Conflict) as refused:
        await count_result(by=ORGANISER, campaign=election.campaign)

    assert refused.value.code == "result.disagrees"
    assert refused.value.values["numbers"] == "102"
    assert await digest() == before


async def test_counting_again_replaces_a_count_that_is_not_published(
    app: Starlette, frozen_at: Freeze
) -> None:
    election = await hold(app, frozen_at)
    first = await count_result(by=ORGANISER, campaign=election.campaign)

    second = await count_result(by=ORGANISER, campaign=election.campaign)

    assert first.id != second.id
    assert await Result.all().count() == 1


@pytest.mark.parametrize("action", [count_result, publish_result])
@pytest.mark.parametrize("by", [VISITOR, system("other", [Role.MODERATOR, Role.EDITOR])])
async def test_only_organisers_count_and_publish(
    app: Starlette, frozen_at: Freeze, action: Callable[..., object], by: Actor
) -> None:
    election = await hold(app, frozen_at)
    before = await digest()

    with pytest.raises(Forbidden):
        await action(by=by, campaign=election.campaign)  # type: ignore[misc]

    assert await digest() == before


async def test_an_organiser_of_another_campaign_may_not(app: Starlette, frozen_at: Freeze) -> None:
    election = await hold(app, frozen_at)
    other = await make.person(Role.ORGANISER, campaign=election.campaign.id + 1)

    with pytest.raises(Forbidden):
        await count_result(by=other, campaign=election.campaign)


async def test_what_is_not_counted_is_not_published(app: Starlette, frozen_at: Freeze) -> None:
    election = await hold(app, frozen_at)

    with pytest.raises(Conflict) as refused:
        await publish_result(by=ORGANISER, campaign=election.campaign)

    assert refused.value.code == "result.not_counted"


async def test_publishing_lets_everybody_find_the_count(app: Starlette, frozen_at: Freeze) -> None:
    election = await hold(app, frozen_at)
    await count_result(by=ORGANISER, campaign=election.campaign)

    await publish_result(by=ORGANISER, campaign=election.campaign)

    result = await find_result(election.campaign.id)
    assert result is not None
    assert (result.ballots, result.published_by) == (5, "organiser")
    assert await list_published([election.campaign.id, 999]) == {election.campaign.id}
    assert (await list_records())[0].action == "result.published"


async def test_a_result_is_published_once_and_then_stands(
    app: Starlette, frozen_at: Freeze
) -> None:
    election = await hold(app, frozen_at)
    await count_result(by=ORGANISER, campaign=election.campaign)
    await publish_result(by=ORGANISER, campaign=election.campaign)
    before = await digest()

    for action in (publish_result, count_result):
        with pytest.raises(Conflict) as refused:
            await action(by=ORGANISER, campaign=election.campaign)
        assert refused.value.code == "result.published"

    assert await digest() == before


async def test_a_count_that_the_ballots_no_longer_bear_out_is_not_published(
    app: Starlette, frozen_at: Freeze
) -> None:
    election = await hold(app, frozen_at)
    await count_result(by=ORGANISER, campaign=election.campaign)
    await _execute("UPDATE result_line SET votes = votes + 1 WHERE number = 101")
    before = await digest()

    with pytest.raises(Conflict) as refused:
        await publish_result(by=ORGANISER, campaign=election.campaign)

    assert refused.value.code == "result.disagrees"
    assert await digest() == before


async def test_contests_hold_everybody_with_a_public_number(
    app: Starlette, frozen_at: Freeze
) -> None:
    election = await hold(app, frozen_at)
    async with in_transaction():
        await Candidate.filter(number=102).update(state="withdrawn")
        await Candidate.filter(number=202).update(state="preliminary", published_at=None)

    assert await list_contests(election.campaign.id) == [
        Contest((101, 102), 1, frozenset({102})),
        Contest((201,), 1),
        Contest((), 1),
    ]
