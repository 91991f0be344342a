"""OpenID Connect: the authorization code flow with PKCE, state and nonce. Of the ID token `iss` and
`sub` are read, and nothing else.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import SplitResult, unquote, urlsplit

import httpx
import structlog
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import Key, KeySet, import_key

from awards import clock
from awards.accounts.providers.provider import Departure
from awards.accounts.providers.refusals import Away, spent, untrue
from awards.outbound import Answer, Outbound, Unanswered, Unreached
from awards.signing import random_secret

log = structlog.get_logger()

WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
)  # fmt: skip
"""Those with a pair of keys. With `none` anybody could sign."""
FRESH = 3600.0
"""Seconds for which what a provider says of itself is kept."""
AGAIN = 30.0
"""Seconds before a provider is asked for newer keys, or again after it failed."""
LEEWAY = 60
MOST_SIGNS = 255


@dataclass(frozen=True)
class Client:
    """What the provider calls us."""

    issuer: str
    name: str
    secret: str = ""

    @classmethod
    def of(cls, url: SplitResult) -> Self:
        """Out of the setting: `https://client:secret@host/path`, percent-encoded where need be."""
        name, secret = unquote(url.username or ""), unquote(url.password or "")
        host = url.netloc.rpartition("@")[2]
        return cls(f"{url.scheme}://{host}{url.path}", name, secret)


@dataclass(frozen=True)
class Metadata:
    """What a provider says of itself."""

    authorize: str
    token: str
    keys: str
    auth_method: str
    names_itself: bool
    """Whether each answer names the issuer (RFC 9207)."""


class OpenId:
    """One provider. What it says of itself is read when it is first needed."""

    def __init__(self, client: Client, outbound: Outbound, *, title: str = "") -> None:
        self.title = title or (urlsplit(client.issuer).hostname or "")
        self._client, self._outbound = client, outbound
        self._turn = asyncio.Lock()
        self._metadata: Metadata | None = None
        self._keys = KeySet([])
        self._read_at = self._failed_at = -FRESH

    def door(self, browser: str) -> str | None:
        return ""

    async def depart(self, door: str, *, state: str, back: str) -> Departure:
        metadata = await self._know()
        kept = {"nonce": random_secret(16), "verifier": random_secret(48)}
        address = prepare_grant_uri(
            metadata.authorize, self._client.name, "code", redirect_uri=back, scope="openid",
            state=state, nonce=kept["nonce"],
            code_challenge=create_s256_code_challenge(kept["verifier"]),
            code_challenge_method="S256",
        )  # fmt: skip
        return Departure(str(address), kept)

    async def arrive(self, kept: Mapping[str, str], sent: Mapping[str, str], *, back: str) -> str:
        metadata = await self._know()
        named = sent.get("iss", "")
        if named != self._client.issuer and (named or metadata.names_itself):
            raise self._doubt("iss of the answer")
        answer = await self._exchange(metadata, sent["code"], kept["verifier"], back)
        claims = await self._verified(answer.fields.get("id_token"), kept["nonce"])
        return f"{claims['iss']} {claims['sub']}"

    # --- what the provider says of itself ---------------------------------------------------------

    async def _know(self) -> Metadata:
        """Asked once an hour, by one for all; one that failed is left alone for a moment."""
        async with self._turn:
            if self._metadata and time.monotonic() - self._read_at < FRESH:
                return self._metadata
            try:
                self._metadata = await self._read()
            except Away:
                if self._metadata is None:
                    raise
            return self._metadata

    async def _read(self) -> Metadata:
        if time.monotonic() - self._failed_at < AGAIN:
            raise Away()
        self._failed_at = time.monotonic()
        found = await self._get(self._client.issuer.rstrip("/") + WELL_KNOWN)
        metadata = metadata_of(found, self._client)
        if metadata is None:
            log.error("sign-in provider", fault="discovery")
            raise Away()
        self._keys = key_set(await self._get(metadata.keys))
        self._read_at, self._failed_at = time.monotonic(), -FRESH
        return metadata

    async def _renew_keys(self) -> bool:
        """Whether keys were read again: a provider changes them, forgers name unknown ones."""
        async with self._turn:
            if self._metadata is None or time.monotonic() - self._read_at < AGAIN:
                return False
            self._keys = key_set(await self._get(self._metadata.keys))
            self._read_at = time.monotonic()
            return True

    async def _get(self, address: str) -> dict[str, Any]:
        answer = await self._ask(
            httpx.Request("GET", address, headers={"accept": "application/json"})
        )
        if answer.status != 200:
            log.error("sign-in provider", fault="metadata", status=answer.status)
            raise Away()
        return answer.fields

    async def _ask(self, request: httpx.Request) -> Answer:
        try:
            return await self._outbound.ask(request)
        except (Unreached, Unanswered) as error:
            log.error("sign-in provider", fault="unreached", kind=type(error).__name__)
            raise Away() from None

    # --- one person's sign-in ---------------------------------------------------------------------

    async def _exchange(self, metadata: Metadata, code: str, verifier: str, back: str) -> Answer:
        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=back, code_verifier=verifier
        )
        headers = {
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
        }
        auth = ClientAuth(self._client.name, self._client.secret, metadata.auth_method)
        address, headers, body = auth.prepare("POST", metadata.token, headers, body)
        answer = await self._ask(
            httpx.Request("POST", address, headers=headers, content=body.encode())
        )
        if answer.status == 200:
            return answer
        if answer.fields.get("error") == "invalid_grant":
            raise spent()
        log.error("sign-in provider", fault="token", status=answer.status)
        raise Away()

    async def _verified(self, token: object, nonce: str) -> dict[str, Any]:
        """The claims of an ID token that was made for us, for this sign-in. Raises `Unproven`."""
        if not isinstance(token, str):
            raise self._doubt("no ID token")
        try:
            claims = await self._signed(token)
            self._require_ours(claims, nonce)
        except (JoseError, ValueError) as error:
            raise self._doubt(type(error).__name__) from None
        return claims

    async def _signed(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._keys, algorithms=ALGORITHMS).claims
        except InvalidKeyIdError:
            if not await self._renew_keys():
                raise
            return jwt.decode(token, self._keys, algorithms=ALGORITHMS).claims

    def _require_ours(self, claims: dict[str, Any], nonce: str) -> None:
        jwt.JWTClaimsRegistry(
            now=int(clock.now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._client.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self._client.name},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._client.name) != self._client.name:
            raise ValueError("made for another client")
        if not isinstance(claims["nonce"], str) or len(claims["sub"]) > MOST_SIGNS:
            raise ValueError("odd claims")

    def _doubt(self, why: str) -> Exception:
        """What the operator should look at: a provider set up wrongly, or somebody's attempt."""
        log.warning("sign-in refused", why=why)
        return untrue()


def metadata_of(found: Mapping[str, Any], client: Client) -> Metadata | None:
    """What we need of it; none when it is another's, or its addresses are not as safe as the
    issuer's own.
    """
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    addresses = [found.get(name) for name in names]
    if found.get("issuer") != client.issuer or not all(_is_safe(a, client) for a in addresses):
        return None
    methods = found.get("token_endpoint_auth_methods_supported")
    is_post = isinstance(methods, list) and "client_secret_basic" not in methods
    method = "client_secret_post" if is_post else "client_secret_basic"
    authorize, token, keys = (str(each) for each in addresses)
    return Metadata(
        authorize=authorize,
        token=token,
        keys=keys,
        auth_method=method if client.secret else "none",
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def _is_safe(address: object, client: Client) -> bool:
    if not isinstance(address, str) or not address.isprintable():
        return False
    try:
        url = urlsplit(address)
    except ValueError:
        return False
    return url.scheme in {"https", urlsplit(client.issuer).scheme} and bool(url.hostname)


def key_set(found: Mapping[str, Any]) -> KeySet:
    """The public keys that sign. Of those that we don't know nobody needs to know."""
    keys: list[Key] = []
    written = found.get("keys")
    for each in written if isinstance(written, list) else []:
        if not isinstance(each, dict) or each.get("kty") == "oct" or each.get("use") == "enc":
            continue
        try:
            keys.append(import_key(each))
        except (JoseError, ValueError, KeyError, TypeError):
            continue
    return KeySet(keys)
