"""All campaigns, one campaign, its rules: the same for everybody. Personal is only the ballot."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.campaigns.queries import (
    channels_of,
    find_campaign,
    list_public_campaigns,
    rule_of,
    timeline_of,
)
from awards.campaigns.rules import BallotRule, channel_lines
from awards.i18n import language, translate, translate_plural
from awards.i18n import mark as _
from awards.nominations.queries import list_candidates
from awards.results.queries import find_result, list_published
from awards.templating import words as in_words
from awards.web.render import page
from awards.web.sessions import actor
from awards.web.site.candidates import Card, card_of, find_in
from awards.web.site.counts import counts_move, counts_said, shown_counts
from awards.web.site.situations import (
    STAGE_NAMES,
    Situation,
    rule_text,
    sentence,
    situation_of,
    steps_of,
    together,
)

GROUPS = (
    (_("Voting now"), {"voting", "paused"}, True),
    (_("Nominations are open"), {"nomination"}, True),
    (_("Under way"), {"soon", "review", "candidates", "between", "checking"}, True),
    (_("Finished"), {"published", "over"}, False),
)


@dataclass(frozen=True)
class Notice:
    """A campaign among others."""

    campaign: Any
    situation: Situation
    steps: list[dict[str, str]]
    dates: str


@dataclass(frozen=True)
class Group:
    """Campaigns that stand at about the same point."""

    title: str
    notices: list[Notice]
    large: bool
    first: bool


async def index(request: Request) -> Response:
    """Every public campaign: what can be done now comes first."""
    campaigns = await list_public_campaigns()
    published = await list_published([each.id for each in campaigns])
    notices = [_notice(request, each, each.id in published) for each in campaigns]
    groups: list[Group] = []
    for title, names, large in GROUPS:
        here = [notice for notice in notices if notice.situation.name in names]
        if here:
            groups.append(Group(translate(title), here, large, first=not groups))
    return page(request, "site/campaigns/index.html", groups=groups)


async def show(request: Request) -> Response:
    """One campaign, whatever its stage, with its candidates once they are public."""
    campaign = await find_campaign(request.path_params["slug"], by=actor(request))
    result = await find_result(campaign.id)
    situation = situation_of(request, campaign, published=result is not None)
    everybody = await list_candidates(campaign.id)
    finding = find_in(request, campaign, everybody)
    counts = await shown_counts(request, campaign, result)
    rule = rule_of(campaign)
    votes = situation.is_voting
    won = {line.number for line in result.lines if line.won} if result else set()
    return page(
        request,
        "site/campaigns/show.html",
        campaign=campaign,
        situation=situation,
        steps=steps_of(request, campaign),
        links=_links(request, campaign),
        rule=rule,
        rule_lines=[sentence(line) for line in rule.lines()],
        rule_text=rule_text(rule),
        rule_rest=together([sentence(line) for line in rule.lines()[1:]]),
        has_candidates=bool(everybody),
        finding=finding,
        cards=[
            card_of(request, campaign, each, counts=counts, votes=votes) for each in finding.shown
        ],
        winners=_winners(request, campaign, [each for each in everybody if each.number in won]),
        counts_said=counts_said(campaign, counts, is_published=result is not None),
        offers_votes=votes and not rule.is_ballot,
        most_votes=rule.per_day or rule.per_campaign or 0,
        me_url=_personal(request, "site:me", campaign) if votes and _is_one_press(rule) else None,
        ballots_url=_personal(request, "site:ballots", campaign),
        counts_url=_personal(request, "site:counts", campaign)
        if counts is not None and await counts_move(request, campaign)
        else None,
    )


async def rules(request: Request) -> Response:
    """The rules in full, with the timetable and the places."""
    campaign = await find_campaign(request.path_params["slug"], by=actor(request))
    write = request.app.state.environment.filters["datetime"]
    return page(
        request,
        "site/campaigns/rules.html",
        campaign=campaign,
        rule_lines=[sentence(line) for line in rule_of(campaign).lines()],
        channel_lines=[sentence(line) for line in channel_lines(channels_of(campaign))],
        timetable=[
            (translate(STAGE_NAMES[step.kind]), _span(write, step.window))
            for step in timeline_of(campaign).steps(clock.now())
        ],
        places=[
            (
                in_words(each.title),
                translate_plural("{n} winner", "{n} winners", each.places).format(n=each.places),
            )
            for each in campaign.categories
        ],
    )


def _is_one_press(rule: BallotRule) -> bool:
    """Whether a press on a card can be a whole vote: one vote for each candidate and period."""
    return not rule.is_ballot and rule.slots == 1


def _notice(request: Request, campaign: Any, is_published: bool) -> Notice:
    ends = [step.window.end for step in timeline_of(campaign).steps(clock.now())]
    write = request.app.state.environment.filters["date"]
    return Notice(
        campaign,
        situation_of(request, campaign, published=is_published),
        steps_of(request, campaign),
        write(ends[-1]) if ends else "",
    )


def _winners(request: Request, campaign: Any, winners: list[Any]) -> list[Card]:
    return [card_of(request, campaign, each) for each in winners]


def _links(request: Request, campaign: Any) -> list[dict[str, str]]:
    return [
        {
            "text": translate(_("Rules")),
            "href": str(request.app.url_path_for("site:rules", slug=campaign.slug)),
        }
    ]


def _personal(request: Request, name: str, campaign: Any) -> str:
    return str(request.app.url_path_for(name, slug=campaign.slug))


def _span(write: Any, window: Any) -> str:
    """Both moments whole, each on its own line where the column is narrow."""
    dash = "–" if language() == "en" else "—"
    moments = f"{write(window.start)} {dash}", write(window.end)
    return Markup(" ").join(
        Markup('<span class="phrase">{}</span>').format(each) for each in moments
    )
