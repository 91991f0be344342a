"""WeChat: inside its own browser through an official account, elsewhere by a code to scan.

Each of these two doors calls the same person by another `openid`. Where both are open, it is the
`unionid` of both that counts, and nobody enters without it: one person would have two votes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import structlog

from awards.accounts.providers.provider import Departure
from awards.accounts.providers.refusals import Away, preview, spent, untrue
from awards.outbound import Outbound, Unanswered, Unreached

log = structlog.get_logger()

ACCOUNT, WEBSITE = "account", "website"
IN_CHAT = "micromessenger"
SPENT = {40029, 40163, 42003}
"""No such code; used before; run out."""
MOST_SIGNS = 128


@dataclass(frozen=True)
class App:
    """What WeChat calls us at one of its doors."""

    id: str
    secret: str


@dataclass(frozen=True)
class Places:
    """Where WeChat's doors are."""

    open: str = "https://open.weixin.qq.com"
    api: str = "https://api.weixin.qq.com"


class WeChat:
    """The doors that the operator has set up: one of them, or both."""

    title = ""

    def __init__(
        self, apps: Mapping[str, App], outbound: Outbound, *, places: Places = Places()
    ) -> None:
        self._apps, self._outbound, self._places = apps, outbound, places

    def door(self, browser: str) -> str | None:
        found = ACCOUNT if IN_CHAT in browser.lower() else WEBSITE
        return found if found in self._apps else None

    async def depart(self, door: str, *, state: str, back: str) -> Departure:
        path = "oauth2/authorize" if door == ACCOUNT else "qrconnect"
        # In this order, and with this end: WeChat compares the text.
        asked = {
            "appid": self._apps[door].id, "redirect_uri": back, "response_type": "code",
            "scope": self._scope(door), "state": state,
        }  # fmt: skip
        address = f"{self._places.open}/connect/{path}?{urlencode(asked)}#wechat_redirect"
        return Departure(address, {"door": door})

    async def arrive(self, kept: Mapping[str, str], sent: Mapping[str, str], *, back: str) -> str:
        app = self._apps.get(kept["door"])
        if app is None:  # Its setting was taken away meanwhile.
            raise Away()
        found = await self._exchange(app, sent["code"])
        if found.get("is_snapshotuser") == 1:
            raise preview()
        if self._has_both:
            return f"unionid {_name(found, 'unionid')}"
        return f"openid {app.id} {_name(found, 'openid')}"

    @property
    def _has_both(self) -> bool:
        return len(self._apps) > 1

    def _scope(self, door: str) -> str:
        """The `unionid` is told to whoever may know a profile; we don't ask for it."""
        if door == WEBSITE:
            return "snsapi_login"
        return "snsapi_userinfo" if self._has_both else "snsapi_base"

    async def _exchange(self, app: App, code: str) -> dict[str, object]:
        asked = {
            "appid": app.id, "secret": app.secret, "code": code,
            "grant_type": "authorization_code",
        }  # fmt: skip
        address = f"{self._places.api}/sns/oauth2/access_token"
        try:
            answer = await self._outbound.ask(httpx.Request("GET", address, params=asked))
        except (Unreached, Unanswered) as error:
            log.error("sign-in provider", fault="unreached", kind=type(error).__name__)
            raise Away() from None
        errcode = answer.fields.get("errcode", 0)
        if isinstance(errcode, int) and errcode in SPENT:
            raise spent()
        if answer.status != 200 or errcode != 0 or not answer.fields:
            # Its secret is wrong, its quota used up, or it is busy (-1): nothing a voter can mend.
            log.error("sign-in provider", fault="wechat", errcode=errcode, status=answer.status)
            raise Away()
        return answer.fields


def _name(found: Mapping[str, object], kind: str) -> str:
    name = found.get(kind)
    if not isinstance(name, str) or not 0 < len(name) <= MOST_SIGNS or not name.isprintable():
        # Without `unionid`: the two apps are not bound to one account of WeChat's open platform.
        log.error("sign-in provider", fault=f"no {kind}")
        raise untrue()
    return name
