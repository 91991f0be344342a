"""A provider of OpenID Connect. It checks what it is sent by the specification, with nothing of
what the program uses but the signing of tokens, and can be told to answer wrongly.
"""

import base64
import hashlib
import hmac
import html
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "haoren city", "s3cret:%&of the city"
PLACE = "/realms/city"
Claims = dict[str, Any]


@cache
def key(name: str) -> RSAKey:
    """A pair of keys, made once."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass
class Asked:
    """One person's sign-in, from the question to the token."""

    back: str
    state: str
    nonce: str
    challenge: str
    person: str = ""
    is_used: bool = False


@dataclass
class FakeOpenId:
    """What it knows, and what it does wrongly on demand."""

    back: str = ""
    """The one address that a browser may be sent back to."""
    issuer: str = ""
    auth: str = "client_secret_basic"
    names_itself: bool = True
    asked: dict[str, Asked] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=lambda: ["first"])
    change: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Response] = field(default_factory=dict)
    """What is answered at a place in place of the right thing."""

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(f"{PLACE}/.well-known/openid-configuration", self.configuration),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize),
                Route("/authorize/{code}/{person}", self.agree),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    def serve_at(self, address: str) -> None:
        self.issuer = address + PLACE

    async def configuration(self, request: Request) -> Response:
        here = self.issuer.removesuffix(PLACE)
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "token_endpoint_auth_methods_supported": [self.auth],
            "authorization_response_iss_parameter_supported": self.names_itself,
        }
        return self._answer("configuration", JSONResponse({**told, **self.metadata}))

    async def keys(self, request: Request) -> Response:
        keys = [key(name).as_dict(private=False) for name in self.published]
        odd = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "AAAA", "kid": "odd"}
        return self._answer("keys", JSONResponse({"keys": [odd, *keys]}))

    async def authorize(self, request: Request) -> Response:
        """Two people to sign in as, and a way to say no."""
        sent = request.query_params
        self._require(sent.get("response_type") == "code", "response_type")
        self._require(sent.get("client_id") == CLIENT, "client_id")
        self._require(sent.get("redirect_uri") == self.back, "redirect_uri")
        self._require(sent.get("scope") == "openid", "scope")
        self._require(sent.get("code_challenge_method") == "S256", "code_challenge_method")
        self._require(len(sent.get("code_challenge", "")) == 43, "code_challenge")
        self._require(len(sent.get("state", "")) >= 32, "state")
        self._require(len(sent.get("nonce", "")) >= 16, "nonce")
        if self.complaints:
            return HTMLResponse(html.escape(str(self.complaints)), 400)
        code = f"code-{len(self.asked)}-{hashlib.sha256(sent['state'].encode()).hexdigest()[:16]}"
        self.asked[code] = Asked(
            sent["redirect_uri"], sent["state"], sent["nonce"], sent["code_challenge"]
        )
        links = "".join(
            f'<p><a href="/authorize/{code}/{person}">{person}</a></p>'
            for person in ("lu", "bai", "nobody")
        )
        head = '<!doctype html><html lang="zh"><link rel="icon" href="data:,"><title>City</title>'
        page = f"{head}<h1>City</h1>{links}</html>"
        return self._answer("authorize", HTMLResponse(page))

    async def agree(self, request: Request) -> Response:
        """Back to where they came from; or not, for nobody."""
        code, person = request.path_params["code"], request.path_params["person"]
        asked = self.asked[code]
        asked.person = f"{person}@realm"
        told = {"error": "access_denied"} if person == "nobody" else {"code": code}
        if self.names_itself:
            told["iss"] = self.issuer
        return RedirectResponse(f"{asked.back}?{urlencode({**told, 'state': asked.state})}", 303)

    async def token(self, request: Request) -> Response:
        sent = {name: str(value) for name, value in (await request.form()).items()}
        self.calls.append("token")
        if "token" in self.answers:
            return self.answers["token"]
        if not self._knows(request, sent):
            self.complaints.append("client")
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.asked.get(sent.get("code", ""))
        is_good = (
            asked is not None
            and not asked.is_used
            and sent.get("grant_type") == "authorization_code"
            and sent.get("redirect_uri") == asked.back
            and s256(sent.get("code_verifier", "")) == asked.challenge
        )
        if asked is None or not is_good:
            self.complaints.append("grant")
            return JSONResponse({"error": "invalid_grant"}, 400)
        asked.is_used = True
        return JSONResponse(
            {"access_token": "t", "token_type": "Bearer", "id_token": self._token_of(asked)}
        )

    def _token_of(self, asked: Asked) -> str:
        now = int(time.time())
        claims = self.change(
            {
                "iss": self.issuer, "sub": asked.person, "aud": CLIENT, "nonce": asked.nonce,
                "iat": now, "exp": now + 300, "name": "卢小满", "email": "lu@example.com",
            }
        )  # fmt: skip
        return self.sign(claims) if self.sign else signed(claims)

    def _knows(self, request: Request, sent: dict[str, str]) -> bool:
        if self.auth == "client_secret_post":
            return (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return request.headers.get("authorization") == f"Basic {expected}"

    def _require(self, holds: bool, name: str) -> None:
        if not holds:
            self.complaints.append(name)

    def _answer(self, place: str, right: Response) -> Response:
        self.calls.append(place)
        return self.answers.get(place, right)


def signed(claims: Claims, by: str = "first", alg: str = "RS256") -> str:
    return jwt.encode({"alg": alg, "kid": by}, claims, key(by), algorithms=[alg])


def unsigned(claims: Claims) -> str:
    """`alg: none`, with nothing behind the last dot."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def signed_with_public_key(claims: Claims) -> str:
    """`HS256` with the provider's public key as the secret: the old confusion."""
    secret = key("first").as_pem(private=False)
    head = f"{_part({'alg': 'HS256', 'kid': 'first'})}.{_part(claims)}"
    made = hmac.digest(secret, head.encode(), "sha256")
    return f"{head}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def signed_with_own_key(claims: Claims) -> str:
    """By a key that the token brings along."""
    own = key("forger")
    header = {"alg": "RS256", "kid": "first", "jwk": own.as_dict(private=False)}
    return jwt.encode(header, claims, own, algorithms=["RS256"])


def s256(verifier: str) -> str:
    made = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _part(value: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
