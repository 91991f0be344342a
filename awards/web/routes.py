"""Every address of the program, one line each. `form` is a POST: it checks the origin and the
token.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Never

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount, NoMatchFound, Route
from starlette.types import Receive, Scope, Send

from awards.config import Config
from awards.web import development, health, media, preferences
from awards.web.account import account, credential, sign_in
from awards.web.addresses import know_places
from awards.web.admin import articles as articles_admin
from awards.web.admin import audit, desk, people
from awards.web.admin import campaigns as campaigns_admin
from awards.web.admin import candidates as candidates_admin
from awards.web.admin import codes as codes_admin
from awards.web.admin import honours as honours_admin
from awards.web.admin import kiosk as kiosk_admin
from awards.web.admin import papers as papers_admin
from awards.web.admin import results as results_admin
from awards.web.admin import sections as sections_admin
from awards.web.admin import site as site_admin
from awards.web.api import voting as voting_api
from awards.web.assets import STATIC, KeptFiles, fingerprint
from awards.web.csrf import Keep, protected
from awards.web.judge import nominations as judging
from awards.web.sessions import VisitMiddleware
from awards.web.site import (
    articles,
    campaigns,
    candidates,
    consents,
    counts,
    elsewhere,
    feedback,
    feeds,
    home,
    kiosk,
    nominations,
    pages,
    photos,
    posters,
    proofs,
    results,
    search,
    sections,
    showcase,
    voting,
)
from awards.web.surroundings import Surroundings

Handler = Callable[[Request], Awaitable[Response]]
BODY = 1 << 20
UPLOADS = 64 << 20
CALL_BODY = 64 << 10
know_places()


def page(path: str, handler: Handler, name: str) -> Route:
    """A page: GET."""
    return Route(path, handler, name=name, methods=["GET"])


def form(
    path: str, handler: Handler, name: str, *, body: int | None = None, keep: Keep | None = None
) -> Route:
    """A change: POST with the page's token. `body` raises the limit where photos are sent, `keep`
    holds them while a stale form is sent once more.
    """
    guarded = protected(handler, keep=keep)
    return Route(path, guarded, name=name, methods=["POST"], max_body_size=body or BODY)


def call(path: str, handler: Handler, name: str, method: str) -> Route:
    """A program's request, without cookies."""
    return Route(path, handler, name=name, methods=[method], max_body_size=CALL_BODY)


class OtherMethods(BaseRoute):
    """Stands behind the lines of a map: 405 where an address of theirs is asked in a way that none
    of them takes, with all the ways that they do. Starlette's own answer names the first line's
    alone, and none where a mount behind takes every address.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = [route for route in routes if isinstance(route, Route)]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.FULL if self._methods(scope) else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> Never:
        raise HTTPException(405, headers={"allow": ", ".join(sorted(self._methods(scope)))})

    def url_path_for(self, name: str, /, **path_params: object) -> Never:
        raise NoMatchFound(name, path_params)

    def _methods(self, scope: Scope) -> set[str]:
        here = [route for route in self._routes if route.matches(scope)[0] is not Match.NONE]
        return {method for route in here for method in route.methods or ()}


SITE: list[BaseRoute] = [
    page("/", home.show, "site:home"),
    page("/sections/{slug}", sections.show, "site:section"),
    page("/articles/{id}", articles.show, "site:article"),
    page("/campaigns", campaigns.index, "site:campaigns"),
    page("/campaigns/{slug}", campaigns.show, "site:campaign"),
    page("/campaigns/{slug}/rules", campaigns.rules, "site:rules"),
    page("/campaigns/{slug}/counts", counts.show, "site:counts"),
    page("/campaigns/{slug}/candidates/{number:int}", candidates.show, "site:candidate"),
    page("/campaigns/{slug}/candidates/{number:int}/poster", posters.show, "site:poster"),
    page("/campaigns/{slug}/nominations/new", nominations.new, "site:nomination_new"),
    form(
        "/campaigns/{slug}/nominations",
        nominations.create,
        "site:nominations",
        body=UPLOADS,
        keep=photos.keep_sent,
    ),
    page("/nominations/{code}", nominations.show, "site:nomination"),
    page("/nominations/{code}/revision", nominations.edit, "site:nomination_revision"),
    form(
        "/nominations/{code}/revision",
        nominations.revise,
        "site:nomination_revision_form",
        body=UPLOADS,
        keep=photos.keep_sent,
    ),
    form("/nominations/{code}/withdrawal", nominations.withdraw, "site:nomination_withdrawal"),
    page("/consents/{token}", consents.show, "site:consent"),
    form("/consents/{token}/agreement", consents.agree, "site:consent_agreement"),
    form("/consents/{token}/refusal", consents.refuse, "site:consent_refusal"),
    page("/campaigns/{slug}/verifications", proofs.show, "site:verification"),
    form("/campaigns/{slug}/verifications", proofs.create, "site:verification_form"),
    page("/campaigns/{slug}/verifications/{secret}", proofs.link, "site:verification_link"),
    form("/campaigns/{slug}/departures", elsewhere.leave, "site:departures"),
    page("/arrivals/{channel}", elsewhere.arrive, "site:arrival"),
    page("/campaigns/{slug}/tokens/new", proofs.new, "site:token_new"),
    form("/campaigns/{slug}/tokens", proofs.admit, "site:tokens"),
    form("/campaigns/{slug}/tokens/end", proofs.forget, "site:token_end"),
    page("/booth", kiosk.show, "site:booth"),
    form("/booth/voter", kiosk.begin, "site:booth_begin"),
    form("/booth/end", kiosk.end, "site:booth_end"),
    page("/booth/devices/{secret}", kiosk.device, "site:booth_device"),
    form("/booth/devices/{secret}", kiosk.become, "site:booth_become"),
    page("/campaigns/{slug}/ballot", voting.ballot, "site:ballot"),
    page("/campaigns/{slug}/ballot/review", voting.review, "site:ballot_review"),
    form("/campaigns/{slug}/ballots", voting.cast, "site:ballots"),
    page("/campaigns/{slug}/me", voting.me, "site:me"),
    page("/receipts/{tracker}", voting.receipt, "site:receipt"),
    page("/campaigns/{slug}/results", results.show, "site:results"),
    page("/showcase", showcase.index, "site:showcase"),
    page("/showcase/{slug}", showcase.show, "site:profile"),
    page("/search", search.show, "site:search"),
    page("/pages/{slug}", pages.show, "site:page"),
    page("/feedback", feedback.new, "site:feedback_new"),
    form("/feedback", feedback.create, "site:feedback_form"),
    page("/feeds/articles.atom", feeds.articles, "site:feed"),
    page("/sitemap.xml", feeds.sitemap, "site:sitemap"),
    page("/robots.txt", feeds.robots, "site:robots"),
    page("/preferences", preferences.choose, "site:preferences"),
]

ACCOUNT: list[BaseRoute] = [
    page("/sign-in", sign_in.show, "account:sign_in"),
    form("/sign-in", sign_in.create, "account:sign_in_form"),
    page("/sign-in/{secret}", sign_in.link, "account:link"),
    form("/sign-in/{secret}", sign_in.use_link, "account:link_form"),
    form("/sign-out", sign_in.end, "account:sign_out"),
    page("/account", account.show, "account:home"),
    page("/account/credential", credential.edit, "account:credential"),
    form("/account/credential", credential.save, "account:credential_form"),
    form("/account/sessions/{id:uuid}/end", account.end_session, "account:session_end"),
]

JUDGE: list[BaseRoute] = [
    page("/judge", judging.index, "judge:nominations"),
    page("/judge/nominations/{code}", judging.show, "judge:nomination"),
    form("/judge/nominations/{code}/approval", judging.approve, "judge:approval"),
    form("/judge/nominations/{code}/return", judging.send_back, "judge:return"),
    form("/judge/nominations/{code}/rejection", judging.reject, "judge:rejection"),
    form("/judge/nominations/{code}/consent", judging.consent, "judge:consent"),
    form("/judge/nominations/{code}/consent-request", judging.ask, "judge:consent_request"),
]

ADMIN: list[BaseRoute] = [
    page("/admin", desk.show, "admin:desk"),
    page("/admin/campaigns", campaigns_admin.index, "admin:campaigns"),
    page("/admin/campaigns/new", campaigns_admin.new, "admin:campaign_new"),
    form("/admin/campaigns", campaigns_admin.create, "admin:campaigns_form"),
    page("/admin/campaigns/{slug}", campaigns_admin.show, "admin:campaign"),
    page("/admin/campaigns/{slug}/edition", campaigns_admin.edit, "admin:campaign_edit"),
    form("/admin/campaigns/{slug}", campaigns_admin.change, "admin:campaign_form"),
    form(
        "/admin/campaigns/{slug}/publication", campaigns_admin.publish, "admin:campaign_publication"
    ),
    form("/admin/campaigns/{slug}/pause", campaigns_admin.pause, "admin:campaign_pause"),
    form("/admin/campaigns/{slug}/resumption", campaigns_admin.resume, "admin:campaign_resumption"),
    page("/admin/campaigns/{slug}/result", results_admin.show, "admin:results"),
    form("/admin/campaigns/{slug}/result/counts", results_admin.count, "admin:results_counts"),
    form(
        "/admin/campaigns/{slug}/result/publication",
        results_admin.publish,
        "admin:results_publication",
    ),
    page("/admin/articles", articles_admin.index, "admin:articles"),
    page("/admin/articles/new", articles_admin.new, "admin:article_new"),
    form("/admin/articles", articles_admin.create, "admin:articles_form", body=UPLOADS),
    page("/admin/articles/{id}", articles_admin.show, "admin:article"),
    page("/admin/articles/{id}/edition", articles_admin.edit, "admin:article_edit"),
    form("/admin/articles/{id}", articles_admin.change, "admin:article_form", body=UPLOADS),
    form("/admin/articles/{id}/publication", articles_admin.publish, "admin:article_publication"),
    form("/admin/articles/{id}/withdrawal", articles_admin.unpublish, "admin:article_withdrawal"),
    form(
        "/admin/articles/{id}/photos",
        articles_admin.create_photo,
        "admin:article_photos",
        body=UPLOADS,
    ),
    form(
        "/admin/articles/{id}/photos/{photo:uuid}/removal",
        articles_admin.drop_photo,
        "admin:article_photo_removal",
    ),
    page("/admin/sections", sections_admin.index, "admin:sections"),
    page("/admin/sections/new", sections_admin.new, "admin:section_new"),
    form("/admin/sections", sections_admin.create, "admin:sections_form"),
    page("/admin/sections/{slug}", sections_admin.edit, "admin:section"),
    form("/admin/sections/{slug}", sections_admin.change, "admin:section_form"),
    form("/admin/sections/{slug}/position", sections_admin.move, "admin:section_position"),
    page("/admin/site", site_admin.edit, "admin:site"),
    form("/admin/site", site_admin.change, "admin:site_form"),
    page("/admin/pages/new", site_admin.new_page, "admin:page_new"),
    form("/admin/pages", site_admin.create_page, "admin:pages_form"),
    page("/admin/pages/{slug}", site_admin.show_page, "admin:page"),
    form("/admin/pages/{slug}", site_admin.change_page, "admin:page_form"),
    page("/admin/feedback", site_admin.feedback, "admin:feedback"),
    form("/admin/feedback/{id:uuid}/answer", site_admin.answer, "admin:feedback_answer"),
    page("/admin/honours", honours_admin.index, "admin:honours"),
    form("/admin/honours", honours_admin.create, "admin:honours_form"),
    page("/admin/honours/{slug}", honours_admin.show, "admin:honour"),
    page("/admin/honours/{slug}/edition", honours_admin.edit, "admin:honour_edit"),
    form("/admin/honours/{slug}", honours_admin.change, "admin:honour_form", body=UPLOADS),
    form("/admin/honours/{slug}/publication", honours_admin.publish, "admin:honour_publication"),
    form("/admin/honours/{slug}/withdrawal", honours_admin.unpublish, "admin:honour_withdrawal"),
    form(
        "/admin/honours/{slug}/photos",
        honours_admin.create_photo,
        "admin:honour_photos",
        body=UPLOADS,
    ),
    form(
        "/admin/honours/{slug}/photos/{photo:uuid}/removal",
        honours_admin.drop_photo,
        "admin:honour_photo_removal",
    ),
    form("/admin/honours/{slug}/honours", honours_admin.create_honour, "admin:honour_rungs"),
    form(
        "/admin/honours/{slug}/honours/{honour:uuid}/removal",
        honours_admin.drop_honour,
        "admin:honour_rung_removal",
    ),
    page("/admin/campaigns/{slug}/candidates", candidates_admin.index, "admin:candidates"),
    page("/admin/candidates/{id:uuid}", candidates_admin.edit, "admin:candidate"),
    form("/admin/candidates/{id:uuid}", candidates_admin.change, "admin:candidate_form"),
    page("/admin/codes", codes_admin.index, "admin:codes"),
    form("/admin/codes", codes_admin.create, "admin:codes_form"),
    form("/admin/codes/{id:uuid}/revocation", codes_admin.revoke, "admin:codes_revocation"),
    page("/admin/booths", kiosk_admin.index, "admin:booths"),
    form("/admin/booths", kiosk_admin.create, "admin:booths_form"),
    form("/admin/booths/{id:uuid}/admissions", kiosk_admin.admit, "admin:booth_admission"),
    form("/admin/booths/{id:uuid}/release", kiosk_admin.release, "admin:booth_release"),
    form("/admin/booths/{id:uuid}/closure", kiosk_admin.close, "admin:booth_closure"),
    page("/admin/papers", papers_admin.index, "admin:papers"),
    form("/admin/papers", papers_admin.create, "admin:papers_form"),
    page("/admin/papers/{id:uuid}", papers_admin.show, "admin:paper_batch"),
    form("/admin/papers/{id:uuid}/readings", papers_admin.read, "admin:paper_readings"),
    form("/admin/papers/{id:uuid}/closure", papers_admin.close, "admin:paper_closure"),
    page("/admin/people", people.index, "admin:people"),
    form("/admin/people", people.create, "admin:people_form"),
    form("/admin/people/{id:uuid}/roles", people.grant, "admin:roles_form"),
    form("/admin/people/{id:uuid}/roles/withdrawal", people.withdraw, "admin:roles_withdrawal"),
    form("/admin/people/{id:uuid}/link", people.make_link, "admin:link_form"),
    page("/admin/audit", audit.index, "admin:audit"),
]

API: list[BaseRoute] = [
    call("/api/v1/campaigns/{slug}/ballots", voting_api.create_ballot, "api:ballots", "POST"),
    call("/api/v1/campaigns/{slug}/tokens", voting_api.create_token, "api:tokens", "POST"),
    call("/api/v1/campaigns/{slug}/results", voting_api.results, "api:results", "GET"),
]

DEVELOPMENT: list[BaseRoute] = [
    page("/dev/outbox", development.outbox, "dev:outbox"),
    page("/dev/components", development.components, "dev:components"),
]


def routes(config: Config) -> list[BaseRoute]:
    """The whole map, hot routes first. Pages know their visitor and their language; the rest has
    neither.
    """
    around = [Middleware(VisitMiddleware, config=config), Middleware(Surroundings)]
    shown = [*SITE, *ACCOUNT, *JUDGE, *ADMIN, *(DEVELOPMENT if config.is_development else [])]
    bare = [
        *API,
        Mount(f"/static/{fingerprint()}", KeptFiles(directory=STATIC), name="static"),
        page("/media/{id:uuid}/{width:int}.webp", media.show, "media"),
        page("/health/live", health.live, "live"),
        page("/health/ready", health.ready, "ready"),
    ]
    return [
        *bare,
        OtherMethods(bare),
        Mount("/", routes=[*shown, OtherMethods(shown)], middleware=around),
    ]
