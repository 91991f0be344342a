"""Is the program alive, and is it ready to serve?"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from awards.health import is_database_ready


async def live(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"}, headers={"cache-control": "no-store"})


async def ready(request: Request) -> Response:
    """The database answers too."""
    is_ready = await is_database_ready()
    status = "ok" if is_ready else "unavailable"
    return JSONResponse(
        {"status": status}, 200 if is_ready else 503, headers={"cache-control": "no-store"}
    )
