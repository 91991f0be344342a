"""WeChat's two doors, and where a code becomes a person."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

ACCOUNT, WEBSITE = ("wx00000000000account", "secret1account"), ("wx0000000000website", "secret2web")
SCOPES = {"oauth2/authorize": {"snsapi_base", "snsapi_userinfo"}, "qrconnect": {"snsapi_login"}}
DOORS = {"oauth2/authorize": ACCOUNT, "qrconnect": WEBSITE}


@dataclass
class FakeWeChat:
    """Who looks at it, and what it answers."""

    back: str = ""
    person: str = "lu"
    agrees: bool = True
    answer: dict[str, Any] = field(default_factory=dict)
    """What the exchange says in place of, or beside, the right thing."""
    instead: Response | None = None
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/connect/{door:path}", self.connect),
                Route("/sns/oauth2/access_token", self.exchange),
            ]
        )

    async def connect(self, request: Request) -> Response:
        door, sent = request.path_params["door"], request.query_params
        order = ["appid", "redirect_uri", "response_type", "scope", "state"]
        right = (
            list(sent) == order
            and sent["appid"] == DOORS[door][0]
            and sent["redirect_uri"] == self.back
            and sent["response_type"] == "code"
            and sent["scope"] in SCOPES[door]
            and sent["state"].isalnum()
            and len(sent["state"]) <= 128
        )
        if not right:
            self.complaints.append(str(request.url))
            return PlainTextResponse("redirect_uri 参数错误", 200)
        told = {"state": sent["state"]}
        if self.agrees:
            code = f"0{len(self.codes)}1code"
            self.codes[code] = (sent["appid"], sent["scope"], self.person)
            told = {"code": code, **told}
        return RedirectResponse(f"{self.back}?{urlencode(told)}", 302)

    async def exchange(self, request: Request) -> Response:
        """All goes by GET, and what goes wrong is told with 200 too."""
        sent = request.query_params
        if self.instead:
            return self.instead
        if (sent.get("appid", ""), sent.get("secret", "")) not in (ACCOUNT, WEBSITE):
            return JSONResponse({"errcode": 40125, "errmsg": "invalid appsecret"})
        found = self.codes.pop(sent.get("code", ""), None)
        if sent.get("grant_type") != "authorization_code" or found is None:
            return JSONResponse({"errcode": 40163, "errmsg": "code been used"})
        appid, scope, person = found
        if appid != sent["appid"]:
            return JSONResponse({"errcode": 40029, "errmsg": "invalid code"})
        told: dict[str, Any] = {
            "access_token": "t", "expires_in": 7200, "refresh_token": "r", "scope": scope,
            "openid": f"o{appid[-7:]}-{person}",
        }  # fmt: skip
        if scope != "snsapi_base":
            told["unionid"] = f"u-{person}"
        told = {**told, **self.answer}
        # As WeChat names the kind of its answers.
        return JSONResponse(
            {name: value for name, value in told.items() if value is not None},
            media_type="text/plain",
        )
