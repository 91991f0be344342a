"""A candidate's page, and the cards and the search by which candidates are found."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.campaigns.queries import find_campaign, rule_of, timeline_of
from awards.campaigns.rules import StageKind
from awards.i18n import language, translate
from awards.i18n import mark as _
from awards.nominations.queries import find_candidate, list_candidates
from awards.results.queries import find_result
from awards.templating import number as figure
from awards.templating import words_plain
from awards.web.paging import page_number
from awards.web.render import page
from awards.web.sessions import actor
from awards.web.site.counts import shown_counts
from awards.web.site.situations import sentence, situation_of
from awards.words import Words

PER_PAGE = 24
ORDERS = {"number": _("By number"), "shuffle": _("Shuffled anew each day")}
STANDING = "published"
GONE = {
    "withdrawn": _("No longer a candidate"),
    "disqualified": _("Taken off the list"),
}


@dataclass(frozen=True)
class Card:
    """A candidate in a list. `count` is missing where counts are hidden."""

    number: int
    name: Words
    href: str
    picture: Any
    category: Words
    about: list[str]
    deed: Words
    line: str
    state: str = ""
    count: str | None = None
    vote_href: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """What the visitor looked for, the ways to look on, and the candidates found."""

    category: str
    region: str
    order: str
    text: str
    page: int
    pages: int
    total: int
    prefix: str
    chips: list[dict[str, object]]
    regions: list[tuple[str, str]]
    orders: list[tuple[str, str]]
    said: str
    shown: Sequence[Any]


async def show(request: Request) -> Response:
    """One candidate, with what was checked and the neighbours in the order of numbers."""
    campaign = await find_campaign(request.path_params["slug"], by=actor(request))
    candidate = await find_candidate(campaign.id, request.path_params["number"])
    everybody = await list_candidates(campaign.id)
    result = await find_result(campaign.id)
    situation = situation_of(request, campaign, published=result is not None)
    counts = await shown_counts(request, campaign, result)
    rule = rule_of(campaign)
    is_gone = candidate.state != STANDING
    before, after = _beside(request, campaign, everybody, candidate.number)
    votes = situation.is_voting and not is_gone
    return page(
        request,
        "site/candidates/show.html",
        campaign=campaign,
        candidate=candidate,
        situation=situation,
        gone=translate(GONE.get(candidate.state, "")) if is_gone else "",
        about=_about_sentence(candidate, clock.now().date()),
        figures=_figures(candidate, counts),
        pictures=[
            {
                "picture": photo.picture,
                "alt": words_plain(photo.alt),
                "caption": words_plain(photo.caption),
            }
            for photo in candidate.photos
        ],
        checks=_checks(request, campaign, candidate),
        rule_lines=[sentence(line) for line in rule.lines()],
        vote_href=ballot_href(request, campaign, [candidate.number]) if votes else None,
        vote_label=_vote_label(candidate.gender, is_ballot=rule.is_ballot),
        votebar_words=sentence(rule.lines()[0]),
        poster_href=None if is_gone else _poster(request, campaign, candidate),
        previous=before,
        next=after,
    )


def _poster(request: Request, campaign: Any, candidate: Any) -> str:
    where = {"slug": campaign.slug, "number": candidate.number}
    return str(request.app.url_path_for("site:poster", **where))


def ballot_href(request: Request, campaign: Any, choices: Sequence[int]) -> str:
    """Where a vote for these begins."""
    there = str(request.app.url_path_for("site:ballot", slug=campaign.slug))
    return there + choices_query(choices)


def choices_query(choices: Sequence[int]) -> str:
    """The choices as an address carries them, `?` included; nothing when there are none."""
    return "?" + urlencode([("choice", each) for each in choices]) if choices else ""


def card_of(
    request: Request,
    campaign: Any,
    candidate: Any,
    *,
    counts: Mapping[int, int] | None = None,
    state: str = "",
    note: str = "",
    votes: bool = False,
) -> Card:
    """A candidate as a card. `votes` makes it offer one, unless the candidate has withdrawn."""
    gone = candidate.state != STANDING
    parts = _about(candidate, clock.now().date())
    return Card(
        number=candidate.number,
        name=candidate.name,
        href=str(
            request.app.url_path_for("site:candidate", slug=campaign.slug, number=candidate.number)
        ),
        picture=candidate.portrait,
        category=candidate.category.title,
        about=parts,
        deed=candidate.one_liner,
        line=_line(parts, words_plain(candidate.one_liner)),
        state="withdrawn" if gone else state or ("open" if votes else ""),
        count=figure(counts.get(candidate.number, 0)) if counts is not None else None,
        vote_href=ballot_href(request, campaign, [candidate.number])
        if votes and not gone
        else None,
        note=translate(GONE[candidate.state]) if gone else note,
    )


def find_in(request: Request, campaign: Any, everybody: Sequence[Any]) -> Finding:
    """Narrow the candidates as the address asks. The order says nothing about votes."""
    asked = request.query_params
    category, region = asked.get("category", ""), asked.get("region", "")
    text, order = asked.get("find", "").strip()[:60], asked.get("order", "")
    order = order if order in ORDERS else "number"
    found = [
        each
        for each in everybody
        if (not region or (each.region and each.region.slug == region)) and _fits(each, text)
    ]
    here = [each for each in found if not category or each.category.slug == category]
    if order == "shuffle":
        here = shuffled(here, f"{campaign.id}", clock.now().date())
    pages = max(1, -(-len(here) // PER_PAGE))
    number = page_number(request, pages)
    path = str(request.app.url_path_for("site:campaign", slug=campaign.slug))
    return Finding(
        category=category, region=region, order=order, text=text,
        page=number, pages=pages, total=len(here),
        prefix=f"{path}?{_query(asked, page=None)}page=",
        chips=_chips(campaign, found, category, asked, path),
        regions=_regions(campaign), orders=[(key, translate(ORDERS[key])) for key in ORDERS],
        said=_order_said(order),
        shown=here[(number - 1) * PER_PAGE : number * PER_PAGE],
    )  # fmt: skip


def shuffled(candidates: Sequence[Any], seed: str, day: date) -> list[Any]:
    """The same for everybody on one day, so that the page can be kept; another order tomorrow."""

    def lot(candidate: Any) -> bytes:
        return hashlib.sha256(f"{seed}|{day}|{candidate.number}".encode()).digest()

    return sorted(candidates, key=lot)


def _fits(candidate: Any, text: str) -> bool:
    """Digits are a number, anything else part of the name."""
    if not text:
        return True
    if text.isascii() and text.isdigit():
        return bool(candidate.number == int(text))
    sought = "".join(text.casefold().split())
    return any(
        sought in "".join(name.casefold().split())
        for name in (candidate.name.zh, candidate.name.en)
    )


def _chips(
    campaign: Any, found: Collection[Any], current: str, asked: QueryParams, path: str
) -> list[dict[str, object]]:
    sizes = Counter(each.category.slug for each in found)
    chips: list[dict[str, object]] = [
        {
            "text": translate(_("All")),
            "href": _address(path, _query(asked, category=None, page=None)),
            "count": len(found),
            "current": not current,
        }
    ]
    for category in campaign.categories:
        chips.append(
            {
                "text": words_plain(category.title),
                "href": _address(path, _query(asked, category=category.slug, page=None)),
                "count": sizes[category.slug],
                "current": current == category.slug,
            }
        )
    return chips


def _address(path: str, query: str) -> str:
    return f"{path}?{query}".rstrip("?&") + "#candidates"


def _query(asked: QueryParams, **changes: str | None) -> str:
    kept = {key: asked[key] for key in ("category", "region", "order", "find") if asked.get(key)}
    chosen = {key: value for key, value in {**kept, **changes}.items() if value}
    return urlencode(chosen) + "&" if chosen else ""


def _regions(campaign: Any) -> list[tuple[str, str]]:
    named = [(each.slug, words_plain(each.title)) for each in campaign.regions]
    return [("", translate(_("All regions"))), *named] if named else []


def _order_said(order: str) -> str:
    if order == "shuffle":
        return translate(_("The order is drawn anew each day; it says nothing about the votes."))
    return translate(_("In the order of numbers; it says nothing about the votes."))


def _about(candidate: Any, today: date) -> list[str]:
    age = _age(candidate.birth_month, today)
    region = words_plain(candidate.region.title) if candidate.region else ""
    parts = [
        translate(_("aged {years}")).format(years=age) if age else "",
        region,
        words_plain(candidate.occupation),
    ]
    return [part for part in parts if part]


def _age(birth_month: str, today: date) -> int | None:
    """Full years at the end of the month of birth, out of `1955-03`."""
    year, _dash, month = birth_month.partition("-")
    if not (year.isdigit() and month.isdigit()):
        return None
    return today.year - int(year) - (today.month < int(month))


def _about_sentence(candidate: Any, today: date) -> str:
    genders = {"m": translate(_("man")), "f": translate(_("woman"))}
    return _join([genders.get(candidate.gender, ""), *_about(candidate, today)])


def _join(parts: Sequence[str]) -> str:
    comma = ", " if language() == "en" else "，"
    return comma.join(part for part in parts if part)


def _line(parts: Sequence[str], deed: str) -> str:
    """Who, and what they did: two sentences."""
    who = _join(parts)
    if not (who and deed):
        return who or deed
    return f"{who[0].upper()}{who[1:]}. {deed}" if language() == "en" else f"{who}。{deed}"


def _figures(candidate: Any, counts: Mapping[int, int] | None) -> list[dict[str, str]]:
    figures = [
        {
            "figure": str(fact.get("figure", "")),
            "unit": words_plain(Words.of(fact.get("unit"))),
            "label": words_plain(Words.of(fact.get("label"))),
        }
        for fact in candidate.facts
    ]
    if counts is None:
        return figures
    votes = {
        "figure": figure(counts.get(candidate.number, 0)),
        "unit": translate(_("votes")),
        "label": translate(_("from the public so far")),
    }
    return [votes, *figures]


def _checks(request: Request, campaign: Any, candidate: Any) -> list[dict[str, str]]:
    """What is on record of the way to the list. Nobody is shown before the first of it."""
    consent = candidate.nomination.consent if candidate.nomination else None
    display = timeline_of(campaign).window(StageKind.CANDIDATES)
    shown = display is not None and display.end <= clock.now()
    steps = [
        (_("Agreed to take part and to be shown"), consent.decided_at if consent else None),
        (_("Read and checked by the committee"), candidate.published_at),
    ]
    if shown and display is not None:
        steps.append((_("On public display"), display.end))
    write = request.app.state.environment.filters["month_day"]
    return [
        {"text": translate(text), "state": "good", "note": write(at) if at else ""}
        for text, at in steps
    ]


def _vote_label(gender: str, *, is_ballot: bool) -> str:
    if is_ballot:
        return translate(_("Put on my ballot"))
    words = {"m": _("Vote for him"), "f": _("Vote for her")}
    return translate(words.get(gender, _("Vote for them")))


def _beside(
    request: Request, campaign: Any, everybody: Sequence[Any], number: int
) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    """The neighbours by number."""
    before = [each for each in everybody if each.number < number]
    after = [each for each in everybody if each.number > number]
    return (
        _link(request, campaign, before[-1]) if before else None,
        _link(request, campaign, after[0]) if after else None,
    )


def _link(request: Request, campaign: Any, candidate: Any) -> dict[str, str]:
    there = request.app.url_path_for("site:candidate", slug=campaign.slug, number=candidate.number)
    return {"text": f"{candidate.number} {words_plain(candidate.name)}", "href": str(there)}
