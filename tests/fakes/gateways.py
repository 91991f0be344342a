"""Gateways for text messages. Each checks the signature by the steps that its provider publishes,
written down here for themselves: nothing is taken from what signs.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keyed(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode("utf-8"), hashlib.sha256).digest()


def encoded(text: str) -> str:
    """RFC 3986, as Alibaba asks for it: byte by byte."""
    return "".join(chr(b) if chr(b) in UNRESERVED else f"%{b:02X}" for b in text.encode("utf-8"))


@dataclass
class Fake:
    """What arrived, and what is answered: by default that it is well."""

    secret: str = "the-secret-of-the-account"
    key: str = "an-account"
    answer: Response | None = None
    arrived: list[dict[str, Any]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.complaints += (complaint := self.check(request, body))
        response = self.refusal() if complaint else self.answer or self.take(request, body)
        await response(scope, receive, send)

    def check(self, request: Request, body: bytes) -> list[str]:
        raise NotImplementedError

    def take(self, request: Request, body: bytes) -> Response:
        raise NotImplementedError

    def refusal(self) -> Response:
        raise NotImplementedError


def clock_complaints(at: datetime, minutes: int) -> list[str]:
    late = abs((datetime.now(UTC) - at).total_seconds())
    return [f"{late} seconds off"] if late > minutes * 60 else []


@dataclass
class FakeAliyun(Fake):
    """Dysmsapi. Signature V3 is of method, path, query, headers, their names, the body's hash."""

    nonces: set[str] = field(default_factory=set)

    def check(self, request: Request, body: bytes) -> list[str]:
        headers, found = request.headers, list[str]()
        scheme, _space, rest = headers["authorization"].partition(" ")
        said = dict(part.split("=", 1) for part in rest.split(","))
        names = said["SignedHeaders"].split(";")
        must = {name for name in headers if name.startswith("x-acs-")} | {"host"}
        if not must <= set(names) or names != sorted(names):
            found.append(f"signed headers {names}")
        if scheme != "ACS3-HMAC-SHA256" or said["Credential"] != self.key:
            found.append("credential")
        if headers["x-acs-content-sha256"] != sha256(body):
            found.append("body")
        if headers["x-acs-signature-nonce"] in self.nonces:
            found.append("nonce used before")
        self.nonces.add(headers["x-acs-signature-nonce"])
        at = datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        found += clock_complaints(at, 15)
        if said["Signature"] != self.signature(request, names, sha256(body)):
            found.append("signature")
        return found

    def signature(self, request: Request, names: list[str], body: str) -> str:
        query = sorted((encoded(k), encoded(v)) for k, v in self.query(request).items())
        canonical = (
            f"{request.method}\n{request.url.path}\n"
            + "&".join(f"{k}={v}" for k, v in query) + "\n"
            + "".join(f"{name}:{request.headers[name].strip()}\n" for name in names) + "\n"
            + ";".join(names) + "\n" + body
        )  # fmt: skip
        text = "ACS3-HMAC-SHA256\n" + sha256(canonical.encode())
        return keyed(self.secret.encode(), text).hex()

    def query(self, request: Request) -> dict[str, str]:
        """Decoded by percent alone: a plus is a plus."""
        parts = [part.partition("=") for part in urlsplit(str(request.url)).query.split("&")]
        return {unquote(name): unquote(value) for name, _sign, value in parts}

    def take(self, request: Request, body: bytes) -> Response:
        action = (request.headers["x-acs-action"], request.headers["x-acs-version"])
        self.arrived.append({"action": action, **self.query(request)})
        return JSONResponse({"Code": "OK", "Message": "OK", "BizId": "9006", "RequestId": "A1"})

    def refusal(self) -> Response:
        return JSONResponse({"Code": "SignatureDoesNotMatch"}, status_code=400)


@dataclass
class FakeTencent(Fake):
    """sms.tencentcloudapi.com. TC3: the key is derived of date, service and a fixed word."""

    def check(self, request: Request, body: bytes) -> list[str]:
        headers, found = request.headers, list[str]()
        scheme, _space, rest = headers["authorization"].partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(","))
        stamp = headers["x-tc-timestamp"]
        at = datetime.fromtimestamp(int(stamp), UTC)
        scope = f"{at:%Y-%m-%d}/sms/tc3_request"
        if scheme != "TC3-HMAC-SHA256" or said["Credential"] != f"{self.key}/{scope}":
            found.append("credential")
        names = said["SignedHeaders"].split(";")
        if not {"content-type", "host"} <= set(names):
            found.append(f"signed headers {names}")
        found += clock_complaints(at, 5)
        lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names)
        canonical = f"POST\n/\n\n{lines}\n{';'.join(names)}\n{sha256(body)}"
        text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{sha256(canonical.encode())}"
        date = keyed(f"TC3{self.secret}".encode(), f"{at:%Y-%m-%d}")
        if said["Signature"] != keyed(keyed(keyed(date, "sms"), "tc3_request"), text).hex():
            found.append("signature")
        return found

    def take(self, request: Request, body: bytes) -> Response:
        names = ("x-tc-action", "x-tc-version", "x-tc-region")
        action = tuple(request.headers[name] for name in names)
        self.arrived.append({"action": action, **json.loads(body)})
        return self.status("Ok")

    def status(self, code: str) -> Response:
        """What became of the one number."""
        each = {"PhoneNumber": "+8613812345678", "Code": code, "Message": "", "Fee": 1}
        return JSONResponse({"Response": {"SendStatusSet": [each], "RequestId": "a1"}})

    def error(self, code: str) -> Response:
        """What is wrong with the whole. Their errors come with 200."""
        return JSONResponse({"Response": {"Error": {"Code": code, "Message": ""}}})

    def refusal(self) -> Response:
        return self.error("AuthFailure.SignatureFailure")


@dataclass
class FakeHttp(Fake):
    """Anybody's, written by what docs/configuration.md tells."""

    def check(self, request: Request, body: bytes) -> list[str]:
        stamp = request.headers["x-haoren-timestamp"]
        wanted = keyed(self.secret.encode(), f"{stamp}\n{body.decode('utf-8')}").hex()
        found = clock_complaints(datetime.fromtimestamp(int(stamp), UTC), 5)
        if request.headers["x-haoren-key"] != self.key:
            found.append("key")
        if request.headers["x-haoren-signature"] != wanted:
            found.append("signature")
        return found

    def take(self, request: Request, body: bytes) -> Response:
        self.arrived.append(json.loads(body))
        return PlainTextResponse("", status_code=202)

    def refusal(self) -> Response:
        return PlainTextResponse("", status_code=401)
