"""The application: addresses, what wraps them, and what lives as long as the process."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from starlette.applications import Starlette
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware
from tortoise.contrib.starlette import RegisterTortoise

from awards.accounts.actions import CodeDesk
from awards.accounts.providers import providers_of
from awards.accounts.work import Work
from awards.config import Config
from awards.db import postgres_credentials, sqlite_path, tortoise_config
from awards.jobs import running_jobs
from awards.logs import configure_logs
from awards.notifications.budget import TextBudget
from awards.signing import Signer
from awards.voting.ballot_box import BallotBox
from awards.voting.gate import Gate
from awards.voting.store import Store
from awards.voting.store_postgres import PostgresStore
from awards.voting.store_sqlite import SqliteStore
from awards.web.bodies import CountedBodies
from awards.web.busy import BusyPages
from awards.web.errors import HANDLERS, Failures
from awards.web.headers import SecurityHeaders
from awards.web.kept import KeptPages
from awards.web.quick import Hall, QuickVotes
from awards.web.render import page_environment
from awards.web.routes import routes
from awards.web.streams import CountStreams, Hub, closing_with_signals

BODY = 1 << 20
COLLECT = 20_000, 50, 100
"""Thresholds of the garbage collector. Python's own would have it look at the same few thousand
requests under way again and again.
"""


def create_app(config: Config | None = None, *, with_jobs: bool = True) -> Starlette:
    """The program for these settings, by default those of the environment. Without jobs for tests
    and reports.
    """
    config = config or Config.from_env()
    configure_logs(is_development=config.is_development)
    app = Starlette(
        routes=routes(config),
        middleware=[
            Middleware(SecurityHeaders, https=not config.is_development),
            Middleware(GZipMiddleware, minimum_size=800, compresslevel=5),
            Middleware(Failures),
            Middleware(CountedBodies),
            Middleware(RequestBodyLimitMiddleware, max_body_size=BODY),
        ],
        exception_handlers=HANDLERS,
        lifespan=_lifespan(config, with_jobs),
    )
    app.state.config = config
    app.state.environment = page_environment(app, config)
    app.state.busy = BusyPages(app.state.environment)
    app.state.codes = CodeDesk(config.signing_keys, texts=_texts(config))
    app.state.gate = Gate(
        app.state.codes.throttle, votes=config.ask_votes, letters=config.ask_letters
    )
    app.state.providers = providers_of(config)
    app.state.work = Work(config.signing_keys)
    app.state.forms = Signer(config.signing_keys, "form")
    app.state.receipts = Signer(config.signing_keys, "receipt")
    app.state.ballot_box = BallotBox(
        _store(config), keys_folder=config.keys_folder, signing_keys=config.signing_keys
    )
    app.state.hub = Hub(app.state.ballot_box)
    # Before Starlette's own wrappers, which would cost a vote as much as its signature.
    wrapped = CountStreams(app.build_middleware_stack(), https=not config.is_development)
    app.middleware_stack = QuickVotes(KeptPages(wrapped, config=config), _hall(app.state))
    return app


def _texts(config: Config) -> TextBudget:
    return TextBudget(
        a_day=config.sms_a_day,
        an_hour=config.sms_an_hour,
        countries=config.countries,
        zone=config.zone,
        alarm_to=config.alarm_mail,
    )


def _hall(state: State) -> Hall:
    return Hall(
        config=state.config,
        box=state.ballot_box,
        gate=state.gate,
        busy=state.busy,
        forms=state.forms,
        receipts=state.receipts,
    )


def _store(config: Config) -> Store:
    if config.engine == "sqlite":
        return SqliteStore(sqlite_path(config))
    return PostgresStore(postgres_credentials(config))


def _lifespan(
    config: Config, with_jobs: bool
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        """Open the database, run the jobs; close both in order."""
        async with RegisterTortoise(app, config=tortoise_config(config)):
            await app.state.ballot_box.open()
            if with_jobs:
                # What stands now stands for good: the collector need not look at it again.
                gc.collect()
                gc.freeze()
                gc.set_threshold(*COLLECT)
            async with running_jobs(config) if with_jobs else nullcontext():
                with closing_with_signals(app.state.hub):
                    yield
            await app.state.ballot_box.close()

    return lifespan
