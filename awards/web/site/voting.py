"""Voting in a browser, without JavaScript first: choose, look once more, cast, keep the receipt."""

import re
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from awards import clock
from awards.errors import Busy, NotFound, Refused, Unproven
from awards.i18n import mark as _
from awards.i18n import translate, translate_plural
from awards.templating import words_plain
from awards.voting.queries import view_voter
from awards.voting.rules import VoterView, choices_objection, opening_objection
from awards.web.csrf import csrf_token
from awards.web.errors import status_of
from awards.web.forms import said
from awards.web.guards import source
from awards.web.render import page, see_other
from awards.web.sessions import read_cookie, set_cookie
from awards.web.site import proofs
from awards.web.site.booths import (
    BOOTH,
    Booth,
    address,
    choices_of,
    common,
    enter,
)
from awards.web.site.candidates import Card, card_of
from awards.web.site.counts import shown_counts
from awards.web.site.situations import sentence, together
from awards.web.site.work import ask_for_work, shown
from awards.web.vote import (
    RECEIPT,
    RECEIPT_FOR,
    TOKEN,
    SentVote,
    day_in,
    read_receipt,
    slot_in,
    take_vote,
    token_for,
    write_receipt,
)
from awards.words import Words

TOLD_BY_SITUATION = {"voting.closed", "voting.not_open", "voting.paused"}
"""What the page of a closed booth says anyway, with the same date."""
FIELDS = ("choice", "candidate", "day", "slot")
"""What the form of a vote says."""
TRACKER = re.compile(r"[A-Z2-7]{16}")


@dataclass(frozen=True)
class Group:
    """A category on the sheet."""

    title: Words
    cards: list[Card]
    picked: int


@dataclass(frozen=True)
class Left:
    """How many votes a voter has left, out of how many. None where nothing is counted so."""

    left: int | None
    total: int | None


async def ballot(request: Request) -> Response:
    """The voter's own page: the sheet, or one person to confirm. Asks for proof first."""
    booth = await enter(request, choices_of(request.query_params))
    return await _shown(request, booth)


async def review(request: Request) -> Response:
    """The choices to read once more. A GET: until the ballot is cast nothing changes."""
    booth = await enter(request, choices_of(request.query_params))
    if not booth.token or not booth.rule.is_ballot or not booth.situation.is_voting:
        return await _shown(request, booth)
    if no := choices_objection(booth.choices, booth.paper):
        return await _shown(request, booth, no)
    offs = {
        number: address(
            request,
            "site:ballot_review" if len(booth.choices) > 1 else "site:ballot",
            replace(booth, choices=[each for each in booth.choices if each != number]),
        )
        for number in booth.choices
    }
    return page(
        request, "site/voting/review.html", refusal="", off_hrefs=offs, once=_once(booth),
        **common(request, booth),
    )  # fmt: skip


async def cast(request: Request) -> Response:
    """Keep the vote, and show its receipt. The same vote again leads to the same receipt."""
    sent = await request.form()
    booth = await enter(request, choices_of(sent))
    action = f"vote:{booth.campaign.id}"
    try:
        # The proof ends with voting: that it is over is the better answer then.
        if no := opening_objection(booth.paper, now=clock.now()):
            raise no
        vote = SentVote(
            token_for(read_cookie(request, TOKEN), booth.campaign.id),
            booth.choices,
            day_in(sent.get("day", "")),
            slot_in(sent.get("slot", "1")),
            source(request),
            await shown(request, sent, action),
        )
        slug, state = booth.campaign.slug, request.app.state
        kept = await take_vote(state.ballot_box, state.gate, slug, vote, source="web")
    except Refused as refused:
        if refused.code == "work.needed":
            return await ask_for_work(
                request, booth, sent, action=action, carried=FIELDS, refused=refused
            )
        return await _shown(request, booth, refused)
    response = see_other(request, "site:receipt", tracker=kept.tracker)
    text = write_receipt(state.receipts, kept, slug)
    set_cookie(response, RECEIPT, text, state.config, max_age=RECEIPT_FOR)
    return response


async def me(request: Request) -> Response:
    """What this voter has left, for the script that draws it into the cached page."""
    booth = await enter(request, [])
    answer: dict[str, object] = {"votes_left": None, "voted": []}
    if booth.token and booth.situation.is_voting:
        view = await view_voter(booth.paper, booth.token, now=clock.now())
        answer = {
            "votes_left": _votes_left(view),
            "voted": sorted(view.given),
            "day": f"{booth.paper.day(clock.now())}",
            "said": _left_said(booth, view),
            "csrf_token": csrf_token(request),
        }
    return JSONResponse(answer, headers={"cache-control": "private, no-store", "vary": "Cookie"})


async def receipt(request: Request) -> Response:
    """What this browser still knows of a vote it cast. There is no table of receipts."""
    tracker = request.path_params["tracker"].upper().replace("-", "")
    if not TRACKER.fullmatch(tracker):
        raise NotFound()
    kept = read_receipt(request.app.state.receipts, read_cookie(request, RECEIPT))
    known = kept if kept and kept.tracker == tracker else None
    booth = await enter(request, [], slug=known.slug) if known else None
    response = page(
        request,
        "site/voting/receipt.html",
        tracker=tracker,
        grouped="-".join(tracker[place : place + 4] for place in range(0, len(tracker), 4)),
        kept=known,
        at_booth=bool(read_cookie(request, BOOTH)),
        booth=booth,
        left=await _left_in(booth) if booth else Left(None, None),
    )
    response.headers["cache-control"] = "private, no-store"
    return response


# --- the pages of the booth -----------------------------------------------------------------------


async def _shown(request: Request, booth: Booth, refused: Refused | None = None) -> Response:
    """The page that fits: why not, who are you, the sheet, one person, or everybody."""
    status = status_of(refused) if refused else 200
    if not booth.situation.is_voting:
        response = _closed(request, booth, refused, status)
    elif booth.token is None or isinstance(refused, Unproven) or _is_of_token(refused):
        asked = refused or booth.unproven
        response = proofs.ask(request, booth.without_proof(), refused=asked, status=status)
    else:
        view = await view_voter(booth.paper, booth.token, now=clock.now())
        shown = _sheet if booth.rule.is_ballot else _tap if _one(booth) else _taps
        response = await shown(request, booth, view, said(refused) if refused else "", status)
    response.headers["cache-control"] = "private, no-store"
    if isinstance(refused, Busy):
        response.headers["retry-after"] = str(refused.seconds)
    return response


def _is_of_token(refused: Refused | None) -> bool:
    return refused is not None and refused.code.startswith("token.")


def _closed(request: Request, booth: Booth, refused: Refused | None, status: int) -> Response:
    """Why nobody can vote now. What was chosen is shown, so that it is not lost."""
    situation = booth.situation
    refusal = said(refused) if refused else ""
    if refused and refused.code in TOLD_BY_SITUATION:
        refusal = translate(_("No vote was recorded just now."))
    return page(
        request,
        "site/voting/closed.html",
        title=situation.title or situation.short or situation.tag,
        text=situation.text,
        refusal=refusal,
        status=status,
        **common(request, booth),
    )


async def _sheet(
    request: Request, booth: Booth, view: VoterView, refusal: str, status: int
) -> Response:
    """The whole ballot; or, when one stands, its receipt."""
    if view.receipt and not refusal:
        return page(
            request,
            "site/voting/cast.html",
            tracker=view.receipt.tracker,
            said_again=_once_said(booth),
            counted_day=view.receipt.day,
            **common(request, booth),
        )
    return page(
        request,
        "site/voting/ballot.html",
        refusal=refusal,
        status=status,
        groups=_groups(request, booth),
        ballot_text=together([sentence(line) for line in booth.rule.lines()[:-1]]),
        **common(request, booth),
    )


async def _tap(
    request: Request, booth: Booth, view: VoterView, refusal: str, status: int
) -> Response:
    """One vote for one person."""
    candidate = _one(booth)
    left = _left(view)
    can_vote = view.may_choose(candidate.number)
    name = words_plain(candidate.name)
    return page(
        request,
        "site/voting/tap.html",
        refusal=refusal or ("" if can_vote or view.given.get(candidate.number) else _used(booth)),
        status=status,
        card=card_of(request, booth.campaign, candidate),
        heading=translate(_("A vote for {name}?")).format(name=name),
        left=left.left,
        total=left.total,
        can_vote=can_vote,
        has_voted=view.given.get(candidate.number, 0) > 0,
        again=_again_said(booth, can_vote=can_vote),
        slot=view.next_slot(candidate.number),
        back_href=str(request.app.url_path_for("site:campaign", slug=booth.campaign.slug)),
        **common(request, booth),
    )


async def _taps(
    request: Request, booth: Booth, view: VoterView, refusal: str, status: int
) -> Response:
    """Everybody, with this voter's own votes."""
    counts = await shown_counts(request, booth.campaign, None)
    left = _left(view)
    cards = []
    for each in booth.everybody:
        state, note = _state(booth, view, each.number)
        cards.append(
            card_of(
                request, booth.campaign, each, counts=counts, votes=True, state=state, note=note
            )
        )
    return page(
        request,
        "site/voting/taps.html",
        refusal=refusal,
        status=status,
        cards=cards,
        left=left.left,
        total=left.total,
        slots={each.number: view.next_slot(each.number) for each in booth.everybody},
        **common(request, booth),
    )


def _state(booth: Booth, view: VoterView, number: int) -> tuple[str, str]:
    """A card's state for this voter, and the words for it."""
    if view.may_choose(number):
        return "open", ""
    if view.given.get(number):
        daily = booth.rule.has_daily_ballots
        return "voted", translate(_("Voted today") if daily else _("Voted"))
    return "used-up", _used(booth)


def _one(booth: Booth) -> Any:
    """The one candidate who was chosen, if it is one whom one can vote for."""
    if len(booth.choices) != 1 or booth.choices[0] not in booth.paper.candidates:
        return None
    return next((each for each in booth.everybody if each.number == booth.choices[0]), None)


def _groups(request: Request, booth: Booth) -> list[Group]:
    """The sheet by category; who has withdrawn is not on it."""
    groups = []
    for category in booth.campaign.categories:
        cards = [
            card_of(request, booth.campaign, each)
            for each in booth.everybody
            if each.category.id == category.id and each.number in booth.paper.candidates
        ]
        picked = sum(card.number in booth.choices for card in cards)
        if cards:
            groups.append(Group(category.title, cards, picked))
    return groups


# --- after the vote -------------------------------------------------------------------------------


async def _left_in(booth: Booth) -> Left:
    """What the voter at this browser has left, if they are still known here."""
    if booth.token is None or not booth.situation.is_voting:
        return Left(None, None)
    return _left(await view_voter(booth.paper, booth.token, now=clock.now()))


def _left(view: VoterView) -> Left:
    rule = view.paper.rule
    if view.left_today is not None:
        return Left(view.left_today, rule.per_day)
    if view.left is not None:
        return Left(view.left, rule.per_campaign)
    return Left(None, None)


def _votes_left(view: VoterView) -> int:
    """Votes left; where no limit counts over all, how many people can still be chosen."""
    left = _left(view).left
    return sum(view.left_for.values()) if left is None else left


# --- sentences ------------------------------------------------------------------------------------


def _left_said(booth: Booth, view: VoterView) -> str:
    left = _left(view).left
    if left is None:
        return ""
    if not left:
        return _used(booth)
    if booth.rule.per_day is not None:
        return translate_plural(
            "{n} vote left today, renewed at midnight.",
            "{n} votes left today, renewed at midnight.",
            left,
        ).format(n=left)
    return translate_plural("{n} vote left.", "{n} votes left.", left).format(n=left)


def _used(booth: Booth) -> str:
    if booth.rule.is_daily:
        return translate(_("You have no vote left for this today. More at midnight."))
    return translate(_("You have no vote left for this."))


def _again_said(booth: Booth, *, can_vote: bool) -> str:
    if can_vote:
        return translate(_("Your earlier vote stands. You can give another one."))
    if booth.rule.has_daily_ballots:
        return translate(_("It stands. You can vote for this person again tomorrow."))
    return translate(_("It stands. Each person can be voted for once."))


def _once(booth: Booth) -> str:
    if booth.rule.has_daily_ballots:
        return translate(
            _("There is one ballot a day for each person. Please read the names again.")
        )
    return translate(_("There is one ballot for each person. Please read the names again."))


def _once_said(booth: Booth) -> str:
    if booth.rule.has_daily_ballots:
        return translate(
            _("There is one ballot a day for each person. You can vote again tomorrow.")
        )
    return translate(_("There is one ballot for each person."))
