"""The page on which a browser works for a moment, before something that many ask for at once."""

from collections.abc import Iterable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from awards.accounts.actions import spend_work
from awards.accounts.work import TRIES
from awards.errors import Refused
from awards.voting.gate import Shown
from awards.web.errors import status_of
from awards.web.render import page
from awards.web.site.booths import Booth, common

FIELD, UNABLE = "work", "unable"


async def shown(request: Request, sent: FormData, action: str) -> Shown:
    """What came with this form. Work is used up by being looked at."""
    text = str(sent.get(FIELD, ""))
    if text == UNABLE:
        return Shown.UNABLE
    if text and await spend_work(request.app.state.work, text=text, action=action):
        return Shown.WORK
    return Shown.NOTHING


async def ask_for_work(
    request: Request,
    booth: Booth,
    sent: FormData,
    *,
    action: str,
    carried: Iterable[str],
    refused: Refused,
) -> Response:
    """The same form again, hidden, with a task that the browser does by itself."""
    names = set(carried)
    # A millisecond of pure sums: not where everybody else's requests wait.
    task = await run_in_threadpool(request.app.state.work.challenge, action)
    response = page(
        request,
        "site/voting/work.html",
        task=task,
        most_tries=TRIES[1],
        carried=[(n, v) for n, v in sent.multi_items() if n in names and isinstance(v, str)],
        is_again=FIELD in sent,
        to=request.url.path,
        status=status_of(refused),
        **common(request, booth),
    )
    response.headers["cache-control"] = "private, no-store"
    return response
