from dataclasses import replace
from datetime import UTC, datetime

import pytest

from awards.actor import Actor, system
from awards.campaigns.kit import read_kit, write_kit
from awards.campaigns.queries import find_campaign, plan_of
from awards.campaigns.rules import PRESETS, BallotRule, Channel, StageKind
from awards.config import Config
from awards.errors import Conflict, Forbidden, Invalid, NotFound
from awards.nominations.kit import export_campaign, import_campaign
from awards.nominations.models import Candidate
from awards.words import Words
from tests.digest import digest

KIT = """
kit = 1
consent = "Signed forms, kept by the office of the committee"

[campaign]
slug = "2026-wanghe"
title = { zh = "2026望河好人", en = "Good People of Wanghe 2026" }
preset = "up_to_ten"
published = true
enquiry_phone = "0400-000-1234"

[[category]]
slug = "helping"
title = "助人为乐"
places = 2

[[category]]
slug = "courage"
title = { zh = "见义勇为", en = "Courage" }
number = 5

[[region]]
slug = "dongguan"
title = "东关区"

[[stage]]
kind = "voting"
starts = 2026-11-16T09:00:00
ends = 2026-11-30T18:00:00

[[candidate]]
number = 101
category = "helping"
region = "dongguan"
name = { zh = "方砚秋", en = "Fang Yanqiu" }
one_liner = "把家里三间堂屋腾出来做书屋。"

[[candidate]]
number = 501
category = "courage"
kind = "group"
name = "渡口的人"
"""
BY = system("operator")


def test_a_kit_says_all_of_a_campaign() -> None:
    kit = read_kit(KIT)

    plan = kit.plan
    assert plan.title == Words("2026望河好人", "Good People of Wanghe 2026")
    assert (plan.preset, plan.rule) == ("up_to_ten", PRESETS["up_to_ten"].rule)
    assert [(each.slug, each.number, each.places) for each in plan.categories] == [
        ("helping", 1, 2),
        ("courage", 5, 1),
    ]
    assert plan.categories[0].title == Words("助人为乐")
    assert plan.stages[StageKind.VOTING].start == datetime(2026, 11, 16, 1, tzinfo=UTC)
    assert [each.number for each in kit.candidates] == [101, 501]
    assert kit.candidates[0].region == "dongguan"
    assert kit.published


def test_a_rule_of_its_own_replaces_the_preset() -> None:
    own = KIT.replace('preset = "up_to_ten"', 'rule = { shape = "ballot", max_picks = 4 }')

    plan = read_kit(own).plan

    assert plan.preset == "own"
    assert plan.rule == BallotRule.from_json({"shape": "ballot", "max_picks": 4})


def test_a_time_with_an_offset_is_taken_as_it_is() -> None:
    plan = read_kit(KIT.replace("2026-11-16T09:00:00", "2026-11-16T09:00:00+01:00")).plan

    assert plan.stages[StageKind.VOTING].start == datetime(2026, 11, 16, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "written", "complaint"),
    [
        ("kit = 1", "kit = 1 1", "not TOML"),
        ("kit = 1", "kit = 2", "kit’s kit"),
        ("kit = 1", "", "kit’s kit"),
        ("kit = 1", "kit = 1\ncolour = 'red'", "colour"),
        ("kit = 1", "kit = true", "kit’s kit"),
        ("consent = ", "# consent = ", "consent"),
        ('slug = "2026-wanghe"', "slug = 7", "campaign.slug"),
        ('slug = "2026-wanghe"', 'slug = "望河"', "望河"),
        ('preset = "up_to_ten"', 'preset = "up_to_eleven"', "campaign.preset"),
        ('preset = "up_to_ten"', "", "campaign.rule"),
        ('preset = "up_to_ten"', "rule = { shape = 'tap' }", "limit"),
        ('preset = "up_to_ten"', 'preset = "up_to_ten"\nzone = "Asia/Nowhere"', "campaign.zone"),
        ('preset = "up_to_ten"', 'preset = "up_to_ten"\nzone = "/etc/passwd"', "campaign.zone"),
        ("enquiry_phone = ", 'supervision_phone = "x"\nsubtitle = ', "campaign.subtitle"),
        ("0400-000-1234", "1" * 31, "campaign.enquiry_phone"),
        ("places = 2", "places = 'two'", "category[0].places"),
        ("places = 2", "places = 0", "places"),
        ('kind = "voting"', 'kind = "drinks"', "stage[0].kind"),
        ("starts = 2026-11-16T09:00:00", "starts = 2026-11-16", "stage[0].starts"),
        ("starts = 2026-11-16T09:00:00", "starts = 2026-12-16T09:00:00", "ends before"),
        ("[[candidate]]\nnumber = 101", "[[candidate]]\nnumber = 0", "candidate[0].number"),
        ("number = 501", "number = 101", "candidate[1].number"),
        ("number = 501", "number = 10000", "candidate[1].number"),
        ('category = "courage"', 'category = "none"', "candidate[1].category"),
        ('region = "dongguan"', 'region = "none"', "candidate[0].region"),
        ('name = "渡口的人"', 'name = ""', "candidate[1].name"),
        ("渡口的人", "人" * 201, "candidate[1].name"),
        ('kind = "group"', 'kind = "dog"', "candidate[1].kind"),
        (
            "[[candidate]]\nnumber = 101",
            "[[stage]]\nkind = 'voting'\nstarts = 2026-12-01T09:00:00\n"
            "ends = 2026-12-02T09:00:00\n[[candidate]]\nnumber = 101",
            "stage[1].kind",
        ),
    ],
)
def test_a_wrong_kit_is_refused_by_its_key(found: str, written: str, complaint: str) -> None:
    assert found in KIT

    with pytest.raises(Invalid) as refused:
        read_kit(KIT.replace(found, written, 1))

    assert complaint in refused.value.message.format(**refused.value.values)


def test_a_title_may_have_two_hundred_characters() -> None:
    kit = read_kit(KIT.replace("渡口的人", "人" * 200))

    assert len(kit.candidates[1].name.zh) == 200


async def test_a_kit_becomes_a_campaign_with_candidates(config: Config, database: None) -> None:
    made = await import_campaign(by=BY, kit=read_kit(KIT), keys_folder=config.keys_folder)

    found = await find_campaign("2026-wanghe")
    assert found.id == made.id
    assert plan_of(found) == read_kit(KIT).plan
    rows = await Candidate.filter(campaign_id=found.id).prefetch_related("category", "region")
    assert [(row.number, row.name, row.state, row.category.slug) for row in rows] == [
        (101, Words("方砚秋", "Fang Yanqiu"), "published", "helping"),
        (501, Words("渡口的人"), "published", "courage"),
    ]
    assert [row.region.slug if row.region else None for row in rows] == ["dongguan", None]
    assert (config.keys_folder / "campaigns" / f"{found.id}.key").stat().st_mode & 0o777 == 0o600


async def test_a_kit_is_imported_once(config: Config, database: None) -> None:
    await import_campaign(by=BY, kit=read_kit(KIT), keys_folder=config.keys_folder)
    before = await digest()

    with pytest.raises(Conflict) as refused:
        await import_campaign(by=BY, kit=read_kit(KIT), keys_folder=config.keys_folder)

    assert refused.value.code == "campaign.slug_taken"
    assert await digest() == before


async def test_an_unpublished_kit_stays_with_the_staff(config: Config, database: None) -> None:
    kit = read_kit(KIT.replace("published = true", ""))

    await import_campaign(by=BY, kit=kit, keys_folder=config.keys_folder)

    with pytest.raises(NotFound):
        await find_campaign("2026-wanghe")
    assert (await find_campaign("2026-wanghe", by=BY)).published_at is None


def test_a_kit_reads_back_as_it_was_written() -> None:
    kit = read_kit(KIT.replace("2026望河好人", 'A \\"b\\" \\u007f 😀 \\\\ 好'))
    several = 'intro = { zh = """一\n\n# 二""" }'
    long = read_kit(KIT.replace("enquiry_phone", f"{several}\nenquiry_phone"))

    assert read_kit(write_kit(kit)) == kit
    assert read_kit(write_kit(long)) == long


async def test_a_campaign_leaves_as_the_kit_it_came_as(config: Config, database: None) -> None:
    kit = read_kit(KIT)
    await import_campaign(by=BY, kit=kit, keys_folder=config.keys_folder)

    left = await export_campaign("2026-wanghe", by=BY)

    assert left == replace(kit, consent="Recorded in the campaign 2026-wanghe")
    assert read_kit(write_kit(left)) == left


async def test_only_organisers_take_a_campaign_along(
    config: Config, database: None, moderator: Actor
) -> None:
    await import_campaign(by=BY, kit=read_kit(KIT), keys_folder=config.keys_folder)

    with pytest.raises(Forbidden):
        await export_campaign("2026-wanghe", by=moderator)


async def test_a_campaign_without_candidates_needs_no_consent(
    config: Config, database: None
) -> None:
    bare = read_kit(KIT[: KIT.index("[[candidate]]")].replace("consent = ", "# consent = "))
    await import_campaign(by=BY, kit=bare, keys_folder=config.keys_folder)

    assert await export_campaign("2026-wanghe", by=BY) == bare


def test_a_kit_names_the_ways_to_vote() -> None:
    named = KIT.replace("[campaign]", '[campaign]\nchannels = ["paper", "kiosk"]')
    unknown = KIT.replace("[campaign]", '[campaign]\nchannels = ["telegraph"]')

    assert read_kit(KIT).plan.channels == (Channel.EMAIL, Channel.CODE)
    assert read_kit(named).plan.channels == (Channel.KIOSK, Channel.PAPER)
    assert read_kit(write_kit(read_kit(named))) == read_kit(named)
    with pytest.raises(Invalid, match=r"kit\.invalid"):
        read_kit(unknown)
