"""Today: what is due, for whoever opens the desk."""

from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.actor import Role
from awards.campaigns.queries import list_campaigns, stage_of
from awards.nominations.queries import count_waiting
from awards.web.admin.campaigns import STAGE_NAMES
from awards.web.guards import staff
from awards.web.render import page
from awards.web.sessions import actor

MANAGERS = (Role.ORGANISER, Role.MODERATOR, Role.ADMIN)


@staff(*Role)
async def show(request: Request) -> Response:
    """Each campaign of this person, where it stands and what waits."""
    by, now = actor(request), clock.now()
    campaigns = [each for each in await list_campaigns() if by.may(*MANAGERS, campaign=each.id)]
    waiting = {each.id: await count_waiting(each.id) for each in campaigns}
    return page(
        request, "admin/desk/show.html", campaigns=campaigns, waiting=waiting,
        stage_names=STAGE_NAMES, stages={each.id: stage_of(each, now) for each in campaigns},
    )  # fmt: skip
