"""The left side of the moderators' room: heaps with counts, campaigns to choose from, rows."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from awards import clock
from awards.campaigns.queries import list_campaigns
from awards.i18n import translate as _
from awards.nominations.queries import MODERATORS, count_by_state, list_queue
from awards.nominations.rules import NominationState, is_late, waited_days
from awards.templating import words_plain
from awards.web.addresses import asked_name
from awards.web.forms import lazy as _l
from awards.web.paging import page_number
from awards.web.sessions import actor

PER_PAGE = 30
TABS = {
    "submitted": (_l("Waiting"), (NominationState.SUBMITTED,)),
    "returned": (_l("Returned"), (NominationState.RETURNED,)),
    "approved": (_l("Approved"), (NominationState.APPROVED,)),
    "closed": (_l("Closed"), (NominationState.REJECTED, NominationState.WITHDRAWN)),
}
"""The heaps of the queue, and which states lie on each."""


async def queue_of(request: Request, state: str = "") -> dict[str, Any]:
    """What the queue's template shows. `state` is that of the nomination that is open."""
    by, asked = actor(request), request.query_params
    campaign = asked_name(request, "campaign")
    counts = _heaps(await count_by_state(by=by, campaign=campaign))
    heap = _heap_of(state) if state else asked.get("state", "")
    heap = heap if heap in TABS else "submitted"
    pages = max(1, -(-counts[heap] // PER_PAGE))
    number = page_number(request, pages)
    rows = await list_queue(
        by=by, states=TABS[heap][1], campaign=campaign, first=(number - 1) * PER_PAGE,
        most=PER_PAGE,
    )  # fmt: skip
    mine = [each for each in await list_campaigns() if by.may(*MODERATORS, campaign=each.id)]
    here = str(request.app.url_path_for("judge:nominations"))
    kept = {"campaign": campaign} if campaign else {}
    return {
        "rows": [_row(request, each, kept) for each in rows],
        "tabs": _tabs(here, counts, heap, kept),
        "campaigns": [("", _("All campaigns")), *((c.slug, words_plain(c.title)) for c in mine)],
        "campaign": campaign, "state": heap, "here_queue": here, "kept": urlencode(kept),
        "page_number": number, "pages": pages, "waiting": counts["submitted"],
        "prefix": f"{here}?{urlencode({**kept, 'state': heap})}&page=",
    }  # fmt: skip


def _tabs(
    here: str, counts: dict[str, int], current: str, kept: dict[str, str]
) -> list[dict[str, object]]:
    return [
        {
            "text": name,
            "href": f"{here}?{urlencode({**kept, 'state': heap})}",
            "count": counts[heap],
            "current": heap == current,
        }
        for heap, (name, _states) in TABS.items()
    ]


def _heaps(counts: dict[str, int]) -> dict[str, int]:
    return {
        heap: sum(counts[state.value] for state in states) for heap, (_n, states) in TABS.items()
    }


def _heap_of(state: str) -> str:
    return next(heap for heap, (_n, states) in TABS.items() if state in states)


def _row(request: Request, nomination: Any, kept: dict[str, str]) -> dict[str, object]:
    now, zone = clock.now(), nomination.campaign.zone
    waits = nomination.state == NominationState.SUBMITTED
    there = str(request.app.url_path_for("judge:nomination", code=nomination.code))
    about = [nomination.occupation, words_plain(nomination.region.title)]
    award = [words_plain(nomination.category.title), words_plain(nomination.campaign.title)]
    return {
        "code": nomination.code,
        "name": nomination.name or _("Deleted"),
        "href": f"{there}?{urlencode(kept)}" if kept else there,
        "lines": [_(", ").join(part for part in about if part), " · ".join(award)],
        "when": _waited(waited_days(nomination.changed_at, now, zone)),
        "late": waits and is_late(nomination.changed_at, now, zone),
    }


def _waited(days: int) -> str:
    if days < 2:
        return _("yesterday") if days else _("today")
    return _("day {n}").format(n=days + 1)
