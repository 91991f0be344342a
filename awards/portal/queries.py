"""Reading the portal: what the public sees, and what the editor's desk lists."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from awards.actor import VISITOR, Actor, Role
from awards.campaigns.models import Campaign
from awards.campaigns.queries import list_public_campaigns, stage_of
from awards.campaigns.rules import StageView
from awards.errors import NotFound
from awards.honours.models import Profile
from awards.honours.queries import count_profiles, every_profile
from awards.nominations.models import Candidate, Nomination
from awards.portal.models import Article, ArticlePhoto, Feedback, FixedPage, Section, Site
from awards.portal.rules import (
    HOME_COLUMNS,
    ID_LENGTH,
    LONGEST_SLUG,
    PAGE,
    SectionKind,
    candidate_number,
    contains,
    urgency,
)

EDITORS = (Role.EDITOR, Role.ADMIN)
GONE = ("withdrawn", "disqualified")
"""States of candidates whom lists leave out."""
LATEST = 8
RECOMMENDED = 6
WITH_PICTURE = 3
MOST_FOUND = 50
MOST_SEARCHED = 1000


@dataclass(frozen=True)
class Neighbours:
    """What was published in the section just before an article, and just after it."""

    previous: Article | None = None
    next: Article | None = None


@dataclass(frozen=True)
class Sidebars:
    """The three lists beside an article (最新资讯, 推荐文章, 图片文章)."""

    latest: list[Article]
    recommended: list[Article]
    pictured: list[Article]


@dataclass(frozen=True)
class Found:
    """What a search found, each kind by itself."""

    candidates: list[Candidate] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.candidates) + len(self.profiles) + len(self.articles)


NOTHING = Found()


@dataclass(frozen=True)
class Column:
    """A section with its newest headlines."""

    section: Section
    articles: list[Article]


@dataclass(frozen=True)
class Foremost:
    """A campaign, and where it stands."""

    campaign: Campaign
    stage: StageView


@dataclass(frozen=True)
class Figures:
    """Counts over the whole site."""

    nominations: int
    honoured: int
    articles: int


@dataclass(frozen=True)
class SiteMap:
    """What a search engine may read."""

    sections: list[Section]
    pages: list[FixedPage]
    articles: list[Article]
    campaigns: list[Campaign]
    candidates: list[Candidate]


async def list_sections() -> list[Section]:
    """Every section, in order."""
    return await Section.all().order_by("position")


async def find_section(slug: str) -> Section:
    """The section of this address."""
    if len(slug) <= LONGEST_SLUG and (section := await Section.get_or_none(slug=slug)):
        return section
    raise NotFound()


async def find_article(id: str, *, now: datetime, by: Actor = VISITOR) -> Article:
    """An article with all that its page shows. A draft is only there for those who edit."""
    if len(id) > ID_LENGTH:
        raise NotFound()
    article = await Article.get_or_none(id=id).prefetch_related(
        "section", "cover", "photos__picture"
    )
    if article is None or not (is_public(article, now) or by.may(*EDITORS)):
        raise NotFound()
    return article


def is_public(article: Article, now: datetime) -> bool:
    """Whether visitors may read it."""
    return article.published_at is not None and article.published_at <= now


def published(now: datetime) -> QuerySet[Article]:
    """What visitors may read, newest first."""
    public = Article.filter(published_at__lte=now.astimezone(UTC))
    return public.order_by("-published_at", "-id").prefetch_related("section", "cover")


async def list_articles(section: Section, *, now: datetime, page: int = 1) -> list[Article]:
    """A page of a section, newest first."""
    return await published(now).filter(section_id=section.id).offset((page - 1) * PAGE).limit(PAGE)


async def count_articles(section: Section, *, now: datetime) -> int:
    """How many articles of a section visitors may read."""
    return await published(now).filter(section_id=section.id).count()


async def neighbours(article: Article, *, now: datetime) -> Neighbours:
    """The articles before and after this one in its section, by the order of publication."""
    if article.published_at is None:
        return Neighbours()
    moment = article.published_at.astimezone(UTC)
    same = published(now).filter(section_id=article.section_id)
    older = Q(published_at__lt=moment) | Q(published_at=moment, id__lt=article.id)
    newer = Q(published_at__gt=moment) | Q(published_at=moment, id__gt=article.id)
    return Neighbours(
        previous=await same.filter(older).first(),
        next=await same.filter(newer).order_by("published_at", "id").first(),
    )


async def sidebars(*, now: datetime, without: str = "") -> Sidebars:
    """The lists beside an article, without the article itself."""
    others = published(now).exclude(id=without)
    return Sidebars(
        latest=await others.limit(LATEST),
        recommended=await others.filter(is_recommended=True).limit(RECOMMENDED),
        pictured=await others.filter(cover_id__not_isnull=True).limit(WITH_PICTURE),
    )


async def lead_article(*, now: datetime) -> Article | None:
    """The home page's first: the newest that editors marked, else the newest with a picture."""
    public = published(now)
    return (
        await public.filter(is_lead=True).first()
        or await public.filter(cover_id__not_isnull=True).first()
        or await public.first()
    )


async def home_columns(*, now: datetime, most: int) -> list[Column]:
    """Three sections with their newest headlines, first those that the home page is used to."""
    sections = await Section.filter(kind=SectionKind.ARTICLES).order_by("position")
    sections.sort(key=lambda each: _place(each.slug, HOME_COLUMNS))
    columns: list[Column] = []
    for section in sections:
        if len(columns) < len(HOME_COLUMNS):
            newest = await published(now).filter(section_id=section.id).limit(most)
            columns += [Column(section, newest)] if newest else []
    return columns


def _place(slug: str, order: tuple[str, ...]) -> int:
    return order.index(slug) if slug in order else len(order)


async def foremost_campaign(*, now: datetime) -> Foremost | None:
    """The public campaign in which visitors have most to do now."""
    found = [Foremost(each, stage_of(each, now)) for each in await list_public_campaigns()]
    found.sort(key=lambda each: urgency(each.stage.kind))
    return found[0] if found else None


async def count_nominations(campaign: int) -> int:
    """How many nominations one award has received."""
    return await Nomination.filter(campaign_id=campaign).count()


async def home_figures(*, now: datetime) -> Figures:
    """What the home page counts. Every figure is a number of rows."""
    return Figures(
        nominations=await Nomination.all().count(),
        honoured=await count_profiles(),
        articles=await published(now).count(),
    )


async def newest_of_kind(kind: str, *, now: datetime, most: int) -> list[Article]:
    """The newest articles with a picture in sections of one kind."""
    pictured = published(now).filter(section__kind=kind, cover_id__not_isnull=True)
    return await pictured.limit(most)


async def latest_articles(*, now: datetime, most: int) -> list[Article]:
    """The newest articles of all sections."""
    return await published(now).limit(most)


async def search(query: str, *, now: datetime) -> Found:
    """Candidates by number, candidates and winners by name or words, articles by words."""
    number = candidate_number(query)
    people = await public_candidates(now=now)
    return Found(
        candidates=[
            each
            for each in people
            if each.number == number
            or contains(query, (each.name, each.occupation, each.one_liner, each.summary))
        ][:MOST_FOUND],
        profiles=[
            each
            for each in await every_profile()
            if contains(query, (each.name, each.title, each.occupation, each.line, each.citation))
        ][:MOST_FOUND],
        articles=await search_articles(query, now=now),
    )


async def public_candidates(*, now: datetime, campaign: int | None = None) -> list[Candidate]:
    """Everybody whom visitors may read about, the newest campaign first, by number."""
    shown = Candidate.filter(
        published_at__lte=now.astimezone(UTC), campaign__published_at__lte=now.astimezone(UTC)
    ).exclude(state__in=GONE)
    if campaign is not None:
        shown = shown.filter(campaign_id=campaign)
    related = ("campaign", "category", "region", "portrait")
    return await shown.order_by("-campaign_id", "number").prefetch_related(*related)


async def site_map(*, now: datetime) -> SiteMap:
    """Every public page but the winners'."""
    public = Campaign.filter(published_at__lte=now.astimezone(UTC))
    return SiteMap(
        sections=await list_sections(),
        pages=await list_pages(),
        articles=await published(now),
        campaigns=await public.order_by("-id"),
        candidates=await public_candidates(now=now),
    )


async def search_articles(query: str, *, now: datetime) -> list[Article]:
    """The articles that hold every word of the query, newest first."""
    # Texts are kept as JSON in both languages, which no LIKE can fold: they are compared here.
    newest = await published(now).limit(MOST_SEARCHED)
    found = [
        article
        for article in newest
        if contains(query, (article.title, article.summary, article.body, article.byline))
    ]
    return found[:MOST_FOUND]


async def list_pages() -> list[FixedPage]:
    """Every fixed page, in order."""
    return await FixedPage.all().order_by("position")


async def find_page(slug: str) -> FixedPage:
    """The fixed page of this address."""
    if len(slug) <= LONGEST_SLUG and (page := await FixedPage.get_or_none(slug=slug)):
        return page
    raise NotFound()


async def find_site() -> Site | None:
    """Who runs the site, once somebody said it."""
    return await Site.first()


async def list_desk_articles(*, drafts: bool, page: int = 1) -> list[Article]:
    """The desk's list: drafts by their last change, or published ones by their date."""
    chosen = Article.filter(published_at__isnull=drafts).prefetch_related("section")
    ordered = chosen.order_by("-changed_at" if drafts else "-published_at", "-id")
    return await ordered.offset((page - 1) * PAGE).limit(PAGE)


async def count_desk_articles(*, drafts: bool) -> int:
    """How many articles are drafts, or published."""
    return await Article.filter(published_at__isnull=drafts).count()


async def count_by_section() -> dict[UUID, int]:
    """How many articles stand in each section, by its id."""
    rows = (
        await Article.all().group_by("section_id").annotate(n=Count("id")).values("section_id", "n")
    )
    return {row["section_id"]: row["n"] for row in rows}


async def next_photo_position(article: Article) -> int:
    """Where a further picture of an article's gallery stands."""
    last = await ArticlePhoto.filter(article_id=article.id).order_by("-position").first()
    return last.position + 1 if last else 0


async def list_feedback() -> list[Feedback]:
    """What people wrote: first what waits for an answer, the newest of it on top."""
    waiting = await Feedback.filter(answered_at__isnull=True).order_by("-received_at").limit(200)
    answered = await Feedback.filter(answered_at__isnull=False).order_by("-received_at").limit(50)
    return [*waiting, *answered]
