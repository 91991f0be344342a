"""One's own page: what one may do, and where one is signed in."""

from starlette.requests import Request
from starlette.responses import Response

from awards.accounts.actions import end_session as end_one_session
from awards.accounts.queries import find_person, list_sessions
from awards.i18n import translate as _
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor, person


@staff()
async def show(request: Request) -> Response:
    """Roles, and the list of sessions."""
    by = actor(request)
    assert by.person is not None  # noqa: S101 - @staff let somebody in
    myself = await find_person(by.name)
    signed_in = person(request)
    sessions = await list_sessions(by.person)
    return page(
        request, "account/account/show.html", myself=myself, sessions=sessions,
        present=signed_in and signed_in.session,
    )  # fmt: skip


@staff()
async def end_session(request: Request) -> Response:
    """Sign out somewhere else."""
    await end_one_session(by=actor(request), session=request.path_params["id"])
    return see_other(request, "account:home", said=_("That device is signed out."))
