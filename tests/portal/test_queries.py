"""What the public sees of the portal, and in which order."""

from datetime import timedelta

import pytest

from awards import clock
from awards.actor import Actor
from awards.campaigns.rules import StageKind
from awards.errors import NotFound
from awards.portal.models import Article, Section
from awards.portal.queries import (
    count_articles,
    find_article,
    foremost_campaign,
    home_columns,
    home_figures,
    lead_article,
    list_articles,
    list_desk_articles,
    neighbours,
    newest_of_kind,
    public_candidates,
    search,
    sidebars,
    site_map,
)
from awards.portal.rules import PAGE
from awards.words import Words
from tests import make

NOW = clock.now


async def _published(section: Section, minutes_ago: int, **changes: object) -> Article:
    moment = clock.now() - timedelta(minutes=minutes_ago)
    return await make.article(section, published_at=moment, **changes)


async def test_a_draft_is_only_there_for_editors(
    database: None, editor: Actor, stranger: Actor
) -> None:
    draft = await make.article(await make.section(), published_at=None)

    assert (await find_article(draft.id, now=NOW(), by=editor)).id == draft.id
    for by in (stranger, Actor()):
        with pytest.raises(NotFound):
            await find_article(draft.id, now=NOW(), by=by)


async def test_an_article_of_the_future_is_not_public_yet(database: None) -> None:
    section = await make.section()
    soon = await _published(section, -30)

    assert await list_articles(section, now=NOW()) == []
    assert await lead_article(now=NOW()) is None
    with pytest.raises(NotFound):
        await find_article(soon.id, now=NOW())
    assert (await find_article(soon.id, now=NOW() + timedelta(hours=1))).id == soon.id


async def test_a_section_lists_its_own_articles_newest_first(database: None) -> None:
    news, other = await make.section("news"), await make.section("events", position=2)
    old, new = await _published(news, 20), await _published(news, 10)
    await _published(other, 5)
    await make.article(news, published_at=None)

    shown = await list_articles(news, now=NOW())

    assert [each.id for each in shown] == [new.id, old.id]
    assert await count_articles(news, now=NOW()) == 2


async def test_a_long_section_is_paged(database: None) -> None:
    section = await make.section()
    for minute in range(PAGE + 3):
        await _published(section, minute)

    first = await list_articles(section, now=NOW())
    second = await list_articles(section, now=NOW(), page=2)

    assert [len(first), len(second)] == [PAGE, 3]
    assert not {each.id for each in first} & {each.id for each in second}


async def test_neighbours_follow_the_order_of_publication_within_the_section(
    database: None,
) -> None:
    news, other = await make.section("news"), await make.section("events", position=2)
    first, second, third = [await _published(news, ago) for ago in (30, 20, 10)]
    await _published(other, 15)
    await make.article(news, published_at=None)

    around = [await neighbours(each, now=NOW()) for each in (first, second, third)]

    assert [(n.previous and n.previous.id, n.next and n.next.id) for n in around] == [
        (None, second.id),
        (first.id, third.id),
        (second.id, None),
    ]


async def test_articles_of_the_same_moment_have_one_order(database: None) -> None:
    section, moment = await make.section(), clock.now() - timedelta(hours=1)
    for id in ("b", "a", "c"):
        await make.article(section, id=id, published_at=moment)
    middle = await Article.get(id="b")

    around = await neighbours(middle, now=NOW())

    assert [around.previous and around.previous.id, around.next and around.next.id] == ["a", "c"]
    assert [each.id for each in await list_articles(section, now=NOW())] == ["c", "b", "a"]


async def test_the_sidebars_hold_what_they_say(database: None) -> None:
    section = await make.section()
    plain = await _published(section, 30)
    recommended = await _published(section, 20, is_recommended=True)
    pictured = await _published(section, 10, cover=await make.picture())
    shown = await _published(section, 5)
    await make.article(section, published_at=None, is_recommended=True)

    lists = await sidebars(now=NOW(), without=shown.id)

    assert [each.id for each in lists.latest] == [pictured.id, recommended.id, plain.id]
    assert [each.id for each in lists.recommended] == [recommended.id]
    assert [each.id for each in lists.pictured] == [pictured.id]


async def test_the_lead_is_what_editors_marked_else_what_has_a_picture(database: None) -> None:
    section = await make.section()
    await _published(section, 5)
    pictured = await _published(section, 20, cover=await make.picture())
    before = await lead_article(now=NOW())
    marked = await _published(section, 30, is_lead=True)

    assert before is not None
    assert before.id == pictured.id
    lead = await lead_article(now=NOW())
    assert lead is not None
    assert lead.id == marked.id


async def test_the_home_page_has_three_columns_and_its_own_ones_first(database: None) -> None:
    for place, slug in enumerate(("aid", "orgs", "volunteers", "news", "notices"), 1):
        section = await make.section(slug, position=place)
        if slug != "orgs":
            await _published(section, place)
    gallery = await make.section("media", kind="gallery", position=9)
    await _published(gallery, 1, cover=await make.picture())

    columns = await home_columns(now=NOW(), most=5)

    assert [column.section.slug for column in columns] == ["notices", "news", "aid"]
    assert len(await newest_of_kind("gallery", now=NOW(), most=3)) == 1


async def test_the_campaign_in_which_most_can_be_done_comes_first(database: None) -> None:
    for stage in (StageKind.HONOURS, StageKind.NOMINATION, StageKind.VOTING, StageKind.REVIEW):
        await make.campaign(stage=stage, slug=stage.value)
    await make.campaign(slug="hidden", published_at=None)

    found = await foremost_campaign(now=NOW())

    assert found is not None
    assert (found.campaign.slug, found.stage.kind) == ("voting", StageKind.VOTING)


async def test_without_a_public_campaign_none_comes_first(database: None) -> None:
    await make.campaign(published_at=None)

    assert await foremost_campaign(now=NOW()) is None


async def test_only_people_who_may_be_seen_are_listed_and_found(database: None) -> None:
    open_one, secret = await make.campaign(), await make.campaign(published_at=None)
    await make.candidate(open_one, 101)
    await make.candidate(open_one, 102, state="withdrawn")
    await make.candidate(open_one, 103, state="preliminary", published_at=None)
    await make.candidate(secret, 104)

    assert [each.number for each in await public_candidates(now=NOW())] == [101]
    assert [each.number for each in (await search("陆春芳", now=NOW())).candidates] == [101]
    assert [each.number for each in (await site_map(now=NOW())).candidates] == [101]


async def test_people_and_articles_are_found_by_number_name_and_words(database: None) -> None:
    campaign, section = await make.campaign(), await make.section()
    await make.candidate(campaign, 101, name="陆春芳", summary=Words("热汤", "soup"))
    await make.candidate(
        campaign, 102, name="沈渡生", occupation=Words("摆渡人", "Shen the ferryman")
    )
    await make.article(section)
    await make.article(section, published_at=None)

    for query, numbers, articles in (
        ("春芳", [101], 0),
        ("101", [101], 0),
        ("沈渡", [102], 0),
        ("shen", [102], 0),
        ("凌晨", [], 1),
        ("东关街 灯", [], 1),
        ("不存在", [], 0),
    ):
        found = await search(query, now=NOW())

        assert [each.number for each in found.candidates] == numbers, query
        assert len(found.articles) == articles, query
        assert found.total == len(numbers) + articles


async def test_figures_are_numbers_of_rows(database: None) -> None:
    campaign, section = await make.campaign(), await make.section()
    await make.nomination(campaign)
    await make.article(section)
    await make.article(section, published_at=None)

    figures = await home_figures(now=NOW())

    assert (figures.nominations, figures.honoured, figures.articles) == (1, 0, 1)


async def test_the_desk_lists_drafts_apart(database: None) -> None:
    section = await make.section()
    public, draft = await make.article(section), await make.article(section, published_at=None)

    assert [each.id for each in await list_desk_articles(drafts=True)] == [draft.id]
    assert [each.id for each in await list_desk_articles(drafts=False)] == [public.id]
