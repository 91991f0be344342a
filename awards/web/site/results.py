"""The published result of a campaign: who was chosen, with how many votes, how to check it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from starlette.requests import Request
from starlette.responses import Response

from awards.campaigns.queries import find_campaign
from awards.i18n import babel_locale, translate
from awards.i18n import mark as _
from awards.nominations.queries import list_candidates
from awards.results.queries import find_result
from awards.results.rules import UNRANKED, is_undecided
from awards.templating import number as figure
from awards.templating import words_plain
from awards.web.render import page
from awards.web.sessions import actor
from awards.web.site.candidates import card_of
from awards.web.site.situations import Situation, situation_of, steps_of
from awards.words import Words


@dataclass(frozen=True)
class Row:
    """One candidate in the table of a category."""

    rank: int
    number: int
    name: Words
    href: str
    picture: Any
    deed: Words
    votes: int
    won: bool
    said: str

    @property
    def place(self) -> str:
        """The rank as it is shown."""
        return "–" if self.rank == UNRANKED else str(self.rank)


@dataclass(frozen=True)
class CategoryResult:
    """One category, ranked. `tied` names those who share a last place that can't be shared."""

    title: Words
    lines: list[Row]
    winners: list[Row]
    tied: str
    bars: list[dict[str, object]]
    proof: str


async def show(request: Request) -> Response:
    """The result once it is published; before, when it will be."""
    campaign = await find_campaign(request.path_params["slug"], by=actor(request))
    result = await find_result(campaign.id)
    categories: list[CategoryResult] = []
    if result:
        people = await list_candidates(campaign.id)
        categories = category_results(request, campaign, people, result)
    situation = situation_of(request, campaign, published=result is not None)
    return page(
        request,
        "site/results/show.html",
        campaign=campaign,
        result=result,
        categories=categories,
        figures=result_figures(request, result) if result else [],
        steps=steps_of(request, campaign),
        waiting=_waiting(situation),
    )


def category_results(
    request: Request, campaign: Any, people: Sequence[Any], result: Any
) -> list[CategoryResult]:
    """Each category with its candidates in order of rank."""
    lines = {line.number: line for line in result.lines}
    found = []
    for category in campaign.categories:
        here = [each for each in people if each.category.id == category.id and each.number in lines]
        rows = [_row(request, campaign, each, lines, category.places) for each in here]
        rows.sort(key=lambda row: (row.rank, row.number))
        if rows:
            found.append(_category(category, rows))
    return found


def result_figures(request: Request, result: Any) -> list[dict[str, str]]:
    """The whole in three figures."""
    write = request.app.state.environment.filters["datetime"]
    votes = sum(line.votes for line in result.lines)
    counted = translate(_("counted from the ballots on {time}"))
    figures = [
        (result.ballots, _("ballots"), counted.format(time=write(result.counted_at))),
        (votes, _("votes"), translate(_("for all candidates"))),
        (sum(line.won for line in result.lines), _("people"), translate(_("chosen"))),
    ]
    return [
        {"figure": figure(count), "unit": translate(unit), "label": label}
        for count, unit, label in figures
    ]


def _row(
    request: Request, campaign: Any, candidate: Any, lines: Mapping[int, Any], places: int
) -> Row:
    line, card = lines[candidate.number], card_of(request, campaign, candidate)
    return Row(
        line.rank, line.number, card.name, card.href, card.picture, card.deed, line.votes, line.won,
        _follows(line, places),
    )  # fmt: skip


def _follows(line: Any, places: int) -> str:
    if line.won:
        return translate(_("chosen"))
    if line.rank == UNRANKED:
        return translate(_("withdrawn, not ranked"))
    if is_undecided(rank=line.rank, votes=line.votes, won=line.won, places=places):
        return translate(_("tie, decided by lot"))
    return ""


def _category(category: Any, rows: list[Row]) -> CategoryResult:
    tied = [
        words_plain(row.name)
        for row in rows
        if is_undecided(rank=row.rank, votes=row.votes, won=row.won, places=category.places)
    ]
    first = rows[0]
    return CategoryResult(
        title=category.title,
        lines=rows,
        winners=[row for row in rows if row.won],
        tied=format_list(tied, locale=babel_locale()) if tied else "",
        bars=[
            {
                "text": words_plain(row.name),
                "value": row.votes,
                "shown": figure(row.votes),
                "now": row.won,
            }
            for row in rows
        ],
        proof=translate(_("{category}: {name} has most votes, {votes}.")).format(
            category=words_plain(category.title),
            name=words_plain(first.name),
            votes=figure(first.votes),
        ),
    )


def _waiting(situation: Situation) -> dict[str, str]:
    if situation.is_voting:
        return {
            "title": translate(_("Voting is still open")),
            "text": translate(_("The result follows once voting has closed and all is checked.")),
        }
    title = situation.title or translate(_("There is no result yet"))
    text = situation.text or translate(
        _("The result follows once voting has closed and all is checked.")
    )
    return {"title": title, "text": text}
