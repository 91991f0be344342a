"""The application: addresses, what wraps them, and what lives as long as the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from tortoise.contrib.starlette import RegisterTortoise

from awards.config import Config
from awards.db import tortoise_config
from awards.jobs import running_jobs
from awards.web.errors import HANDLERS
from awards.web.headers import SecurityHeaders
from awards.web.render import page_environment
from awards.web.routes import routes

BODY = 1 << 20


def create_app(config: Config | None = None) -> Starlette:
    """The program for these settings, by default those of the environment."""
    config = config or Config.from_env()
    app = Starlette(
        routes=routes(config),
        middleware=[
            Middleware(SecurityHeaders, https=not config.is_development),
            Middleware(GZipMiddleware, minimum_size=800, compresslevel=5),
        ],
        exception_handlers=HANDLERS,
        lifespan=lifespan,
        max_body_size=BODY,
    )
    app.state.config = config
    app.state.environment = page_environment(app, config)
    return app


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Open the database, run the jobs; close both in order."""
    config: Config = app.state.config
    async with RegisterTortoise(app, config=tortoise_config(config)), running_jobs(config):
        yield
