"""How much somebody may send."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send


class CountedBodies:
    """Lets bodies be counted as they come. A length that is declared in advance Starlette would
    refuse in bare English, instead of with our page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            del MutableHeaders(scope=scope)["content-length"]
        await self.app(scope, receive, send)
