"""What a page needs before its handler runs: the reader's language and the portal's frame."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from awards.i18n import DEFAULT, LANGUAGES, speaking
from awards.portal.frame import Frame, load_frame

SPOKEN = {"en": "en", "zh": "zh-Hans"}


class Surroundings:
    """Sets the language from the reader's choice and reads the frame, at most once a second."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.frame: Frame | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.frame is None or not self.frame.is_fresh:
            self.frame = await load_frame()
        scope.setdefault("state", {})["frame"] = self.frame
        with speaking(chosen_language(Request(scope))):
            await self.app(scope, receive, send)


def asked_language(header: str) -> str:
    """The first language of a program's `Accept-Language` that we speak, else the default."""
    for part in header.split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in SPOKEN:
            return SPOKEN[tag]
    return DEFAULT


def chosen_language(request: Request) -> str:
    """The language this reader chose with the switch, else the default."""
    choice = request.cookies.get("language", "")
    return choice if choice in LANGUAGES else DEFAULT
