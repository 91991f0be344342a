"""Pictures out of the store: public ones for everybody, private ones for whoever was shown their
signed address.
"""

from obstore.exceptions import NotFoundError
from starlette.requests import Request
from starlette.responses import Response

from awards.errors import NotFound
from awards.media.queries import find_picture
from awards.media.rules import widths_for
from awards.media.store import open_store, place
from awards.web.render import is_picture_key

SANDBOX = "default-src 'none'; sandbox"


async def show(request: Request) -> Response:
    """One size of one picture."""
    picture = await find_picture(request.path_params["id"])
    width = request.path_params["width"]
    config = request.app.state.config
    is_public = picture.published_at is not None
    if not is_public and not is_picture_key(
        config, picture.id, request.query_params.get("key", "")
    ):
        raise NotFound()
    if width not in widths_for(picture.width):
        raise NotFound()
    try:
        found = await open_store(config.storage).get_async(place(picture.id, width))
    except (NotFoundError, FileNotFoundError):
        raise NotFound() from None
    keep = "public, max-age=86400" if is_public else "private, no-store"
    headers = {"cache-control": keep, "content-security-policy": SANDBOX}
    return Response(bytes(await found.bytes_async()), media_type="image/webp", headers=headers)
