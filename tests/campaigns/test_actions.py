from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from awards import clock
from awards.actor import Actor, system
from awards.audit.models import AuditRecord
from awards.campaigns.actions import (
    change_campaign,
    create_campaign,
    pause_voting,
    publish_campaign,
    raise_version,
    resume_voting,
)
from awards.campaigns.models import Campaign, Category
from awards.campaigns.queries import (
    channels_of,
    count_campaigns,
    find_campaign,
    list_campaigns,
    list_public_campaigns,
    plan_of,
    rule_of,
    stage_of,
)
from awards.campaigns.rules import (
    PRESETS,
    CampaignPlan,
    CategoryPlan,
    Channel,
    RegionPlan,
    StageKind,
    Window,
)
from awards.config import Config
from awards.db import in_transaction
from awards.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from awards.words import Words
from tests import make
from tests.digest import digest

BY = system("operator")


@pytest.fixture
def keys_folder(config: Config) -> Path:
    return config.keys_folder


def plan(*, opens_in: int = 5, **changes: object) -> CampaignPlan:
    start = clock.now().replace(microsecond=0) + timedelta(days=opens_in)
    made = CampaignPlan(
        slug="2026-award",
        title=Words("好人", "Good people"),
        rule=PRESETS["daily_tap"].rule,
        preset="daily_tap",
        stages={StageKind.VOTING: Window(start, start + timedelta(days=10))},
        categories=(
            CategoryPlan("helping", 1, Words("助人为乐")),
            CategoryPlan("brave", 2, Words("见义勇为")),
        ),
        regions=(RegionPlan("east", Words("东关区")), RegionPlan("south", Words("南渡县"))),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def keys_in(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("campaigns/*")]


async def test_a_campaign_is_made_with_its_parts_and_key(
    organiser: Actor, keys_folder: Path
) -> None:
    wanted = plan()

    made = await create_campaign(by=organiser, plan=wanted, keys_folder=keys_folder)

    assert plan_of(made) == wanted
    assert rule_of(made) == PRESETS["daily_tap"].rule
    assert keys_in(keys_folder) == [f"{made.id}.key"]
    assert (made.version, made.published_at) == (1, None)
    assert [row.action for row in await AuditRecord.all()] == ["campaign.created"]


async def test_only_organisers_make_campaigns(
    stranger: Actor, moderator: Actor, keys_folder: Path
) -> None:
    before = await digest()

    for actor in (stranger, moderator):
        with pytest.raises(Forbidden):
            await create_campaign(by=actor, plan=plan(), keys_folder=keys_folder)

    assert await digest() == before
    assert keys_in(keys_folder) == []


async def test_a_wrong_plan_makes_nothing(organiser: Actor, keys_folder: Path) -> None:
    before = await digest()

    with pytest.raises(Invalid):
        await create_campaign(by=organiser, plan=plan(slug="NO"), keys_folder=keys_folder)

    assert await digest() == before


async def test_two_campaigns_never_share_an_address(organiser: Actor, keys_folder: Path) -> None:
    await create_campaign(by=organiser, plan=plan(), keys_folder=keys_folder)
    other = await create_campaign(by=organiser, plan=plan(slug="other"), keys_folder=keys_folder)

    with pytest.raises(Conflict) as made:
        await create_campaign(by=organiser, plan=plan(), keys_folder=keys_folder)
    with pytest.raises(Conflict) as renamed:
        await change_campaign(by=organiser, campaign=other, plan=plan())

    assert (made.value.field, renamed.value.field) == ("slug", "slug")


async def test_everything_can_change_before_voting_opens(
    organiser: Actor, keys_folder: Path
) -> None:
    made = await create_campaign(by=organiser, plan=plan(), keys_folder=keys_folder)
    changed = plan(
        opens_in=7,
        slug="renamed",
        rule=PRESETS["up_to_ten"].rule,
        preset="up_to_ten",
        categories=(
            CategoryPlan("brave", 1, Words("见义勇为")),
            CategoryPlan("helping", 2, Words("助人")),
            CategoryPlan("honest", 3, Words("诚实守信")),
        ),
        regions=(RegionPlan("south", Words("南渡县")), RegionPlan("west", Words("西"))),
    )

    after = await change_campaign(by=organiser, campaign=made, plan=changed)

    assert plan_of(after) == changed
    assert after.version == made.version + 1
    assert {row.slug: row.id for row in after.categories}["helping"] == {
        row.slug: row.id for row in made.categories
    }["helping"]


async def test_the_rule_stands_once_voting_has_opened(organiser: Actor, keys_folder: Path) -> None:
    open_plan = plan(opens_in=-1)
    made = await create_campaign(by=organiser, plan=open_plan, keys_folder=keys_folder)
    before = await digest()

    with pytest.raises(Conflict) as refused:
        await change_campaign(
            by=organiser, campaign=made, plan=replace(open_plan, rule=PRESETS["up_to_ten"].rule)
        )
    assert refused.value.code == "campaign.frozen"
    assert await digest() == before

    told = replace(open_plan, intro=Words("说明"))
    assert plan_of(await change_campaign(by=organiser, campaign=made, plan=told)) == told


async def test_the_address_stands_once_the_campaign_is_public(
    organiser: Actor, keys_folder: Path
) -> None:
    made = await create_campaign(by=organiser, plan=plan(), keys_folder=keys_folder)
    await publish_campaign(by=organiser, campaign=made)

    public = await find_campaign(made.slug)
    with pytest.raises(Conflict) as refused:
        await change_campaign(by=organiser, campaign=public, plan=plan(slug="renamed"))

    assert (refused.value.code, refused.value.field) == ("campaign.frozen", "slug")


async def test_a_category_with_nominations_stays(organiser: Actor, keys_folder: Path) -> None:
    made = await create_campaign(by=organiser, plan=plan(), keys_folder=keys_folder)
    await make.nomination(made)
    before = await digest()

    with pytest.raises(Conflict) as refused:
        await change_campaign(
            by=organiser, campaign=made, plan=plan(categories=plan().categories[1:])
        )

    assert refused.value.code == "campaign.part_in_use"
    assert await digest() == before


async def test_votes_by_phone_number_need_a_gateway(organiser: Actor, keys_folder: Path) -> None:
    by_phone = plan(channels=(Channel.EMAIL, Channel.SMS))
    made = await create_campaign(by=organiser, plan=plan(), keys_folder=keys_folder)
    before = await digest()

    with pytest.raises(Invalid) as refused:
        await change_campaign(by=organiser, campaign=made, plan=by_phone)
    with pytest.raises(Invalid):
        await create_campaign(
            by=organiser, plan=replace(by_phone, slug="other"), keys_folder=keys_folder
        )

    assert (refused.value.code, refused.value.field) == ("channel.unequipped", "channels")
    assert await digest() == before
    changed = await change_campaign(
        by=organiser, campaign=made, plan=by_phone, equipment={"sms", "oidc"}
    )
    assert channels_of(changed) == by_phone.channels


async def test_a_campaign_is_published_once(organiser: Actor, keys_folder: Path) -> None:
    made = await create_campaign(by=organiser, plan=plan(), keys_folder=keys_folder)
    with pytest.raises(NotFound):
        await find_campaign(made.slug)
    assert await list_public_campaigns() == []

    await publish_campaign(by=organiser, campaign=made)

    found = await find_campaign(made.slug)
    assert found.version == made.version + 1
    assert [row.id for row in await list_public_campaigns()] == [made.id]
    with pytest.raises(Conflict):
        await publish_campaign(by=organiser, campaign=made)


async def test_voting_can_be_paused_and_resumed(organiser: Actor, stranger: Actor) -> None:
    made = await make.campaign()

    with pytest.raises(Forbidden):
        await pause_voting(by=stranger, campaign=made)
    with pytest.raises(Refused, match="not_paused"):
        await resume_voting(by=organiser, campaign=made)
    await pause_voting(by=organiser, campaign=made)
    paused = await find_campaign(made.slug)
    with pytest.raises(Refused, match="is_paused"):
        await pause_voting(by=organiser, campaign=made)
    await resume_voting(by=organiser, campaign=made)
    resumed = await find_campaign(made.slug)

    assert (paused.paused_at is not None, paused.version) == (True, 2)
    assert (resumed.paused_at, resumed.version) == (None, 3)
    assert [row.action for row in await AuditRecord.all()] == [
        "campaign.paused",
        "campaign.resumed",
    ]


async def test_a_change_of_the_vote_raises_the_version(database: None) -> None:
    made = await make.campaign()

    async with in_transaction():
        await raise_version(made.id)

    assert (await Campaign.get(id=made.id)).version == made.version + 1


async def test_queries_bring_everything_along(organiser: Actor) -> None:
    older = await make.campaign()
    newer = await make.campaign(created_at=clock.now() + timedelta(minutes=1))

    rows = await list_campaigns()

    assert [row.id for row in rows] == [newer.id, older.id]
    assert stage_of(rows[0], clock.now()).kind is StageKind.VOTING
    assert [row.number for row in rows[0].categories] == [1, 2, 3]
    assert await count_campaigns() == 2
    assert await Category.filter(campaign_id=older.id).count() == 3
