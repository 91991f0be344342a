from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from awards.actor import Actor, Role, system
from awards.audit.models import AuditRecord
from awards.campaigns.models import Campaign, Stage
from awards.campaigns.rules import StageKind
from awards.config import Config
from awards.db import in_transaction, placeholders
from awards.errors import Conflict, Forbidden, NotFound, Refused, Unproven
from awards.voting.actions import admit_voter, cast_vote, exchange_code, issue_codes, revoke_batch
from awards.voting.counting import recount
from awards.voting.queries import list_code_batches
from awards.voting.rules import Channel
from tests import make
from tests.digest import digest
from tests.voting.conftest import Booth, OpenBooth
from tests.voting.test_ballot_box import rows

BY = system("code officer", [Role.CODE_OFFICER])
Freeze = Callable[[datetime], time_machine.Traveller]


async def codes(booth: Booth, config: Config, count: int = 1) -> list[str]:
    issued = await issue_codes(
        by=BY, campaign=booth.campaign, count=count, keys_folder=config.keys_folder
    )
    return issued.codes


# --- codes ----------------------------------------------------------------------------------------


async def test_codes_are_kept_as_digests_alone(open_booth: OpenBooth, config: Config) -> None:
    booth = await open_booth("up_to_ten")

    issued = await issue_codes(
        by=BY, campaign=booth.campaign, count=450, label="Library", keys_folder=config.keys_folder
    )

    kept = await rows("printed_code")
    assert len(set(issued.codes)) == len(kept) == 450
    assert {len(bytes(row["pid"])) for row in kept} == {16}  # type: ignore[call-overload]
    assert not any(code.replace("-", "") in repr(kept) for code in issued.codes)
    (batch,) = await list_code_batches(booth.campaign.id)
    assert (batch.id, batch.count, batch.label) == (issued.batch, 450, "Library")
    assert [row.action for row in await AuditRecord.all()] == ["codes.issued"]


async def test_only_the_code_officer_makes_and_revokes_codes(
    open_booth: OpenBooth, config: Config, organiser: Actor
) -> None:
    booth = await open_booth("up_to_ten")
    issued = await issue_codes(
        by=BY, campaign=booth.campaign, count=1, keys_folder=config.keys_folder
    )
    elsewhere = await make.person(Role.CODE_OFFICER, campaign=booth.campaign.id + 1)
    before = await digest()

    for actor in (organiser, elsewhere):
        with pytest.raises(Forbidden):
            await issue_codes(
                by=actor, campaign=booth.campaign, count=1, keys_folder=config.keys_folder
            )
        with pytest.raises(Forbidden):
            await revoke_batch(by=actor, batch=issued.batch)

    assert await digest() == before


async def test_a_code_gives_the_same_voter_until_its_ballot_stands(
    open_booth: OpenBooth, config: Config
) -> None:
    booth = await open_booth("up_to_ten")
    (code,) = await codes(booth, config)
    before = await digest()

    first = await exchange_code(booth.box, campaign=booth.campaign.id, code=code)
    second = await exchange_code(booth.box, campaign=booth.campaign.id, code=code.lower())

    token = booth.box.tokens.read(first.text)
    assert token == booth.box.tokens.read(second.text)
    assert (token.channel, token.campaign) == (Channel.CODE, booth.campaign.id)
    assert booth.paper.window is not None and first.expires_at == booth.paper.window.end
    assert await digest() == before

    await booth.cast(token, 101)
    with pytest.raises(Conflict, match=r"voting\.already_voted"):
        await exchange_code(booth.box, campaign=booth.campaign.id, code=code)


async def test_a_code_votes_each_day_where_the_rule_is_daily(
    open_booth: OpenBooth, config: Config
) -> None:
    for booth in (
        await open_booth("daily_tap"),
        await open_booth(shape="ballot", max_picks=3, ballots="daily"),
    ):
        (code,) = await codes(booth, config)
        issued = await exchange_code(booth.box, campaign=booth.campaign.id, code=code)
        await booth.cast(booth.box.tokens.read(issued.text), 101)

        again = await exchange_code(booth.box, campaign=booth.campaign.id, code=code)
        assert booth.box.tokens.read(again.text) == booth.box.tokens.read(issued.text)


async def test_a_code_of_another_campaign_is_unknown(open_booth: OpenBooth, config: Config) -> None:
    booth, other = await open_booth("up_to_ten"), await open_booth("up_to_ten")
    (code,) = await codes(other, config)

    with pytest.raises(Unproven, match=r"voting_code\.wrong"):
        await exchange_code(booth.box, campaign=booth.campaign.id, code=code)


async def test_a_batch_is_revoked_once_with_its_tokens(
    open_booth: OpenBooth, config: Config
) -> None:
    booth = await open_booth("up_to_ten")
    issued = await issue_codes(
        by=BY, campaign=booth.campaign, count=2, keys_folder=config.keys_folder
    )
    tokens = [
        booth.box.tokens.read(
            (await exchange_code(booth.box, campaign=booth.campaign.id, code=code)).text
        )
        for code in issued.codes
    ]
    kept = await booth.cast(tokens[0], 101)

    await revoke_batch(by=BY, batch=issued.batch)
    before = await digest()

    for code in issued.codes:
        with pytest.raises(Forbidden, match=r"token\.revoked"):
            await exchange_code(booth.box, campaign=booth.campaign.id, code=code)
    with pytest.raises(Forbidden, match=r"token\.revoked"):
        await booth.cast(tokens[1], 101)
    with pytest.raises(Conflict, match=r"batch\.revoked"):
        await revoke_batch(by=BY, batch=issued.batch)
    with pytest.raises(NotFound):
        await revoke_batch(by=BY, batch=uuid4())
    assert await digest() == before
    assert kept.is_new
    assert (await recount(booth.campaign.id)).ballots == 1


# --- addresses ------------------------------------------------------------------------------------


async def test_an_address_gives_the_same_voter_each_time(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")

    first = await admit_voter(booth.box, campaign=booth.campaign.id, proof="li@example.com")
    before = await digest()
    second = await admit_voter(booth.box, campaign=booth.campaign.id, proof="li@example.com")
    other = await admit_voter(booth.box, campaign=booth.campaign.id, proof="wu@example.com")

    read = booth.box.tokens.read
    assert read(first.text) == read(second.text) != read(other.text)
    assert read(first.text).channel is Channel.EMAIL
    kept = await rows("voter")
    assert len(kept) == 2
    assert all(set(row) == {"campaign", "channel", "pid"} for row in kept)
    assert "example" not in repr(kept)
    assert await digest() != before


async def test_a_closed_channel_lets_nobody_in(open_booth: OpenBooth, config: Config) -> None:
    booth = await open_booth("up_to_ten")
    (code,) = await codes(booth, config)
    booth.campaign.channels = "paper"
    async with in_transaction():
        await booth.campaign.save()
    before = await digest()

    with pytest.raises(Refused, match=r"channel\.closed"):
        await exchange_code(booth.box, campaign=booth.campaign.id, code=code)
    with pytest.raises(Refused, match=r"channel\.closed"):
        await admit_voter(booth.box, campaign=booth.campaign.id, proof="li@example.com")
    with pytest.raises(Refused, match=r"channel\.closed"):
        await codes(booth, config)
    assert await digest() == before


async def test_tokens_come_before_voting_opens_and_not_after_it_closes(
    open_booth: OpenBooth, config: Config, frozen_at: Freeze
) -> None:
    booth = await open_booth("up_to_ten")
    (code,) = await codes(booth, config)
    window = booth.paper.window
    assert window is not None

    frozen_at(window.start - timedelta(days=1))
    issued = await exchange_code(booth.box, campaign=booth.campaign.id, code=code)
    token = booth.box.tokens.read(issued.text)
    with pytest.raises(Refused, match=r"voting\.not_open"):
        await booth.cast(token, 101)

    frozen_at(window.end)
    with pytest.raises(Refused, match=r"voting\.closed"):
        await exchange_code(booth.box, campaign=booth.campaign.id, code=code)
    with pytest.raises(Refused, match=r"voting\.closed"):
        await admit_voter(booth.box, campaign=booth.campaign.id, proof="li@example.com")
    assert await rows("voter") == []


async def test_there_are_no_tokens_where_no_vote_is_planned(
    open_booth: OpenBooth, config: Config
) -> None:
    booth = await open_booth("up_to_ten")
    (code,) = await codes(booth, config)
    async with in_transaction():
        await Stage.filter(campaign_id=booth.campaign.id, kind=StageKind.VOTING).delete()
        await Campaign.filter(id=booth.campaign.id).update(version=9)
    await booth.box.papers.refresh()

    with pytest.raises(Refused, match=r"voting\.not_open"):
        await exchange_code(booth.box, campaign=booth.campaign.id, code=code)


# --- casting --------------------------------------------------------------------------------------


async def test_a_token_of_another_campaign_is_refused(open_booth: OpenBooth) -> None:
    booth, other = await open_booth("up_to_ten"), await open_booth("up_to_ten")
    before = await digest()

    with pytest.raises(Forbidden, match=r"token\.foreign"):
        await cast_vote(
            booth.box,
            token=other.voter(),
            choices=[101],
            day=booth.today,
            campaign=booth.campaign.id,
        )

    assert await digest() == before


async def test_the_day_may_be_left_out_where_none_counts(open_booth: OpenBooth) -> None:
    booth, daily = await open_booth("up_to_ten"), await open_booth("daily_tap")

    receipt = await cast_vote(booth.box, token=booth.voter(), choices=[101], day=None)
    with pytest.raises(Refused, match=r"ballot\.day_missing"):
        await cast_vote(daily.box, token=daily.voter(), choices=[101], day=None)

    assert receipt.day == booth.today


# --- counting anew --------------------------------------------------------------------------------


async def test_a_recount_agrees_with_the_tally(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")
    for choices in ((101,), (101, 201), (202, 301, 101)):
        await booth.cast(booth.voter(), *choices)

    found = await recount(booth.campaign.id)

    assert (found.ballots, found.votes, found.agrees) == (3, {101: 3, 201: 1, 202: 1, 301: 1}, True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tally SET n = n + 1 WHERE campaign = ? AND candidate = 101",
        "UPDATE tally SET n = n + 1 WHERE campaign = ? AND candidate = 0",
        "UPDATE ballot SET state = 'void' WHERE campaign = ?",
        "DELETE FROM tally WHERE campaign = ?",
    ],
)
async def test_a_recount_finds_what_was_meddled_with(open_booth: OpenBooth, statement: str) -> None:
    booth = await open_booth("up_to_ten")
    await booth.cast(booth.voter(), 101)
    async with in_transaction() as connection:
        await connection.execute_query(placeholders(statement), [booth.campaign.id])

    assert not (await recount(booth.campaign.id)).agrees


async def test_an_empty_tally_line_is_no_difference(open_booth: OpenBooth) -> None:
    booth = await open_booth("up_to_ten")
    async with in_transaction() as connection:
        await connection.execute_query(
            placeholders("INSERT INTO tally (campaign, candidate, n) VALUES (?, 101, 0)"),
            [booth.campaign.id],
        )

    found = await recount(booth.campaign.id)

    assert (found.ballots, found.votes, found.agrees) == (0, {}, True)
