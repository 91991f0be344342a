"""The portal's pages as visitors see them: full, empty, and in between."""

import re
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import httpx
import pytest

from awards import clock
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.honours.actions import profile_views
from awards.honours.models import Honour, Profile
from awards.nominations.models import Candidate
from awards.portal.actions import article_views
from awards.portal.models import Article, Feedback, FixedPage, Section
from awards.portal.rules import PAGE
from awards.results.models import Result, ResultLine
from awards.words import Words
from tests import make
from tests.web.admin.desk import send, value_of
from tests.web.site.conftest import CountQueries

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(autouse=True)
def no_views() -> Iterator[None]:
    """Reads of one test are none of the next one's business."""
    yield
    article_views.take()
    profile_views.take()


def _hrefs(text: str, prefix: str) -> list[str]:
    return re.findall(rf'href="({prefix}[^"]*)"', text)


async def _article(section: Section, title: str, minutes_ago: int, **changes: object) -> Article:
    moment = clock.now() - timedelta(minutes=minutes_ago)
    return await make.article(
        section, **{"title": Words(title, ""), "published_at": moment, **changes}
    )


async def _winner(slug: str, number: int, *, year: int = 2026, published: bool = True) -> Profile:
    campaign = await make.campaign(stage=StageKind.HONOURS, slug=f"of-{slug}")
    candidate = await make.candidate(campaign, number, name=f"好人{number}")
    async with in_transaction():
        profile = await Profile.create(
            slug=slug,
            campaign=campaign,
            candidate=candidate,
            name=candidate.name,
            title=Words(f"{year}望河好人", f"Good People {year}"),
            line=candidate.one_liner,
            citation=Words("一口锅，\n十九年。", "One pot,\nnineteen years."),
            story=Words("凌晨四点。", "At four."),
            conferred_on=clock.now().date().replace(year=year, month=1, day=1),
            portrait=await make.picture(width=480, height=600),
            portrait_alt=Words("围白围裙的人", "Somebody in an apron"),
            published_at=clock.now() if published else None,
        )
        await Honour.create(
            profile=profile, title=Words("县好人", "Of the county"), conferred="2019-05"
        )
    return profile


# --- home -----------------------------------------------------------------------------------------


async def test_a_site_without_anything_says_so(client: httpx.AsyncClient) -> None:
    shown = await client.get("/")

    assert shown.status_code == 200
    assert 'class="empty"' in shown.text
    assert "<h1" in shown.text


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_every_portal_page_works_on_an_empty_site(
    client: httpx.AsyncClient, language: str
) -> None:
    client.cookies.set("language", language, domain="haoren.test")
    await make.section("news")
    await make.section("media", kind="gallery", position=2)

    for address in (
        "/", "/sections/news", "/sections/media", "/showcase", "/search", "/search?q=nobody",
        "/feedback", "/feeds/articles.atom", "/sitemap.xml", "/robots.txt",
    ):  # fmt: skip
        assert (await client.get(address)).status_code == 200, address


async def test_the_home_page_leads_with_the_marked_article_and_the_open_vote(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(stage=StageKind.VOTING, slug="vote-now")
    await make.campaign(stage=StageKind.REVIEW, slug="under-review")
    for number in (101, 102, 201):
        await make.candidate(campaign, number, name=f"候选{number}")
    section = await make.section("news")
    lead = await _article(section, "她把一碗热汤端了十九年", 60, is_lead=True)
    await _article(section, "别的事", 5)

    shown = await client.get("/")

    assert re.search(r'<h1 class="lead__title[^>]*>.*她把一碗热汤端了十九年', shown.text)
    assert f"/articles/{lead.id}" in _hrefs(shown.text, "/articles/")
    assert "/campaigns/vote-now" in _hrefs(shown.text, "/campaigns/")
    assert len(set(_hrefs(shown.text, "/campaigns/vote-now/candidates/"))) == 3
    assert 'data-behavior="countdown"' in shown.text
    assert shown.text.count("button--main") == 2  # one of them is for care mode alone


async def test_pages_for_visitors_carry_no_form_of_change_and_can_be_kept(
    client: httpx.AsyncClient,
) -> None:
    article = await make.article(await make.section("news"))
    await _winner("lu", 101)

    for address in ("/", "/sections/news", f"/articles/{article.id}", "/showcase", "/search?q=灯"):
        first = await client.get(address)
        again = await client.get(address, headers={"if-none-match": first.headers["etag"]})

        assert "csrf_token" not in first.text
        assert 'method="post"' not in first.text
        assert first.headers["cache-control"] == "private, no-cache"
        assert "set-cookie" not in first.headers
        assert (again.status_code, again.content) in ((304, b""), (200, again.content))
        assert not again.content or "articles" in address  # its views have moved on


async def test_the_home_page_asks_as_much_for_many_as_for_one(
    client: httpx.AsyncClient, queries_of: CountQueries
) -> None:
    campaign, section = await make.campaign(), await make.section("news")
    await make.candidate(campaign, 101)
    await _article(section, "一", 1)
    await client.get("/")
    few = await queries_of("/")
    for number in (102, 103):
        await make.candidate(campaign, number)
    for minute in (2, 3):
        await _article(section, "又一", minute)

    assert await queries_of("/") == few


# --- sections and articles ------------------------------------------------------------------------


async def test_a_section_lists_what_is_published_and_pages(client: httpx.AsyncClient) -> None:
    section = await make.section("news")
    for minute in range(PAGE + 1):
        await _article(section, f"第{minute}件事", minute)
    await make.article(section, title=Words("还没写好", ""), published_at=None)

    first = await client.get("/sections/news")
    second = await client.get("/sections/news?page=2")

    assert "第0件事" in first.text
    assert f"第{PAGE}件事" in second.text
    assert "还没写好" not in first.text + second.text
    assert f"共{PAGE + 1}篇" in first.text
    assert (await client.get("/sections/news?page=3")).status_code == 404


async def test_campaigns_and_showcase_have_pages_of_their_own(client: httpx.AsyncClient) -> None:
    await make.section("awards", kind="campaigns")
    await make.section("stars", kind="showcase", position=2)

    awards, stars = await client.get("/sections/awards"), await client.get("/sections/stars")

    assert [awards.headers["location"], stars.headers["location"]] == ["/campaigns", "/showcase"]
    assert (await client.get("/sections/nowhere")).status_code == 404


async def test_an_article_has_all_that_an_article_has(client: httpx.AsyncClient) -> None:
    section = await make.section("topic", title=Words("专题", ""), in_navigation=False)
    before = await _article(section, "前一件", 30)
    article = await _article(
        section,
        "东关街的第一盏灯",
        20,
        byline=Words("记者 文竹", ""),
        editor=Words("苏禾", ""),
        views=2317,
        cover=await make.picture(),
        cover_alt=Words("锅前的人", ""),
    )
    after = await _article(section, "后一件", 10)

    shown = await client.get(f"/articles/{article.id}")

    trail = shown.text.split('class="trail"')[1].split("</nav>")[0]
    assert ["/", "/sections/topic"] == re.findall(r'href="([^"]+)"', trail)
    assert "来源：望河晚报" in shown.text
    assert "阅读：2,318" in shown.text
    assert "（记者 文竹）" in shown.text
    assert "责任编辑：苏禾" in shown.text
    beside = shown.text.split('class="beside"')[1].split("</nav>")[0]
    assert _hrefs(beside, "/articles/") == [f"/articles/{before.id}", f"/articles/{after.id}"]
    assert 'alt="锅前的人"' in shown.text
    assert '<meta property="og:image" content="http://haoren.test/media/' in shown.text


async def test_a_draft_is_not_found_even_by_editors(client: httpx.AsyncClient) -> None:
    draft = await make.article(await make.section(), published_at=None)

    assert (await client.get(f"/articles/{draft.id}")).status_code == 404
    assert (await client.get("/articles/nothing")).status_code == 404


async def test_reading_is_counted_in_memory_and_writes_nothing(client: httpx.AsyncClient) -> None:
    article = await make.article(await make.section())

    first = await client.get(f"/articles/{article.id}")
    second = await client.get(f"/articles/{article.id}")
    await client.head(f"/articles/{article.id}")

    assert "阅读：1<" in first.text
    assert "阅读：2<" in second.text
    assert article_views.waiting(article.id) == 2
    assert (await Article.get(id=article.id)).views == 0


async def test_an_article_without_english_is_marked_as_chinese(client: httpx.AsyncClient) -> None:
    article = await _article(await make.section(), "只有中文，没有英文", 1)
    client.cookies.set("language", "en", domain="haoren.test")

    shown = await client.get(f"/articles/{article.id}")

    head = shown.text.split('class="article__title"')[1].split("</h1>")[0]
    assert 'lang="zh-Hans"' in head


async def test_a_fixed_page_shows_its_text(client: httpx.AsyncClient) -> None:
    async with in_transaction():
        await FixedPage.create(
            slug="about",
            title=Words("关于我们", "About us"),
            body=Words("## 谁\n\n我们。<script>", ""),
            position=1,
            changed_at=clock.now(),
        )

    shown = await client.get("/pages/about")

    assert "<h2>谁</h2>" in shown.text
    assert "<script>" not in shown.text.split("<main")[1]
    assert (await client.get("/pages/nothing")).status_code == 404


# --- showcase -------------------------------------------------------------------------------------


async def test_the_wall_shows_winners_by_year_and_narrows(client: httpx.AsyncClient) -> None:
    await _winner("lu", 101)
    await _winner("shen", 102, year=2025)
    await _winner("draft", 103, published=False)

    everybody = await client.get("/showcase")
    one_year = await client.get("/showcase?year=2025")
    one_award = await client.get("/showcase?award=of-lu&year=")
    nobody = await client.get("/showcase?year=1999")

    def names(shown: httpx.Response) -> list[str]:
        return re.findall(r'<h3 class="person__name"><a href="/showcase/(\w+)"', shown.text)

    assert names(everybody) == ["lu", "shen"]
    assert [names(one_year), names(one_award), names(nobody)] == [["shen"], ["lu"], []]
    assert 'class="empty"' in nobody.text
    assert "/showcase?year=2025" in everybody.text


async def test_a_winners_page_tells_all(client: httpx.AsyncClient) -> None:
    profile = await _winner("lu", 101)
    async with in_transaction():
        result = await Result.create(
            campaign_id=profile.campaign_id, ballots=9, counted_at=clock.now(),
            counted_by="organiser", published_at=clock.now(),
        )  # fmt: skip
        await ResultLine.create(result=result, number=101, votes=1234, rank=1, won=True)

    shown = await client.get("/showcase/lu")

    image = f"http://haoren.test/media/{profile.portrait_id}/480.webp"
    assert f'<meta property="og:image" content="{image}">' in shown.text
    assert "一口锅，<br>十九年。" in shown.text
    assert "1,234票，“助人为乐”第1名。" in shown.text
    assert "2019年5月" in shown.text
    assert "阅读：1<" in shown.text
    assert profile_views.waiting(profile.id) == 1
    assert (await client.get("/showcase/nobody")).status_code == 404


async def test_an_unpublished_page_is_not_found(client: httpx.AsyncClient) -> None:
    await _winner("draft", 103, published=False)

    assert (await client.get("/showcase/draft")).status_code == 404


# --- search ---------------------------------------------------------------------------------------


async def test_a_search_leads_to_people_winners_and_articles(client: httpx.AsyncClient) -> None:
    await make.candidate(await make.campaign(slug="award"), 101)
    await make.article(await make.section(), id="lamp")
    await _winner("winner", 201)

    for query, addresses in (
        ("春芳", {"/campaigns/award/candidates/101"}),
        ("101", {"/campaigns/award/candidates/101"}),
        ("第一盏灯", {"/articles/lamp"}),
        ("好人201", {"/campaigns/of-winner/candidates/201", "/showcase/winner"}),
    ):
        shown = await client.get("/search", params={"q": query})

        main = shown.text.split("<main")[1].split("</main>")[0]
        assert set(_hrefs(main, "/(?:campaigns|articles|showcase)/")) == addresses, query
        assert '<meta name="robots" content="noindex">' in shown.text


async def test_a_search_keeps_what_was_asked_and_says_when_nothing_fits(
    client: httpx.AsyncClient,
) -> None:
    evil = '"><script>alert(1)</script>'

    nothing = await client.get("/search", params={"q": evil})
    long = await client.get("/search", params={"q": "好" * 61})

    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in nothing.text
    assert "<script>alert" not in nothing.text
    assert 'class="empty"' in nothing.text
    assert "60" in long.text.split("<main")[1]


async def test_a_candidate_who_left_is_not_found(client: httpx.AsyncClient) -> None:
    candidate = await make.candidate(await make.campaign(), 101)
    async with in_transaction():
        await Candidate.filter(id=candidate.id).update(state="withdrawn")

    assert "/candidates/101" not in (await client.get("/search?q=101")).text


# --- feedback -------------------------------------------------------------------------------------


async def test_a_letter_is_kept(client: httpx.AsyncClient) -> None:
    page = "/feedback?about=/articles/lamp"
    form = await client.get(page)

    sent = await send(
        client,
        "/feedback",
        {"kind": "correction", "text": "名字写错了。\r\n是芳。", "about": "/articles/lamp"},
        page=page,
    )
    after = await client.get("/feedback")

    assert value_of(form, "about") == "/articles/lamp"
    assert (sent.status_code, sent.headers["location"]) == (303, "/feedback")
    assert "收到了，谢谢您。" in after.text
    letter = await Feedback.get()
    assert (letter.kind, letter.text, letter.about) == (
        "correction",
        "名字写错了。\n是芳。",
        "/articles/lamp",
    )


@pytest.mark.parametrize(
    "changes", [{"text": ""}, {"text": " \n "}, {"text": "长" * 2001}, {"kind": "poem"}]
)
async def test_a_letter_that_cannot_be_kept_loses_no_word(
    client: httpx.AsyncClient, changes: dict[str, str]
) -> None:
    typed = {"kind": "idea", "text": "字大一点", "contact": "li@example.com", **changes}

    refused = await send(client, "/feedback", typed, page="/feedback")

    assert refused.status_code == 422
    assert value_of(refused, "contact") == "li@example.com"
    assert value_of(refused, "text") == typed["text"].strip()
    assert await Feedback.all().count() == 0


async def test_letters_from_one_place_are_limited(client: httpx.AsyncClient) -> None:
    answers = [
        await send(client, "/feedback", {"kind": "idea", "text": f"第{n}封"}, page="/feedback")
        for n in range(11)
    ]

    assert [each.status_code for each in answers] == [303] * 10 + [429]
    assert value_of(answers[-1], "text") == "第10封"
    assert await Feedback.all().count() == 10


# --- machines -------------------------------------------------------------------------------------


async def test_the_feed_names_the_newest_articles(client: httpx.AsyncClient) -> None:
    section = await make.section()
    old = await _article(section, "旧 & <新>", 20)
    new = await _article(section, "控制符\x0b也行", 10)
    await make.article(section, published_at=None)

    shown = await client.get("/feeds/articles.atom")
    again = await client.get(
        "/feeds/articles.atom", headers={"if-none-match": shown.headers["etag"]}
    )

    feed = ElementTree.fromstring(shown.content)  # noqa: S314 - our own feed
    assert shown.headers["content-type"] == "application/atom+xml"
    assert [each.findtext("a:id", "", ATOM) for each in feed.findall("a:entry", ATOM)] == [
        f"http://haoren.test/articles/{each.id}" for each in (new, old)
    ]
    assert [each.findtext("a:title", "", ATOM) for each in feed.findall("a:entry", ATOM)] == [
        "控制符也行",
        "旧 & <新>",
    ]
    assert again.status_code == 304


async def test_the_map_holds_every_public_page_and_no_other(client: httpx.AsyncClient) -> None:
    article = await make.article(await make.section("news"))
    draft = await make.article(await make.section("aid", position=2), published_at=None)
    await _winner("lu", 101)

    shown = await client.get("/sitemap.xml")

    tree = ElementTree.fromstring(shown.content)  # noqa: S314 - our own map
    places = {each.text for each in tree.iterfind(".//s:loc", MAP)}
    paths = {(each or "").removeprefix("http://haoren.test") for each in places}
    assert {"/", "/showcase", "/showcase/lu", "/sections/news", f"/articles/{article.id}"} <= paths
    assert {"/campaigns/of-lu", "/campaigns/of-lu/candidates/101"} <= paths
    assert f"/articles/{draft.id}" not in paths


async def test_robots_are_told_where_to_go_and_where_not(client: httpx.AsyncClient) -> None:
    shown = await client.get("/robots.txt")

    assert "Disallow: /admin" in shown.text
    assert "Sitemap: http://haoren.test/sitemap.xml" in shown.text
